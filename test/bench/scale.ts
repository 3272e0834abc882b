import { Client } from 'pg';
import { startSimulator } from '../simulator';
import type { BenchChild } from './child';
import { type BenchContext, type BenchDatabase, type Figure, compared } from './figure';
import { startService } from './service';

export const name = 'scale';

const DATASETS = 'subnets,pools,tao_price,validators,validator_yields,subnet_emission,tao_flow';
const ASK_EVERY_MS = 100;
/** What an answer of TaoStats takes, so that a replica has to wait as it would. */
const LATENCY_MS = 200;

/** Datasets applied a minute by 1, 2 and 4 replicas on one database, asked to sync without a pause. */
export async function run(context: BenchContext): Promise<Figure[]> {
  const figures: Figure[] = [];
  let alone = 0;
  for (const replicas of context.quick ? [1, 2] : [1, 2, 4]) {
    const value = await applyFor(context, replicas);
    alone ||= value;
    figures.push(
      compared({
        group: name,
        name: `${replicas} replica${replicas === 1 ? '' : 's'}`,
        unit: 'datasets/min',
        value,
        reference: { name: '1 replica', value: alone },
        note: 'replicas, upstream and database share the cores',
      }),
    );
  }
  return figures;
}

async function applyFor({ quick, createDatabase, say }: BenchContext, replicas: number): Promise<number> {
  const simulator = await startSimulator({ ratePerMinute: 1_000_000, speed: 60 });
  simulator.addFault({ match: '/api/', fault: { kind: 'latency', ms: LATENCY_MS } });
  const database = await createDatabase();
  const services: BenchChild[] = [];
  try {
    for (let replica = 0; replica < replicas; replica += 1) {
      services.push(
        await startService(
          { databaseUrl: database.url, upstreamUrl: simulator.url },
          { TAOSTATS_RATE_LIMIT_PER_MINUTE: '10000', SYNC_REQUEST_INTERVAL_SECONDS: '0' },
        ),
      );
    }
    const perMinute = await countApplied(database, services, quick ? 5_000 : 20_000);
    say(`${replicas} replicas: ${Math.round(perMinute)} datasets a minute`);
    return perMinute;
  } finally {
    await Promise.all(services.map((service) => service.stop()));
    await database.drop();
    await simulator.close();
  }
}

async function countApplied(database: BenchDatabase, services: BenchChild[], lengthMs: number): Promise<number> {
  const client = new Client({ connectionString: database.url });
  await client.connect();
  try {
    const { rows: begin } = await client.query<{ at: Date }>('SELECT clock_timestamp() AS at');
    const until = performance.now() + lengthMs;
    for (let turn = 0; performance.now() < until; turn += 1) {
      const service = services[turn % services.length];
      await fetch(`${service?.url}/api/v1/tasks/sync?datasets=${DATASETS}`, { method: 'POST' });
      await new Promise((wake) => setTimeout(wake, ASK_EVERY_MS));
    }
    const { rows } = await client.query<{ applied: number }>(
      `SELECT count(*)::int AS applied FROM sync_runs
        WHERE state IN ('applied', 'confirmed') AND finished_at BETWEEN $1 AND clock_timestamp()`,
      [begin[0]?.at],
    );
    return ((rows[0]?.applied ?? 0) * 60_000) / lengthMs;
  } finally {
    await client.end();
  }
}
