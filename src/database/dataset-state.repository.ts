import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { DatasetState } from './dataset-state.entity';
import type { RunState } from './sync-run.entity';

export interface DatasetSchedule {
  dataset: string;
  intervalSeconds: number;
  isCore: boolean;
}

/** A dataset that was due and is now claimed. */
export interface DueDataset {
  dataset: string;
  neverSynced: boolean;
}

export interface SuccessFields {
  dataset: string;
  runId: string;
  state: RunState;
  upstreamAt: Date | null;
  upstreamBlock: string | null;
  sha256: string;
  recordCount: number;
  rowsKeptBack: number;
  /** Since the answer was given, when it was not given within this run. */
  answerAgeMs?: number;
}

export interface FailureFields {
  dataset: string;
  runId: string;
  state: RunState;
  code: string;
  message: string;
  /** From now to the next attempt. */
  retryInMs: number;
}

/** What `recordRefusal` keeps beside a failure. */
export interface RefusalFields {
  digest: string;
  reason: string;
}

/** Six hours: a plan is changed by people. */
const NOT_ON_PLAN_RETRY_SECONDS = 21_600;

/** What is known about the datasets, and when each is due. All times are the database's. */
@Injectable()
export class DatasetStateRepository {
  constructor(private readonly dataSource: DataSource) {}

  all(): Promise<DatasetState[]> {
    return this.dataSource.getRepository(DatasetState).find({ order: { dataset: 'ASC' } });
  }

  find(dataset: string): Promise<DatasetState | null> {
    return this.dataSource.getRepository(DatasetState).findOneBy({ dataset });
  }

  /** Makes the due-table hold these datasets and intervals; a shortened interval takes effect at once. */
  async register(schedules: readonly DatasetSchedule[]): Promise<void> {
    await this.dataSource.query(
      `INSERT INTO dataset_states AS s (dataset, interval_seconds, is_core)
       SELECT "dataset", "intervalSeconds", "isCore"
         FROM json_to_recordset($1::json) AS r("dataset" text, "intervalSeconds" integer, "isCore" boolean)
        ORDER BY dataset
       ON CONFLICT (dataset) DO UPDATE SET
         interval_seconds = excluded.interval_seconds, is_core = excluded.is_core,
         next_due_at = least(s.next_due_at, clock_timestamp() + make_interval(secs => excluded.interval_seconds))`,
      [JSON.stringify(schedules)],
    );
  }

  /**
   * Takes every dataset that is due and moves it one interval ahead, however long ago it was due: after an outage there
   * is one run, not one per missed slot. Of several replicas one gets each dataset.
   */
  async claimDue(manager: EntityManager, datasets: readonly string[]): Promise<DueDataset[]> {
    return manager.query(
      `WITH due AS (
         SELECT dataset FROM dataset_states WHERE dataset = ANY($1) AND next_due_at <= clock_timestamp()
          ORDER BY dataset FOR UPDATE SKIP LOCKED),
       claimed AS (
         UPDATE dataset_states s SET next_due_at = clock_timestamp() + make_interval(secs => interval_seconds)
           FROM due WHERE s.dataset = due.dataset
         RETURNING s.dataset, s.last_success_at IS NULL AS "neverSynced")
       SELECT * FROM claimed ORDER BY dataset`,
      [datasets],
    );
  }

  /** After an applied or confirmed run: forgets errors and refusals, and keeps the cadence from the run's start. */
  async recordSuccess(manager: EntityManager, fields: SuccessFields): Promise<void> {
    await manager.query(
      `UPDATE dataset_states s SET
         last_success_at = clock_timestamp() - make_interval(secs => $9),
         last_changed_at = CASE WHEN $3 = 'applied' THEN clock_timestamp() ELSE last_changed_at END,
         applied_run_id = CASE WHEN $3 = 'applied' OR applied_run_id IS NULL THEN $2 ELSE applied_run_id END,
         last_run_id = $2, last_run_state = $3,
         upstream_at = greatest(s.upstream_at, $4::timestamptz), upstream_block = greatest(s.upstream_block, $5::bigint),
         answer_sha256 = $6, record_count = $7, rows_kept_back = $8,
         consecutive_failures = 0, last_error_code = NULL, last_error = NULL, last_error_at = NULL,
         protected_since = NULL, protected_reason = NULL, not_on_plan_since = NULL,
         refused_sha256 = NULL, refused_count = 0, refused_since = NULL, approved_sha256 = NULL,
         next_due_at = greatest(clock_timestamp(), r.started_at + make_interval(secs => s.interval_seconds))
        FROM sync_runs r WHERE s.dataset = $1 AND r.id = $2`,
      [
        fields.dataset,
        fields.runId,
        fields.state,
        fields.upstreamAt,
        fields.upstreamBlock,
        fields.sha256,
        fields.recordCount,
        fields.rowsKeptBack,
        (fields.answerAgeMs ?? 0) / 1000,
      ],
    );
  }

