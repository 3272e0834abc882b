import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { emptyTotals, type LedgerDeltas, type RecentError, type Totals } from '../metrics';
import { API_FAMILY, CACHE_FAMILY, columnType, type MetricFamily, SYNC_FAMILY } from './metric-families';

const KEEP_MINUTES = "interval '48 hours'";
const KEEP_ERRORS = 1000;
const READ_ERRORS = 100;
const WINDOW_MS = 3_600_000;
const SHORT_WINDOW_MS = 900_000;

/** The counters of all replicas as PostgreSQL has them. */
export interface StoredMetrics {
  lifetime: Totals;
  last15Minutes: Totals;
  lastHour: Totals;
  /** Oldest first. */
  recentErrors: RecentError[];
}

export interface Generation {
  generation: string;
  countingSince: Date;
}

type NumberRow = Record<string, number> & { name: never };

/** The SQL of the counters. Every method takes the manager of the caller's transaction. */
@Injectable()
export class MetricsRepository {
  /** Holds off a reset until the transaction ends. */
  async lockGeneration(manager: EntityManager): Promise<Generation> {
    const [row] = await manager.query<{ generation: string; counting_since: Date }[]>(
      'SELECT generation, counting_since FROM metric_generation WHERE id = 1 FOR SHARE',
    );
    if (row === undefined) throw new Error('metric_generation has lost its row');
    return { generation: row.generation, countingSince: row.counting_since };
  }

  /** Adds to the minutes and to the totals. */
  async add(manager: EntityManager, deltas: LedgerDeltas): Promise<void> {
    await this.addFamily(manager, API_FAMILY, deltas);
    await this.addFamily(manager, CACHE_FAMILY, deltas);
    await this.addFamily(manager, SYNC_FAMILY, deltas);
    if (deltas.errors.length === 0) return;
    await manager.query(
      `INSERT INTO upstream_errors (at, endpoint, outcome, status, code, message, attempt, run_id)
       SELECT at, endpoint, outcome, status, code, message, attempt, "runId"
         FROM json_to_recordset($1::json) AS e(at timestamptz, endpoint text, outcome text, status integer, code text,
              message text, attempt integer, "runId" text)`,
      [JSON.stringify(deltas.errors)],
    );
  }

  /** Lifetime and both windows that end at `nowMs`, the clock that the minutes were written by. */
  async read(manager: EntityManager, nowMs: number): Promise<StoredMetrics> {
    const stored: StoredMetrics = {
      lifetime: emptyTotals(),
      last15Minutes: emptyTotals(),
      lastHour: emptyTotals(),
      recentErrors: await this.readErrors(manager),
    };
    await this.readFamily(manager, API_FAMILY, { nowMs, stored });
    await this.readFamily(manager, CACHE_FAMILY, { nowMs, stored });
    await this.readFamily(manager, SYNC_FAMILY, { nowMs, stored });
    return stored;
  }

  /** Drops what is past its retention, by the database's clock. */
  async prune(manager: EntityManager): Promise<void> {
    for (const family of ['api', 'cache', 'sync']) {
      await manager.query(`DELETE FROM ${family}_metric_minutes WHERE minute < clock_timestamp() - ${KEEP_MINUTES}`);
    }
    await manager.query(
      `DELETE FROM upstream_errors
        WHERE at < clock_timestamp() - interval '24 hours'
           OR id <= (SELECT id FROM upstream_errors ORDER BY id DESC OFFSET ${KEEP_ERRORS} LIMIT 1)`,
    );
  }

  /** Empties everything; a replica that still holds older counts learns from the generation to drop them. */
  async reset(manager: EntityManager): Promise<Generation> {
    const [rows] = await manager.query<[{ generation: string; counting_since: Date }[], number]>(
      `UPDATE metric_generation SET generation = generation + 1, counting_since = clock_timestamp()
        WHERE id = 1 RETURNING generation, counting_since`,
    );
    for (const family of ['api', 'cache', 'sync']) {
      await manager.query(`DELETE FROM ${family}_metric_minutes`);
      await manager.query(`DELETE FROM ${family}_metric_totals`);
    }
    await manager.query('DELETE FROM upstream_errors');
    const [row] = rows;
    if (row === undefined) throw new Error('metric_generation has lost its row');
    return { generation: row.generation, countingSince: row.counting_since };
  }

