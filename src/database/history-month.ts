import type { EntityManager } from 'typeorm';
import { type HistoryRollup, rawFromSql } from './history-rollup';

/** The partition of one month. */
export interface MonthPartition {
  table: string;
  /** Half-open, both at the beginning of a month. */
  from: Date;
  to: Date;
  /** Its rows were put in the order of the series. */
  isOrdered: boolean;
}

/**
 * Creates the partitions of these months, each named by its first day, in the history and in its hours. A month whose rows
 * were dropped gets none in the history again.
 */
export async function ensureMonths(
  manager: EntityManager,
  { history, hours }: HistoryRollup,
  months: readonly string[],
): Promise<void> {
  await manager.query(
    `SELECT ensure_month_partition(parent, month::date)
       FROM unnest($1::text[]) AS month CROSS JOIN (VALUES ($2::text), ($3::text)) AS parents (parent)
      WHERE parent <> $2 OR month::date >= (${rawFromSql(history)} AT TIME ZONE 'UTC')`,
    [months, history, hours],
  );
}

/** Partitions of a table, oldest first. */
export function findMonths(manager: EntityManager, parent: string): Promise<MonthPartition[]> {
  return manager.query(
    `SELECT c.relname AS "table", month AT TIME ZONE 'UTC' AS "from", (month + interval '1 month') AT TIME ZONE 'UTC' AS "to",
            i.indisclustered AS "isOrdered"
       FROM pg_inherits AS p JOIN pg_class AS c ON c.oid = p.inhrelid
       JOIN pg_index AS i ON i.indrelid = c.oid AND i.indisprimary
      CROSS JOIN LATERAL (SELECT to_date(right(c.relname, 7), 'YYYY_MM')::timestamp AS month) AS named
      WHERE p.inhparent = $1::regclass ORDER BY c.relname`,
    [parent],
  );
}

/** First day of the UTC month of `moment`, or of one so many months later. */
export function monthOf(moment: Date, later = 0): string {
  return new Date(Date.UTC(moment.getUTCFullYear(), moment.getUTCMonth() + later)).toISOString().slice(0, 10);
}
