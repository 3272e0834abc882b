import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { findMonths } from './history-month';
import {
  columnsOf,
  foldSql,
  type HistoryRollup,
  rawFromSql,
  type RollupUnit,
  seriesOf,
  tableOf,
  UNITS,
} from './history-rollup';

export interface HistoryStretch {
  /** Half-open, both at the beginning of a UTC day. */
  from: Date;
  to: Date;
  /** Only this series, by the first key of the history. */
  key?: string | number;
}

/** Compares hours and days with the rows that they were made of, and makes them anew. */
@Injectable()
export class HistoryRollupRepository {
  /** Buckets of rows in this stretch that are not what the rows say; none of rows that have been dropped. */
  async countDiffering(manager: EntityManager, shape: HistoryRollup, stretch: HistoryStretch): Promise<number> {
    let differing = 0;
    for (const unit of UNITS) {
      const [row] = await manager.query<{ count: number }[]>(differingSql(shape, unit, stretch), parametersOf(stretch));
      differing += row?.count ?? 0;
    }
    return differing;
  }

  /** Keeps everybody from writing rows of these months until the transaction ends; they are read as before. */
  async lock(manager: EntityManager, { history }: HistoryRollup, { from, to }: HistoryStretch): Promise<void> {
    const months = await findMonths(manager, history);
    const tables = months.filter((month) => month.from < to && month.to > from).map(({ table }) => table);
    if (tables.length > 0) await manager.query(`LOCK TABLE ${tables.join(', ')} IN SHARE ROW EXCLUSIVE MODE`);
  }

  /** From the rows, under the lock; what was dropped is left as it is. */
  async rebuild(manager: EntityManager, shape: HistoryRollup, stretch: HistoryStretch): Promise<void> {
    await this.lock(manager, shape, stretch);
    // A month is sorted in memory.
    await manager.query("SET LOCAL work_mem = '128MB'");
    const columns = columnsOf(manager, shape);
    for (const unit of UNITS) {
      await manager.query(
        `DELETE FROM ${tableOf(shape, unit)} AS t WHERE ${withinSql(shape, 'bucket_at', stretch)}`,
        parametersOf(stretch),
      );
      const source = `(SELECT * FROM ${shape.history} WHERE ${withinSql(shape, shape.order[0], stretch)})`;
      await manager.query(foldSql(shape, { unit, columns, source }), parametersOf(stretch));
    }
  }
}

function parametersOf({ from, to, key }: HistoryStretch): unknown[] {
  return key === undefined ? [from, to] : [from, to, key];
}

function withinSql({ history, keys }: HistoryRollup, time: string, { key }: HistoryStretch): string {
  const ofKey = key === undefined ? '' : ` AND "${keys[0]}" = $3`;
  return `"${time}" >= $1 AND "${time}" < $2 AND "${time}" >= ${rawFromSql(history)}${ofKey}`;
}

function differingSql(shape: HistoryRollup, unit: RollupUnit, stretch: HistoryStretch): string {
  const { history, order, lead } = shape;
  const [time] = order;
  const series = seriesOf(shape);
  const named = series.map(({ name, sql }) => `${sql} AS ${name}`).join(', ');
  const grouped = series.map(({ sql }) => sql).join(', ');
  const same = series.map(({ name }) => `t.${name} = r.${name}`).join(' AND ');
  return `
    SELECT count(*)::integer AS count
      FROM (SELECT ${named}, date_trunc('${unit}', "${time}", 'UTC') AS bucket_at, count(*) AS points,
                   min("${time}") AS first_at, max("${time}") AS last_at, max("${lead}") AS high, min("${lead}") AS low
              FROM ${history} WHERE ${withinSql(shape, time, stretch)}
             GROUP BY ${grouped}, date_trunc('${unit}', "${time}", 'UTC')) AS r
      LEFT JOIN ${tableOf(shape, unit)} AS t
        ON ${same} AND t.bucket_at = r.bucket_at AND t.bucket_at >= $1 AND t.bucket_at < $2
     WHERE (t.points, t.first_at, t."${time}", t.${lead}_high, t.${lead}_low)
           IS DISTINCT FROM (r.points, r.first_at, r.last_at, r.high, r.low)`;
}
