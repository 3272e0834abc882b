import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';

/** A closed run, as far as a row of beats shows it. */
export interface RunBeat {
  dataset: string;
  runId: string;
  state: string;
  finishedAt: Date;
  durationMs: number | null;
  rowsSeen: number;
  reason: string | null;
}

/**
 * A success whose figures grew older than the limit before the next one came, or the first one known of its dataset.
 * All others follow each other in time and need no row.
 */
export interface SuccessSpan {
  dataset: string;
  /** When readers began to see it. */
  from: Date;
  /** When the next success replaced it; null while it stands. */
  to: Date | null;
  /** The moment that its age counts from. */
  asOf: Date;
}

/** What happened in one minute: answers of a dataset that were refused, or calls that TaoStats refused as too many. */
export interface TrustMark {
  kind: 'protected' | 'rate_limited';
  /** Null: of the key, and so of all datasets. */
  dataset: string | null;
  at: Date;
  count: number;
  /** The newest reason of that minute. */
  reason: string | null;
}

export interface TrustHistoryReading {
  now: Date;
  intervals: ReadonlyMap<string, number>;
  beats: RunBeat[];
  spans: SuccessSpan[];
  /** Oldest first. */
  marks: TrustMark[];
}

/** Datasets with the one whose runs feed them: one answer can feed two, and then only one of them has runs. */
const FED_SQL = `
  SELECT d.dataset, coalesce(r.dataset, d.dataset) AS fed_by
    FROM dataset_states d LEFT JOIN sync_runs r ON r.id = d.applied_run_id`;

const BEATS_SQL = `
  SELECT d.dataset, r.id AS "runId", r.state, r.finished_at AS "finishedAt", r.rows_seen AS "rowsSeen", r.reason,
         (extract(epoch FROM r.finished_at - r.started_at) * 1000)::double precision AS "durationMs"
    FROM (${FED_SQL}) d
    CROSS JOIN LATERAL (
      SELECT * FROM sync_runs WHERE dataset = d.fed_by AND finished_at IS NOT NULL ORDER BY id DESC LIMIT $1) r
   ORDER BY r.id`;

const SPANS_SQL = `
  WITH successes AS (
    SELECT d.dataset, s.finished_at, least(s.finished_at, s.upstream_at) AS as_of
      FROM (${FED_SQL}) d
      CROSS JOIN LATERAL (
        (SELECT finished_at, upstream_at FROM sync_runs
          WHERE dataset = d.fed_by AND state IN ('applied', 'confirmed') AND finished_at >= $1)
        UNION ALL
        (SELECT finished_at, upstream_at FROM sync_runs
          WHERE dataset = d.fed_by AND state IN ('applied', 'confirmed') AND finished_at < $1
          ORDER BY id DESC LIMIT 1)) s),
  spans AS (
    SELECT dataset, finished_at, as_of, lead(finished_at) OVER ordered AS next_at, row_number() OVER ordered AS place
      FROM successes WINDOW ordered AS (PARTITION BY dataset ORDER BY finished_at))
  SELECT dataset, finished_at AS "from", next_at AS "to", as_of AS "asOf" FROM spans
   WHERE place = 1 OR coalesce(next_at, $2) - as_of > make_interval(secs => $3)
   ORDER BY dataset, finished_at`;

/** More than a timeline can show apart. */
const MARKS_AT_MOST = 1_000;

const MARKS_SQL = `
  SELECT * FROM (
    SELECT 'protected' AS kind, d.dataset, date_trunc('minute', r.finished_at) AS at, count(*)::integer AS count,
           (array_agg(r.reason ORDER BY r.id DESC))[1] AS reason
      FROM (${FED_SQL}) d JOIN sync_runs r ON r.dataset = d.fed_by
     WHERE r.state = 'protected' AND r.finished_at >= $1
     GROUP BY d.dataset, date_trunc('minute', r.finished_at)
    UNION ALL
    SELECT 'rate_limited', NULL, minute, sum(rate_limits)::integer, NULL
      FROM api_metric_minutes WHERE rate_limits > 0 AND minute >= $1 GROUP BY minute
    ORDER BY at DESC LIMIT ${MARKS_AT_MOST}) newest
   ORDER BY at, dataset`;

/** What the ledger says of the last hours, read as of one moment. */
@Injectable()
export class TrustHistoryRepository {
  constructor(private readonly dataSource: DataSource) {}

  /** `shortestLimitSeconds`: no dataset is stale before that age. */
  async read(hours: number, beatsEach: number, shortestLimitSeconds: number): Promise<TrustHistoryReading> {
    const states = await this.dataSource.query<{ dataset: string; seconds: number; now: Date }[]>(
      'SELECT dataset, interval_seconds AS seconds, clock_timestamp() AS now FROM dataset_states',
    );
    const now = states[0]?.now ?? new Date();
    const from = new Date(now.getTime() - hours * 3_600_000);
    const [beats, spans, marks] = await Promise.all([
      this.dataSource.query<RunBeat[]>(BEATS_SQL, [beatsEach]),
      this.dataSource.query<SuccessSpan[]>(SPANS_SQL, [from, now, shortestLimitSeconds]),
      this.dataSource.query<TrustMark[]>(MARKS_SQL, [from]),
    ]);
    return { now, intervals: new Map(states.map((state) => [state.dataset, state.seconds])), beats, spans, marks };
  }
}