  private async addFamily<K extends keyof Totals>(
    manager: EntityManager,
    family: MetricFamily<K>,
    deltas: LedgerDeltas,
  ): Promise<void> {
    const rows = [...deltas.minutes].flatMap(([minuteMs, totals]) =>
      Object.entries(totals[family.family] as Record<string, Totals[K][string]>).map(([name, counts]) => ({
        minute: new Date(minuteMs),
        name,
        ...family.toRow(counts),
      })),
    );
    if (rows.length > 0) await manager.query(additionSql(family), [JSON.stringify(rows)]);
  }

  private async readFamily<K extends keyof Totals>(
    manager: EntityManager,
    family: MetricFamily<K>,
    target: { nowMs: number; stored: StoredMetrics },
  ): Promise<void> {
    const sums = family.columns.map((column) => `sum(${column})::double precision AS ${column}`).join(', ');
    const totals = await manager.query<NumberRow[]>(
      `SELECT name, ${sums} FROM ${family.family}_metric_totals GROUP BY name`,
    );
    const windows = await manager.query<(NumberRow & { recent: boolean })[]>(
      `SELECT name, minute > $2 AS recent, ${sums} FROM ${family.family}_metric_minutes
        WHERE minute > $1 GROUP BY name, recent`,
      [new Date(target.nowMs - WINDOW_MS), new Date(target.nowMs - SHORT_WINDOW_MS)],
    );
    const { lifetime, last15Minutes, lastHour } = target.stored;
    for (const row of totals) put(lifetime, family, row);
    for (const row of windows) {
      if (row.recent) put(last15Minutes, family, row);
      put(lastHour, family, row);
    }
  }

  private async readErrors(manager: EntityManager): Promise<RecentError[]> {
    const newestFirst = await manager.query<RecentError[]>(
      `SELECT at, endpoint, outcome, status, code, message, attempt, run_id AS "runId"
         FROM upstream_errors ORDER BY id DESC LIMIT ${READ_ERRORS}`,
    );
    return newestFirst.reverse();
  }
}

/** Adds, so that a name with rows on both sides of a window's edge is the sum of both. */
function put<K extends keyof Totals>(into: Totals, family: MetricFamily<K>, row: NumberRow): void {
  const name = row.name as string;
  const counts = into[family.family] as Record<string, Totals[K][string]>;
  const before = counts[name];
  if (before === undefined) {
    counts[name] = family.toCounts(row);
    return;
  }
  const sum = family.toRow(before);
  for (const column of family.columns) sum[column] = (sum[column] ?? 0) + (row[column] ?? 0);
  counts[name] = family.toCounts(sum);
}

/** One statement for minutes and totals. Rows are taken in key order, so that two replicas never wait in a circle. */
function additionSql({ family, columns }: MetricFamily): string {
  const list = columns.join(', ');
  const types = columns.map((column) => `${column} ${columnType(column)}`).join(', ');
  const sums = columns.map((column) => `sum(${column})`).join(', ');
  const plus = columns.map((column) => `${column} = t.${column} + excluded.${column}`).join(', ');
  return `
    WITH delta AS MATERIALIZED (
      SELECT * FROM json_to_recordset($1::json) AS r(minute timestamptz, name text, ${types})
    ), minutes AS (
      INSERT INTO ${family}_metric_minutes AS t (minute, name, ${list})
      SELECT minute, name, ${list} FROM delta ORDER BY minute, name
      ON CONFLICT (minute, name) DO UPDATE SET ${plus}
    )
    INSERT INTO ${family}_metric_totals AS t (name, ${list})
    SELECT name, ${sums} FROM delta GROUP BY name ORDER BY name
    ON CONFLICT (name) DO UPDATE SET ${plus}`;
}
