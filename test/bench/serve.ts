import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import autocannon from 'autocannon';
import { startSimulator } from '../simulator';
import { type BenchChild, startChild } from './child';
import { type BenchContext, type Figure, type Floor, compared } from './figure';
import { byTurns } from './measure';
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
    for (const route of ROUTES) figures.push(await measure(context, service, route));
    return figures;
  } finally {
    await service.stop();
    await database.drop();
    await simulator.close();
  }
}

async function measure({ quick, say }: BenchContext, service: BenchChild, route: Route): Promise<Figure> {
  const answer = await fetch(service.url + route.path);
  const body = Buffer.from(await answer.arrayBuffer());
  if (!answer.ok) throw new Error(`${route.path} answered ${answer.status}`);
  const etag = answer.headers.get('etag');
  const folder = mkdtempSync(join(tmpdir(), 'treasury-bench-'));
  const file = join(folder, 'body');
  writeFileSync(file, body);
  const bare = await startChild('test/bench/bare-server.ts', { BODY_FILE: file }, '/');
  const seconds = quick ? 1 : 3;
  const ask = { url: service.url + route.path, seconds, expected: 200 };
  const revalidating = { headers: { 'if-none-match': etag ?? '' }, expected: 304 };
  try {
    const perSecond = await byTurns(quick ? 1 : 5, {
      service: () => load(route.revalidate === true ? { ...ask, ...revalidating } : ask),
      bare: () => load({ ...ask, url: bare.url }),
    });
    say(`${route.path} ${Math.round(perSecond.service)} of ${Math.round(perSecond.bare)} a second`);
    return compared({
      group: name,
      name: `${route.path}${route.revalidate === true ? ', answered with 304' : ''}, ${CONNECTIONS} connections`,
      unit: 'requests/s',
      value: perSecond.service,
      reference: { name: `bare node:http, ${body.length} bytes`, value: perSecond.bare },
      ...(route.floor === undefined ? {} : { floor: route.floor }),
    });
  } finally {
    await bare.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

interface Load {
  url: string;
  seconds: number;
  expected: number;
  headers?: Record<string, string>;
}

/** Requests a second. Throws when an answer was not the expected one: refusals are fast. */
async function load({ url, seconds, expected, headers = {} }: Load): Promise<number> {
  const result = await autocannon({ url, connections: CONNECTIONS, duration: seconds, headers });
  const { [String(expected)]: { count = 0 } = {} } = result.statusCodeStats as Record<string, { count?: number }>;
  if (result.errors > 0 || count < result.requests.total) {
    throw new Error(
      `${url}: ${result.errors} errors, ${JSON.stringify(result.statusCodeStats)} instead of ${expected}`,
    );
  }
  return count / result.duration;
}
