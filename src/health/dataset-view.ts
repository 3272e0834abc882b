import type { SyncRun } from '../database';
import type { UpstreamSnapshot } from '../metrics';
import { type DatasetStateWord, stateWordOf } from './dataset-state-word';
import type { JudgedDataset } from './trust-inputs';

/** One dataset of the trust pack. The first five keys are the runbook's. Ages are in the unit of their name. */
export interface DatasetView {
  last_success_at: Date | null;
  record_count: number | null;
  age_minutes: number | null;
  is_stale: boolean;
  has_drift: boolean;
  trust: string;
  level: string;
  state: DatasetStateWord;
  is_core: boolean;
  as_of: Date | null;
  age_seconds: number | null;
  success_age_seconds: number | null;
  upstream_at: Date | null;
  upstream_age_seconds: number | null;
  upstream_block: string | null;
  warning_seconds: number;
  critical_seconds: number;
  interval_seconds: number;
  next_due_at: Date;
  last_attempt_at: Date | null;
  last_changed_at: Date | null;
  consecutive_failures: number;
  last_error: { code: string | null; message: string | null; at: Date | null } | null;
  last_run: RunView | null;
  open_run: RunView | null;
  rows_kept_back: number;
  not_on_plan_since: Date | null;
  protected_since: Date | null;
  protected_reason: string | null;
  drift_since: Date | null;
}

interface RunView {
  id: string;
  state: string;
  mode: string;
  trigger: string;
  started_at: Date | null;
  finished_at: Date | null;
  duration_ms: number | null;
  calls: number;
  rows_seen: number;
  rows_changed: number;
  rows_rejected: number;
  rows_missing: number;
  reason_code: string | null;
  reason: string | null;
}

export function buildDatasetView(dataset: JudgedDataset, upstream: UpstreamSnapshot | null): DatasetView {
  const { state, freshness, lastRun, openRun } = dataset;
  return {
    last_success_at: state.lastSuccessAt,
    record_count: state.lastSuccessAt === null ? null : state.recordCount,
    age_minutes: freshness.ageSeconds === null ? null : Math.round(freshness.ageSeconds / 6) / 10,
    is_stale: state.notOnPlanSince === null && freshness.level !== 'fresh',
    has_drift: state.hasDrift,
    trust: freshness.trust,
    level: freshness.level,
    state: stateWordOf(dataset, upstream),
    is_core: state.isCore,
    as_of: freshness.asOf,
    age_seconds: rounded(freshness.ageSeconds),
    success_age_seconds: rounded(freshness.successAgeSeconds),
    upstream_at: state.upstreamAt,
    upstream_age_seconds: rounded(freshness.upstreamAgeSeconds),
    upstream_block: state.upstreamBlock,
    warning_seconds: freshness.warningSeconds,
    critical_seconds: freshness.criticalSeconds,
    interval_seconds: state.intervalSeconds,
    next_due_at: state.nextDueAt,
    last_attempt_at: state.lastAttemptAt,
    last_changed_at: state.lastChangedAt,
    consecutive_failures: state.consecutiveFailures,
    last_error:
      state.lastErrorAt === null
        ? null
        : { code: state.lastErrorCode, message: state.lastError, at: state.lastErrorAt },
    last_run: lastRun === null ? null : buildRunView(lastRun),
    open_run: openRun === null ? null : buildRunView(openRun),
    rows_kept_back: state.rowsKeptBack,
    not_on_plan_since: state.notOnPlanSince,
    protected_since: state.protectedSince,
    protected_reason: state.protectedReason,
    drift_since: state.driftSince,
  };
}

function buildRunView(run: SyncRun): RunView {
  const ended = run.startedAt !== null && run.finishedAt !== null;
  return {
    id: run.id,
    state: run.state,
    mode: run.mode,
    trigger: run.trigger,
    started_at: run.startedAt,
    finished_at: run.finishedAt,
    duration_ms: ended ? Number(run.finishedAt) - Number(run.startedAt) : null,
    calls: run.calls,
    rows_seen: run.rowsSeen,
    rows_changed: run.rowsChanged,
    rows_rejected: run.rowsRejected,
    rows_missing: run.rowsMissing,
    reason_code: run.reasonCode,
    reason: run.reason,
  };
}

function rounded(seconds: number | null): number | null {
  return seconds === null ? null : Math.round(seconds);
}
