import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { ENDPOINTS } from '../../src/taostats/endpoints';
import { readPage } from '../../src/taostats/page-rows';
import { decode, MAX_DEPTH } from '../../src/taostats/wire/decode';
import { parseLossless, tameContainers } from '../../src/taostats/wire/lossless-json';
import { type Generation, startSimulator } from '../simulator';
import { type BenchContext, type Figure, compared } from './figure';
import { byTurns, timed } from './measure';

export const name = 'parse';

const RECORDED = resolve(__dirname, '../../../shared/recorded/2026-01-full-snapshot/api-dtao-pool-latest-v1.json');
const REPEATS = 5;
const KEY = 'tao-bench-key:00000000';
/** The limit for the largest answer: longer, and other requests would wait. */
const LONGEST_BLOCK_MS = 20;

interface Sample {
  title: string;
  body: Buffer;
  /** Figures that no double holds, so that every one has to be kept as text. */
  isWorst?: boolean;
}

/** Bytes of a pool answer to a judged page, as the transport and the client do it, beside `JSON.parse` of the same text. */
export async function run(context: BenchContext): Promise<Figure[]> {
  const figures: Figure[] = [];
  for (const sample of await samples()) figures.push(...(await measure(context, sample)));
  return figures;
}

async function measure({ runs }: BenchContext, { title, body, isWorst = false }: Sample): Promise<Figure[]> {
  // The worst case was never seen: it must not block, and may cost more.
  const floor = isWorst ? {} : { floor: { atMost: 3 } };
  const text = body.toString('utf8');
  const times = await byTurns(runs * 3, {
    bytes: averageMs(() => judge(readBytes(body))),
    text: averageMs(() => judge(readText(text))),
    bareBytes: averageMs(() => [digest(body), JSON.parse(body.toString('utf8')) as unknown]),
    bareText: averageMs(() => JSON.parse(text) as unknown),
  });
  const value = readBytes(body);
  const turns = await byTurns(runs, {
    decoding: averageMs(() => readBytes(body)),
    judging: averageMs(() => judge(value)),
  });
  const size = `${title}, ${Math.round(body.length / 1000)} kB`;
  return [
    compared({
      group: name,
      name: `parse, validate and normalise: ${size}`,
      unit: 'ms',
      value: times.text,
      reference: { name: 'JSON.parse', value: times.bareText },
      ...floor,
    }),
    compared({
      group: name,
      name: `the same from bytes to page: ${size}`,
      unit: 'ms',
      value: times.bytes,
      reference: { name: 'UTF-8, SHA-256 and JSON.parse', value: times.bareBytes },
      ...floor,
    }),
    {
      group: name,
      name: `longest stretch without the event loop: ${title}`,
      unit: 'ms',
      value: Math.max(turns.decoding, turns.judging),
      floor: { atMost: LONGEST_BLOCK_MS },
      note: 'decoding is one turn, judging the rows another',
    },
  ];
}

function averageMs(work: () => unknown): () => Promise<number> {
  return async () =>
    (await timed(() => {
      for (let turn = 0; turn < REPEATS; turn += 1) work();
    })) / REPEATS;
}

function digest(body: Buffer): string {
  return createHash('sha256').update(body).digest('hex');
}

function readBytes(body: Buffer): unknown {
  const decoded = decode({ status: 200, contentType: 'application/json', body }, (text) =>
    text.replaceAll(KEY, '[redacted]'),
  );
  if (decoded.kind !== 'json') throw new Error(`the answer is ${decoded.kind}`);
  return decoded.value;
}

function readText(text: string): unknown {
  const value = parseLossless(text);
  if (!tameContainers(value, MAX_DEPTH)) throw new Error('the answer is nested too deep');
  return value;
}

function judge(value: unknown): void {
  const page = readPage(ENDPOINTS.pools, value, { query: {}, validate: true });
  if ('violation' in page) throw new Error(page.violation);
  if (page.rejected.length > 0) throw new Error(`${page.rejected.length} rows of the answer were refused`);
}

/** What was recorded, where it is at hand, and the simulator's answers in both spellings of numbers. */
async function samples(): Promise<Sample[]> {
  const found: Sample[] = [];
  for (const generation of ['string', 'number'] as const) {
    found.push({ title: `simulated, ${generation}s`, body: await simulatedPools(generation) });
  }
  if (existsSync(RECORDED)) {
    // As it came over the wire: the recording was indented for readers. Its figures are text, so nothing is rounded.
    const body = Buffer.from(JSON.stringify(JSON.parse(readFileSync(RECORDED, 'utf8'))));
    found.unshift({ title: 'recorded', body });
  }
  const [{ body } = { body: Buffer.alloc(0) }] = found;
  const unquoted = body.toString('utf8').replace(/":"(-?\d+\.\d+)"/g, '":$1');
  found.push({ title: 'every decimal a number', body: Buffer.from(unquoted), isWorst: true });
  return found;
}

async function simulatedPools(generation: Generation): Promise<Buffer> {
  const simulator = await startSimulator({ generation, speed: 0 });
  try {
    const answer = await fetch(`${simulator.url}/api/dtao/pool/latest/v1?limit=200&page=1`, {
      headers: { authorization: KEY },
    });
    return Buffer.from(await answer.arrayBuffer());
  } finally {
    await simulator.close();
  }
}