  /** After a run without a usable answer: counts it and tries again sooner than the interval. */
  async recordFailure(manager: EntityManager, fields: FailureFields): Promise<void> {
    await manager.query(
      `UPDATE dataset_states SET
         last_run_id = $2, last_run_state = $3, last_error_code = $4, last_error = $5,
         last_error_at = clock_timestamp(), consecutive_failures = consecutive_failures + 1,
         next_due_at = clock_timestamp() + make_interval(secs => $6)
        WHERE dataset = $1`,
      [fields.dataset, fields.runId, fields.state, fields.code, fields.message, fields.retryInMs / 1000],
    );
  }

  /** After a 403 that only another plan changes: remembered and asked again in hours, but no failure. */
  async recordNotOnPlan(manager: EntityManager, fields: FailureFields): Promise<void> {
    await manager.query(
      `UPDATE dataset_states SET
         last_run_id = $2, last_run_state = $3, last_error_code = $4, last_error = $5,
         last_error_at = clock_timestamp(), consecutive_failures = 0,
         not_on_plan_since = coalesce(not_on_plan_since, clock_timestamp()),
         next_due_at = clock_timestamp() + make_interval(secs => greatest($6::float8, ${NOT_ON_PLAN_RETRY_SECONDS}))
        WHERE dataset = $1`,
      [fields.dataset, fields.runId, fields.state, fields.code, fields.message, fields.retryInMs / 1000],
    );
  }

  /** After a run that the end of the process cut short: due again at once, and nobody's fault. */
  async recordInterruption(manager: EntityManager, dataset: string, runId: string): Promise<void> {
    await manager.query(
      `UPDATE dataset_states SET last_run_id = $2, last_run_state = 'interrupted', next_due_at = clock_timestamp()
        WHERE dataset = $1`,
      [dataset, runId],
    );
  }

  /** Lets the next answer be stored even if it is the one that stands: somebody doubts what became of it. */
  async forgetAnswers(manager: EntityManager, datasets: readonly string[]): Promise<void> {
    await manager.query('UPDATE dataset_states SET answer_sha256 = NULL WHERE dataset = ANY($1)', [datasets]);
  }

  /** A second reading disagrees with these. Stays, whatever syncs say, until `clearDrift`. */
  async raiseDrift(manager: EntityManager, datasets: readonly string[]): Promise<void> {
    await manager.query(
      `UPDATE dataset_states SET has_drift = true, drift_since = coalesce(drift_since, clock_timestamp())
        WHERE dataset = ANY($1)`,
      [datasets],
    );
  }

  /** Answers the datasets that had it. */
  async clearDrift(manager: EntityManager, datasets: readonly string[]): Promise<string[]> {
    const cleared = await manager.query<{ dataset: string }[]>(
      `WITH cleared AS (
         UPDATE dataset_states SET has_drift = false, drift_since = NULL
          WHERE dataset = ANY($1) AND has_drift RETURNING dataset)
       SELECT dataset FROM cleared ORDER BY dataset`,
      [datasets],
    );
    return cleared.map(({ dataset }) => dataset);
  }

  /** Makes datasets due in so many seconds, unless they are sooner anyhow. */
  async hasten(manager: EntityManager, datasets: readonly string[], seconds: number): Promise<void> {
    await manager.query(
      `UPDATE dataset_states SET next_due_at = clock_timestamp() + make_interval(secs => $2)
        WHERE dataset = ANY($1) AND next_due_at > clock_timestamp() + make_interval(secs => $2)`,
      [datasets, seconds],
    );
  }

  /** Notes that the refusal that stands is approved, and makes the dataset due. False when another or none stands. */
  async approve(manager: EntityManager, dataset: string, digest: string): Promise<boolean> {
    const approved = await manager.query<unknown[]>(
      `WITH approved AS (
         UPDATE dataset_states SET approved_sha256 = $2, next_due_at = clock_timestamp()
          WHERE dataset = $1 AND refused_sha256 = $2 RETURNING dataset)
       SELECT dataset FROM approved`,
      [dataset, digest],
    );
    return approved.length === 1;
  }

  /** After a refused answer, beside `recordFailure`: counts how often the same one came. */
  async recordRefusal(manager: EntityManager, dataset: string, { digest, reason }: RefusalFields): Promise<void> {
    await manager.query(
      `UPDATE dataset_states SET
         protected_since = coalesce(protected_since, clock_timestamp()), protected_reason = $3,
         refused_count = CASE WHEN refused_sha256 = $2 THEN refused_count + 1 ELSE 1 END,
         refused_since = CASE WHEN refused_sha256 = $2 THEN refused_since ELSE clock_timestamp() END,
         approved_sha256 = CASE WHEN refused_sha256 = $2 THEN approved_sha256 END,
         refused_sha256 = $2
        WHERE dataset = $1`,
      [dataset, digest, reason],
    );
  }
}
