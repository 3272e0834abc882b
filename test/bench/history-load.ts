import type { DataSource } from 'typeorm';
import {
  HistoryRollupRepository,
  NavSnapshotRepository,
  PoolHistory,
  rollupOf,
  SnapshotRepository,
} from '../../src/database';
import { timed } from './measure';

/** Connections that load by side. */
export const LOADERS = 2;
export const MONTHS = 36;
const VALUE_MONTHS = 12;
const RUN = '018f0000-0000-7000-8000-000000000001';
const POOLS = rollupOf('pool_history');

export interface Loaded {
  rows: number;
  /** For the rows alone, and for their hours and days. */
  rowMs: number;
  rollupMs: number;
}

/** The end of what is loaded: the beginning of this month. */
export function loadedTo(): Date {
  const now = new Date();
  return new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth()));
}

/**
 * Three years of so many subnets, a row in ten minutes: with 129 of them 20.4 million. In the order of the series, as the
 * upkeep leaves months that are over.
 */
export async function loadPools(dataSource: DataSource, subnets: number): Promise<Loaded> {
  const rollups = new HistoryRollupRepository();
  const months = lastMonths(MONTHS);
  const begins = months.map(({ from }) => from);
  await new SnapshotRepository().ensurePartitions(dataSource.manager, PoolHistory, begins);
  let rows = 0;
  const rowMs = await timed(() =>
    bySide(months, async (month) => {
      const added = await insertPools(dataSource, subnets, month);
      rows += added;
    }),
  );
  const rollupMs = await timed(() =>
    bySide(months, (month) => dataSource.transaction((manager) => rollups.rebuild(manager, POOLS, month))),
  );
  await dataSource.query('CLUSTER pool_days USING pool_days_pkey');
  return { rows, rowMs, rollupMs };
}

/** A value in five minutes for a year, of each of so many wallets. */
export async function loadValues(dataSource: DataSource, wallets: number): Promise<void> {
  const repository = new NavSnapshotRepository(dataSource);
  for (const month of lastMonths(VALUE_MONTHS)) {
    await dataSource.query(
      `INSERT INTO nav_snapshots (scope, run_id, at, block_number, complete, missing, mid, exec_50, exec_100, free, reserved,
              root, alpha_mid, usd_per_tao, wallets, holdings)
       SELECT 'wallet-' || w, gen_random_uuid(), at, extract(epoch FROM at)::bigint / 12, true, '[]',
              v + 2e9, v + 1e9, v, 1e9, 0, 1e9, v, 279.84,
              jsonb_build_object('wallet-' || w, jsonb_build_object('block', 1, 'mid', v::text, 'exec100', v::text)), '[]'
         FROM generate_series($2::timestamptz, $3::timestamptz - interval '5 minutes', interval '5 minutes') AS at
        CROSS JOIN generate_series(1, $1::integer) AS w
        CROSS JOIN LATERAL (SELECT round((2e11 + 1e10 * sin(extract(epoch FROM at) / 86400))::numeric) AS v) AS value`,
      [wallets, month.from, month.to],
    );
    await repository.retake(dataSource.manager, month);
  }
}

/** The newest rows of 129 subnets, and datasets that have just been read. */
export async function loadCurrent(dataSource: DataSource): Promise<void> {
  for (const statement of [
    `INSERT INTO subnets (netuid, block_number, timestamp, registration_block_number, emission, run_id)
     SELECT n, 7000000, now(), 1, 1, '${RUN}' FROM generate_series(1, 129) AS n`,
    `INSERT INTO pools (netuid, block_number, timestamp, name, price, total_tao, alpha_in_pool, alpha_staked, run_id)
     SELECT n, 7000000, now(), 'Subnet ' || n, 0.08, 1, 1, 1, '${RUN}' FROM generate_series(1, 129) AS n`,
    `INSERT INTO dataset_states (dataset, interval_seconds, is_core, last_success_at)
     SELECT name, 600, true, now() FROM unnest(ARRAY['pools', 'subnets']) AS name`,
  ]) {
    await dataSource.query(statement);
  }
}

/** What autovacuum does behind the service. */
export async function vacuum(dataSource: DataSource): Promise<void> {
  await dataSource.query('VACUUM (ANALYZE)');
}

/** Bytes of a table with its months and indexes. */
export async function bytesOf(dataSource: DataSource, table: string): Promise<number> {
  const [row] = await dataSource.query<{ bytes: number }[]>(
    'SELECT pg_total_relation_size($1) + coalesce(sum(pg_total_relation_size(relid)), 0)::float8 AS bytes FROM pg_partition_tree($1::regclass)',
    [table],
  );
  return row?.bytes ?? 0;
}

/** Prices of 28 decimals and reserves in whole rao, as TaoStats sends them. */
async function insertPools(dataSource: DataSource, subnets: number, { from, to }: Month): Promise<number> {
  const [result] = await dataSource.query<{ rows: number }[]>(
    `WITH added AS (
       INSERT INTO pool_history (netuid, block_number, registration_block_number, timestamp, price, market_cap, liquidity,
              total_tao, total_alpha, alpha_in_pool, alpha_staked, root_prop, rank, startup_mode, fee_rate,
              tao_volume_24_hr, tao_buy_volume_24_hr, tao_sell_volume_24_hr, alpha_volume_24_hr, last_price, buys_24_hr,
              sells_24_hr, run_id)
       SELECT n, extract(epoch FROM at)::bigint / 12, n, at, p + 0.0000000000000000136737598244, r * 90, r * 2,
              r, r * 20, r * 11, r * 9, 0.2131, n, false, 0.0005, r / 40, r / 80, r / 80, r / 4, p, 120, 90, $4::uuid
         FROM generate_series(1, $1::integer) AS n
        CROSS JOIN generate_series($2::timestamptz, $3::timestamptz - interval '10 minutes', interval '10 minutes') AS at
        CROSS JOIN LATERAL (SELECT round((0.08 + 0.01 * sin(extract(epoch FROM at) / 86400 + n))::numeric, 12) AS p,
                                   28113142857142 + n::bigint * 1000000007 + extract(epoch FROM at)::bigint AS r) AS figures
       RETURNING 1)
     SELECT count(*)::float8 AS rows FROM added`,
    [subnets, from, to, RUN],
  );
  return result?.rows ?? 0;
}

export interface Month {
  from: Date;
  to: Date;
}

/** Whole months up to `loadedTo`, oldest first. */
export function lastMonths(count: number): Month[] {
  const end = loadedTo();
  const begin = (before: number): Date => new Date(Date.UTC(end.getUTCFullYear(), end.getUTCMonth() - before));
  return Array.from({ length: count }, (_, index) => ({ from: begin(count - index), to: begin(count - index - 1) }));
}

/** In order, by as many connections as there are. */
async function bySide<Item>(items: readonly Item[], work: (item: Item) => Promise<void>): Promise<void> {
  const waiting = [...items];
  const side = async (): Promise<void> => {
    for (let item = waiting.shift(); item !== undefined; item = waiting.shift()) await work(item);
  };
  await Promise.all(Array.from({ length: LOADERS }, side));
}
