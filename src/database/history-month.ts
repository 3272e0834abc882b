import type { EntityManager } from 'typeorm';
import { type HistoryRollup, rawFromSql } from './history-rollup';

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
