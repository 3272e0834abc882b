import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { ENDPOINTS } from '../../src/taostats/endpoints';
import { readPage } from '../../src/taostats/page-rows';
import { decode } from '../../src/taostats/wire/decode';
import { type Generation, startSimulator } from '../simulator';
import { type BenchContext, type Figure, compared } from './figure';
import { byTurns, timed } from './measure';

export const name = 'parse';

const RECORDED = resolve(__dirname, '../../../shared/recorded/2026-01-full-snapshot/api-dtao-pool-latest-v1.json');
const REPEATS = 5;
const KEY = 'tao-bench-key:00000000';
/** The limit for the largest answer: longer, and other requests would wait. */
const LONGEST_BLOCK_MS = 20;

/** Bytes of a pool answer to a judged page, as the transport and the client do it, beside `JSON.parse` of the same text. */
export async function run(context: BenchContext): Promise<Figure[]> {
  const figures: Figure[] = [];
  for (const [title, body] of await answers()) figures.push(...(await measure(context, title, body)));
  return figures;
}

async function measure({ runs }: BenchContext, title: string, body: Buffer): Promise<Figure[]> {
  const text = body.toString('utf8');
  const averageMs = (work: () => unknown) => async (): Promise<number> =>
    (await timed(() => {
      for (let turn = 0; turn < REPEATS; turn += 1) work();
    })) / REPEATS;
  const { ours, bare } = await byTurns(runs * 3, {
    ours: averageMs(() => read(body)),
    bare: averageMs(() => JSON.parse(text) as unknown),
  });
  const size = `${title}, ${Math.round(body.length / 1000)} kB`;
  return [
    compared({
      group: name,
      name: `decode, validate and normalise: ${size}`,
      unit: 'ms',
      value: ours,
      reference: { name: 'JSON.parse', value: bare },
      floor: { atMost: 3 },
    }),
    {
      group: name,
      name: `longest stretch without the event loop: ${title}`,
      unit: 'ms',
      value: ours,
      floor: { atMost: LONGEST_BLOCK_MS },
      note: 'the whole answer is read in one turn',
    },
  ];
}

function read(body: Buffer): void {
  const decoded = decode({ status: 200, contentType: 'application/json', body }, (text) =>
    text.replaceAll(KEY, '[redacted]'),
  );
  if (decoded.kind !== 'json') throw new Error(`the answer is ${decoded.kind}`);
  const page = readPage(ENDPOINTS.pools, decoded.value, { query: {}, validate: true });
  if ('violation' in page) throw new Error(page.violation);
  if (page.rejected.length > 0) throw new Error(`${page.rejected.length} rows of the answer were refused`);
}

/** What was recorded, where it is at hand, and the simulator's answers in both spellings of numbers. */
async function answers(): Promise<[string, Buffer][]> {
  const found: [string, Buffer][] = [];
  if (existsSync(RECORDED)) {
    // As it came over the wire: the recording was indented for readers. Its figures are text, so nothing is rounded.
    found.push(['recorded', Buffer.from(JSON.stringify(JSON.parse(readFileSync(RECORDED, 'utf8'))))]);
  }
  for (const generation of ['string', 'number'] as const) {
    found.push([`simulated, ${generation}s`, await simulatedPools(generation)]);
  }
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
