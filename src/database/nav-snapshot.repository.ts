import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { NavSnapshot } from './nav-snapshot.entity';

export const SNAPSHOT_INTERVALS = ['hour', 'day'] as const;
export type SnapshotInterval = (typeof SNAPSHOT_INTERVALS)[number];

/** What a series of values is made of. */
export type NavSample = Pick<
  NavSnapshot,
  'at' | 'blockNumber' | 'complete' | 'missing' | 'mid' | 'exec50' | 'exec100' | 'usdPerTao' | 'wallets'
>;

const COLUMNS = [
  'run_id',
  'at',
  'block_number',
  'complete',
  'missing',
  'mid',
  'exec_50',
  'exec_100',
  'usd_per_tao',
  'wallets',
];

/** What the treasury was worth over time. */
@Injectable()
export class NavSnapshotRepository {
  constructor(private readonly dataSource: DataSource) {}

  /** Writes snapshots in the transaction of the run they belong to; a run that is written twice leaves one of each. */
  async record(manager: EntityManager, snapshots: readonly NavSnapshot[]): Promise<void> {
    await manager
      .createQueryBuilder()
      .insert()
      .into(NavSnapshot)
      .values([...snapshots])
      .orIgnore()
      .execute();
    const runs = [...new Set(snapshots.map((snapshot) => snapshot.runId))];
    for (const interval of SNAPSHOT_INTERVALS) await manager.query(takeSql(interval, 'run_id = ANY($1)'), [runs]);
  }

  /** Takes the hours and days of [from, to) from the snapshots again, which changes none that is as it should be. */
  async retake(manager: EntityManager, { from, to }: { from: Date; to: Date }): Promise<void> {
    for (const interval of SNAPSHOT_INTERVALS) {
      await manager.query(takeSql(interval, 'at >= $1 AND at < $2'), [from, to]);
    }
  }

  /**
   * The last snapshot of each hour or day (UTC), oldest first; the last complete one where there is any. All of them, from
   * the first on, because a peak counts however long ago it was; or from the hour or day of a moment on.
   */
  series(scope: string, interval: SnapshotInterval, since: Date = new Date(0)): Promise<NavSample[]> {
    return this.dataSource.query(
      `SELECT at, block_number::float8 AS "blockNumber", complete, missing, mid, exec_50 AS "exec50",
              exec_100 AS "exec100", usd_per_tao AS "usdPerTao", wallets
         FROM nav_${interval}s WHERE scope = $1 AND bucket_at >= date_trunc('${interval}', $2::timestamptz, 'UTC')
        ORDER BY bucket_at`,
      [scope, since],
    );
  }
}

/** Of each scope and hour or day the snapshot that stands for it, where that is not the one that does already. */
function takeSql(interval: SnapshotInterval, condition: string): string {
  const bucket = `date_trunc('${interval}', at, 'UTC')`;
  const rank = (row: string): string => `(${row}.complete, ${row}.at, ${row}.run_id)`;
  return `
    INSERT INTO nav_${interval}s AS t (scope, bucket_at, ${COLUMNS.join(', ')})
    SELECT DISTINCT ON (scope, ${bucket}) scope, ${bucket}, ${COLUMNS.join(', ')} FROM nav_snapshots
     WHERE ${condition} ORDER BY scope, ${bucket}, complete DESC, at DESC, run_id DESC
    ON CONFLICT (scope, bucket_at) DO UPDATE SET ${COLUMNS.map((name) => `${name} = excluded.${name}`).join(', ')}
     WHERE ${rank('excluded')} > ${rank('t')}`;
}
