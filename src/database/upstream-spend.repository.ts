import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';

/** Attempts that one key made on one UTC day, over all replicas. */
export interface KeySpending {
  key: string;
  /** `2026-01-31`. */
  day: string;
  attempts: number;
  countedFrom: Date;
}

/** What a dataset wants of the budget: its configured interval and the attempts of one run. */
export interface DatasetDemand {
  dataset: string;
  configuredSeconds: number;
  callsPerRun: number;
  rank: 'core' | 'wallet' | 'other';
}

export interface BudgetReading {
  spending: KeySpending[];
  demands: DatasetDemand[];
}

/** Runs that a mean is made of: enough to smooth a retry, few enough to follow a new wallet within hours. */
const MEASURED_RUNS = 10;

/** What was spent of the upstream's credits and what the datasets want of them. The limiter counts, see `storeGrant`. */
@Injectable()
export class UpstreamSpendRepository {
  /** Everything a budget is made of: the days of this UTC month and yesterday, and all demands. */
  async read(manager: EntityManager): Promise<BudgetReading> {
    return { spending: await this.spending(manager), demands: await this.demands(manager) };
  }

  private spending(manager: EntityManager): Promise<KeySpending[]> {
    return manager.query<KeySpending[]>(
      `SELECT key, to_char(day, 'YYYY-MM-DD') AS day, attempts::float8 AS attempts, counted_from AS "countedFrom"
         FROM upstream_spend, (SELECT (clock_timestamp() AT TIME ZONE 'UTC')::date AS today) AS clock
        WHERE day >= least(date_trunc('month', today::timestamp)::date, today - 1)
        ORDER BY key, day`,
    );
  }

  private demands(manager: EntityManager): Promise<DatasetDemand[]> {
    return manager.query<DatasetDemand[]>(
      `SELECT dataset, configured_seconds AS "configuredSeconds", calls_per_run AS "callsPerRun", rank
         FROM dataset_demands ORDER BY dataset`,
    );
  }

  /** Mean attempts of the newest runs that ended well, for the datasets that have any. */
  async measuredCalls(manager: EntityManager, datasets: readonly string[]): Promise<Map<string, number>> {
    const rows = await manager.query<{ dataset: string; calls: number }[]>(
      `SELECT wanted.dataset, avg(newest.calls)::float8 AS calls
         FROM unnest($1::text[]) AS wanted (dataset)
        CROSS JOIN LATERAL (
          SELECT calls FROM sync_runs
           WHERE dataset = wanted.dataset AND state IN ('applied', 'confirmed')
           ORDER BY id DESC LIMIT ${MEASURED_RUNS}) AS newest
        GROUP BY wanted.dataset`,
      [datasets],
    );
    return new Map(rows.map(({ dataset, calls }) => [dataset, calls]));
  }

  /** Makes the stored demands these, so that every replica shows the same plan. */
  async storeDemands(manager: EntityManager, demands: readonly DatasetDemand[]): Promise<void> {
    await manager.query(
      `WITH wanted AS (
         SELECT * FROM json_to_recordset($1::json)
           AS r("dataset" text, "configuredSeconds" integer, "callsPerRun" float8, "rank" text)),
       gone AS (DELETE FROM dataset_demands WHERE dataset NOT IN (SELECT dataset FROM wanted))
       INSERT INTO dataset_demands AS d (dataset, configured_seconds, calls_per_run, rank)
       SELECT dataset, "configuredSeconds", "callsPerRun", rank FROM wanted ORDER BY dataset
       ON CONFLICT (dataset) DO UPDATE SET configured_seconds = excluded.configured_seconds,
         calls_per_run = excluded.calls_per_run, rank = excluded.rank
        WHERE (d.configured_seconds, d.calls_per_run, d.rank)
              IS DISTINCT FROM (excluded.configured_seconds, excluded.calls_per_run, excluded.rank)`,
      [JSON.stringify(demands)],
    );
  }
}
