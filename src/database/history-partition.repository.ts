import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { ensureMonths, findMonths, type MonthPartition, monthOf } from './history-month';
import type { HistoryRollup } from './history-rollup';
import { HistoryRollupRepository } from './history-rollup.repository';

const MONTHS_AHEAD = 2;
const DAY_MS = 86_400_000;
/** Rows of a month may come so long after its end. */
const SETTLED_MS = 2 * DAY_MS;

/** Whoever has to wait for a table makes everybody behind wait: give up soon, there is another hour. */
const BRIEFLY = "SET LOCAL lock_timeout = '500ms'; SET LOCAL statement_timeout = '30s'";

/**
 * Looks after the months of the histories. Every method is one or more short transactions that leave all or nothing, and
 * does nothing where another process has done it before: any number of them may run at once.
 */
@Injectable()
export class HistoryPartitionRepository {
  constructor(
    private readonly dataSource: DataSource,
    private readonly rollups: HistoryRollupRepository,
  ) {}

  /** Creates the month of `now` and the two after it. */
  async ensureAhead(shape: HistoryRollup, now: Date): Promise<void> {
    const months = Array.from({ length: MONTHS_AHEAD + 1 }, (_, later) => monthOf(now, later));
    await ensureMonths(this.dataSource.manager, shape, months);
  }

  /**
   * Puts the rows of months that are over into the order of their series, so that one series is read from few pages.
   * Answers the tables; they cannot be read meanwhile.
   */
  async order({ history, hours, days }: HistoryRollup, now: Date): Promise<string[]> {
    const { manager } = this.dataSource;
    const months = [...(await findMonths(manager, history)), ...(await findMonths(manager, hours))];
    const waiting = months.filter(({ to, isOrdered }) => !isOrdered && to.getTime() + SETTLED_MS <= now.getTime());
    const tables = waiting.map(({ table }) => table);
    if (tables.some((table) => table.startsWith(hours))) tables.push(days);
    for (const table of tables) {
      await this.briefly((tx) => tx.query(`CLUSTER ${table} USING ${table}_pkey`));
    }
    return tables;
  }

  /** Makes hours and days anew where they are not what the rows of these days say. Answers how many buckets were not. */
  async mend(shape: HistoryRollup, stretch: { from: Date; to: Date }): Promise<number> {
    const differing = await this.rollups.countDiffering(this.dataSource.manager, shape, stretch);
    if (differing > 0) await this.briefly((tx) => this.rollups.rebuild(tx, shape, stretch));
    return differing;
  }

  /**
   * Drops the months that ended more than so many days ago, oldest first, each together with the note from when on rows
   * are kept. Its hours and days are what its rows say by then, or it is not dropped. Answers the tables.
   */
  async dropExpired(shape: HistoryRollup, { now, days }: { now: Date; days: number }): Promise<string[]> {
    const months = await findMonths(this.dataSource.manager, shape.history);
    const expired = months.filter(({ to }) => to.getTime() + days * DAY_MS <= now.getTime());
    const dropped: string[] = [];
    for (const month of expired) {
      if (await this.briefly((tx) => this.dropIn(tx, shape, month))) dropped.push(month.table);
    }
    return dropped;
  }

  /** False when another process was faster. Throws, and drops nothing, when hours or days lack something. */
  private async dropIn(manager: EntityManager, shape: HistoryRollup, month: MonthPartition): Promise<boolean> {
    const { history } = shape;
    await manager.query('SELECT pg_advisory_xact_lock(hashtext($1))', [`history-retention:${history}`]);
    const present = (await findMonths(manager, history)).some(({ table }) => table === month.table);
    if (!present) return false;
    await this.rollups.lock(manager, shape, month);
    await this.makeWhole(manager, shape, month);
    await manager.query(`DROP TABLE ${month.table}`);
    await manager.query(
      `INSERT INTO history_retention AS r (history, raw_from) VALUES ($1, $2)
       ON CONFLICT (history) DO UPDATE SET raw_from = greatest(r.raw_from, excluded.raw_from)`,
      [history, month.to],
    );
    return true;
  }

  /** Under the lock. Throws when hours or days are not what the rows say even after they were made anew. */
  private async makeWhole(manager: EntityManager, shape: HistoryRollup, month: MonthPartition): Promise<void> {
    if ((await this.rollups.countDiffering(manager, shape, month)) === 0) return;
    await this.rollups.rebuild(manager, shape, month);
    const differing = await this.rollups.countDiffering(manager, shape, month);
    if (differing > 0) throw new Error(`${month.table} is kept: ${differing} hours and days are not what it says`);
  }

  private briefly<T>(work: (manager: EntityManager) => Promise<T>): Promise<T> {
    return this.dataSource.transaction(async (manager) => {
      await manager.query(BRIEFLY);
      return work(manager);
    });
  }
}
