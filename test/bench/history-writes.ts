import type { DataSource } from 'typeorm';
import {
  HistoryPartitionRepository,
  HistoryRollupRepository,
  PoolHistory,
  rollupOf,
  SnapshotRepository,
} from '../../src/database';
import { type BenchContext, type BenchDatabase, compared, type Figure } from './figure';
import { bytesOf, lastMonths, type Loaded, loadedTo, MONTHS } from './history-load';
import { byTurns, timed } from './measure';

const GROUP = 'history';
const DAY_MS = 86_400_000;
const MEGABYTE = 1e6;
export const SUBNETS = 129;

/** A database with three years in it. */
export interface Past {
  database: BenchDatabase;
  /** Without the limits that the service sets on its statements. */
  loader: DataSource;
  dataSource: DataSource;
  loaded: Loaded;
  subnets: number;
  wallets: number;
}

/** How fast rows come in, what they take on disk, and what it takes to be rid of a month. */
export async function measureWrites({ runs }: BenchContext, past: Past): Promise<Figure[]> {
  const { loader, loaded } = past;
  const figures: Figure[] = [
    {
      group: GROUP,
      name: `rows in bulk, ${sizeOf(past)}`,
      unit: 'rows/s',
      value: loaded.rows / (loaded.rowMs / 1_000),
      note: `their hours and days after them: ${Math.round((loaded.rollupMs / loaded.rowMs) * 100)} % of that time`,
    },
  ];
  for (const table of ['pool_history', 'pool_hours', 'pool_days']) {
    const bytes = await bytesOf(loader, table);
    const note = `${Math.round(bytes / loaded.rows)} bytes for each row of the history`;
    figures.push({ group: GROUP, name: `${table} on disk`, unit: 'MB', value: bytes / MEGABYTE, note });
  }
  const { ours, rows } = await byTurns(runs, { ours: appendSnapshots(past), rows: appendRows(past) });
  figures.push(
    compared({
      group: GROUP,
      name: `one snapshot of ${SUBNETS} rows with its hours and days`,
      unit: 'ms',
      value: ours,
      reference: { name: 'rows alone', value: rows },
    }),
  );
  const partitions = new HistoryPartitionRepository(loader, new HistoryRollupRepository());
  const [oldest] = lastMonths(MONTHS);
  const now = loadedTo();
  const days = (now.getTime() - (oldest?.to ?? now).getTime()) / DAY_MS;
  const dropMs = await timed(() => partitions.dropExpired(rollupOf('pool_history'), { now, days }));
  return [
    ...figures,
    {
      group: GROUP,
      name: 'drop a month',
      unit: 'ms',
      value: dropMs,
      note: 'after its hours and days were compared with it',
    },
  ];
}

let snapshot = 0;

function nextSnapshot(): Partial<PoolHistory>[] {
  snapshot += 1;
  return Array.from({ length: SUBNETS }, (_, netuid) => ({
    netuid,
    blockNumber: snapshot,
    registrationBlockNumber: netuid,
    timestamp: new Date(loadedTo().getTime() + snapshot * 600_000),
    price: '0.0853797768549170136737598244',
    totalTao: '28113142857142',
    alphaInPool: '1830294002817633',
    alphaStaked: '901220100000001',
    runId: '018f0000-0000-7000-8000-000000000001',
  }));
}

function appendSnapshots({ dataSource }: Past): () => Promise<number> {
  const snapshots = new SnapshotRepository();
  return async () => {
    const rows = nextSnapshot();
    await snapshots.ensurePartitions(dataSource.manager, PoolHistory, [loadedTo()]);
    return timed(() => snapshots.appendHistory(dataSource.manager, PoolHistory, rows));
  };
}

function appendRows({ dataSource }: Past): () => Promise<number> {
  return () => {
    const rows = nextSnapshot();
    return timed(() =>
      dataSource.query(
        `INSERT INTO pool_history (netuid, block_number, registration_block_number, timestamp, price, total_tao, alpha_in_pool,
                alpha_staked, run_id)
         SELECT "netuid", "blockNumber", "registrationBlockNumber", "timestamp", "price", "totalTao", "alphaInPool",
                "alphaStaked", "runId"
           FROM json_to_recordset($1::json) AS r("netuid" integer, "blockNumber" bigint, "registrationBlockNumber" bigint,
                "timestamp" timestamptz, "price" numeric, "totalTao" numeric, "alphaInPool" numeric,
                "alphaStaked" numeric, "runId" uuid)`,
        [JSON.stringify(rows)],
      ),
    );
  };
}

export function sizeOf(past: Past | undefined): string {
  return `${((past?.loaded.rows ?? 0) / 1e6).toFixed(2)}M rows`;
}
