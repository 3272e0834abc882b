import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import autocannon from 'autocannon';
import { startSimulator } from '../simulator';
import { type BenchChild, startChild } from './child';
import { type BenchContext, type Figure, type Floor, compared } from './figure';
import { byTurns, median } from './measure';
import { startService } from './service';

export const name = 'serve';

interface Route {
  path: string;
  /** Ask with the tag of the answer, which is answered with 304. */
  revalidate?: boolean;
  floor?: Floor;
}

const ROUTES: readonly Route[] = [
  { path: '/api/v1/trust-pack', floor: { atLeast: 0.6 } },
  { path: '/api/v1/health' },
  { path: '/api/v1/subnets' },
  { path: '/api/v1/subnets', revalidate: true },
];
const CONNECTIONS = 50;

/** Requests a second of the service, and of a bare `node:http` that sends the same bytes; each in its own process. */
export async function run(context: BenchContext): Promise<Figure[]> {
  const simulator = await startSimulator({ ratePerMinute: 100_000 });
  const database = await context.createDatabase();
  const service = await startService({ databaseUrl: database.url, upstreamUrl: simulator.url });
  try {
    const figures: Figure[] = [];
    for (const route of ROUTES) figures.push(...(await measure(context, service, route)));
    return figures;
  } finally {
    await service.stop();
    await database.drop();
    await simulator.close();
  }
}

async function measure({ quick, say }: BenchContext, service: BenchChild, route: Route): Promise<Figure[]> {
  const answer = await fetch(service.url + route.path);
  const body = Buffer.from(await answer.arrayBuffer());
  if (!answer.ok) throw new Error(`${route.path} answered ${answer.status}`);
  const etag = answer.headers.get('etag');
  const folder = mkdtempSync(join(tmpdir(), 'treasury-bench-'));
  const file = join(folder, 'body');
  writeFileSync(file, body);
  const bare = await startChild('test/bench/bare-server.ts', { BODY_FILE: file }, '/');
  const seconds = quick ? 1 : 3;
  const revalidating = route.revalidate === true;
  const ask = {
    seconds,
    expected: revalidating ? 304 : 200,
    headers: revalidating ? { 'if-none-match': etag ?? '' } : {},
  };
  const sides = {
    service: new Side(service, { ...ask, path: route.path }),
    bare: new Side(bare, { seconds, expected: 200, headers: {}, path: '/' }),
  };
  try {
    const perSecond = await byTurns(quick ? 1 : 5, {
      service: () => sides.service.load(),
      bare: () => sides.bare.load(),
    });
    say(`${route.path} ${Math.round(perSecond.service)} of ${Math.round(perSecond.bare)} a second`);
    const title = `${route.path}${revalidating ? ', answered with 304' : ''}, ${CONNECTIONS} connections`;
    const reference = `bare node:http, ${body.length} bytes`;
    const served = compared({
      group: name,
      name: title,
      unit: 'requests/s',
      value: perSecond.service,
      reference: { name: reference, value: perSecond.bare },
      ...(route.floor === undefined ? {} : { floor: route.floor }),
    });
    const [ours, theirs] = [sides.service.processorMicros(), sides.bare.processorMicros()];
    if (ours === null || theirs === null) return [served];
    const bareMicros = { name: reference, value: theirs };
    return [
      served,
      compared({ group: name, name: `processor time: ${title}`, unit: 'µs', value: ours, reference: bareMicros }),
    ];
  } finally {
    await bare.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

interface Ask {
  path: string;
  seconds: number;
  expected: number;
  headers: Record<string, string>;
}

/** One of the two servers under the same load. */
class Side {
  private readonly micros: number[] = [];

  constructor(
    private readonly child: BenchChild,
    private readonly ask: Ask,
  ) {}

  /** Requests a second. Throws when an answer was not the expected one: refusals are fast. */
  async load(): Promise<number> {
    const { path, seconds, expected, headers } = this.ask;
    const url = this.child.url + path;
    const before = this.child.cpuMs();
    const result = await autocannon({ url, connections: CONNECTIONS, duration: seconds, headers });
    const after = this.child.cpuMs();
    const { [String(expected)]: { count = 0 } = {} } = result.statusCodeStats as Record<string, { count?: number }>;
    if (result.errors > 0 || count < result.requests.total) {
      throw new Error(
        `${url}: ${result.errors} errors, ${JSON.stringify(result.statusCodeStats)} instead of ${expected}`,
      );
    }
    if (before !== null && after !== null) this.micros.push(((after - before) * 1000) / count);
    return count / result.duration;
  }

  /** Processor time a request, which other processes of the machine disturb least; without the round that warms up. */
  processorMicros(): number | null {
    return this.micros.length > 1 ? median(this.micros.slice(1)) : null;
  }
}
