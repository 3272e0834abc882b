import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { NavSnapshot } from './nav-snapshot.entity';

export const SNAPSHOT_INTERVALS = ['hour', 'day'] as const;
export type SnapshotInterval = (typeof SNAPSHOT_INTERVALS)[number];

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
  }

  /**
   * The last snapshot of each hour or day (UTC), oldest first; the last complete one where there is any. All of them, from
   * the first on: a peak counts however long ago it was.
   */
  series(scope: string, interval: SnapshotInterval): Promise<NavSnapshot[]> {
    return this.dataSource
      .getRepository(NavSnapshot)
      .createQueryBuilder('snapshot')
      .distinctOn([`date_trunc('${interval}', snapshot.at, 'UTC')`])
      .where('snapshot.scope = :scope', { scope })
      .orderBy(`date_trunc('${interval}', snapshot.at, 'UTC')`)
      .addOrderBy('snapshot.complete', 'DESC')
      .addOrderBy('snapshot.at', 'DESC')
      .addOrderBy('snapshot.run_id', 'DESC')
      .getMany();
  }
}
