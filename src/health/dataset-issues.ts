import type { Finding } from './issue';
import type { JudgedDataset } from './trust-inputs';

/** Share of a dataset's rows in quarantine above which the dataset is no longer what upstream has. */
const CRITICAL_QUARANTINE_SHARE = 0.2;
/** A due run that has not started by then was missed. */
const OVERDUE_GRACE_SECONDS = 120;

interface Moment {
  now: Date;
  uptimeSeconds: number;
}

/** What is wrong with the datasets, each on its own. */
export function findDatasetIssues(datasets: readonly JudgedDataset[], moment: Moment): Finding[] {
  if (datasets.length === 0) {
    return [
      {
        code: 'no_datasets',
        severity: 'warning',
        message: 'No dataset is known yet: nothing was synced.',
        evidence: {},
      },
    ];
  }
  // What our plan does not include is shown with the dataset, and nothing is wrong with it.
  const served = datasets.filter(({ state }) => state.notOnPlanSince === null);
  return served.flatMap((dataset) => RULES.flatMap((rule) => rule(dataset, moment) ?? []));
}

type Rule = (dataset: JudgedDataset, moment: Moment) => Finding | null;

const neverSynced: Rule = ({ state }, { uptimeSeconds }) => {
  if (state.lastSuccessAt !== null) return null;
  const tooLong = uptimeSeconds > 2 * state.intervalSeconds;
  return {
    code: 'dataset_never_synced',
    severity: state.isCore && tooLong ? 'critical' : 'warning',
    subject: state.dataset,
    message: `${state.dataset} has never been synced, so nothing is known about it.`,
    evidence: { last_run_state: state.lastRunState, last_error_code: state.lastErrorCode },
  };
};

const stale: Rule = ({ state, freshness }) => {
  const { level, asOf, ageSeconds, warningSeconds, criticalSeconds, successAgeSeconds, upstreamAgeSeconds } = freshness;
  if ((level !== 'warning' && level !== 'critical') || asOf === null || ageSeconds === null) return null;
  const limitSeconds = level === 'critical' ? criticalSeconds : warningSeconds;
  return {
    code: 'dataset_stale',
    severity: level === 'critical' && state.isCore ? 'critical' : 'warning',
    subject: state.dataset,
    message: `${state.dataset} is ${inMinutes(ageSeconds)} old, its ${level} limit is ${inMinutes(limitSeconds)}.`,
    since: new Date(asOf.getTime() + limitSeconds * 1000),
    evidence: {
      level,
      age_seconds: Math.round(ageSeconds),
      limit_seconds: limitSeconds,
      success_age_seconds: successAgeSeconds === null ? null : Math.round(successAgeSeconds),
      upstream_age_seconds: upstreamAgeSeconds === null ? null : Math.round(upstreamAgeSeconds),
    },
  };
};

const refused: Rule = ({ state }) =>
  state.protectedSince === null
    ? null
    : {
        code: 'dataset_protected',
        severity: 'warning',
        subject: state.dataset,
        message:
          state.lastSuccessAt === null
            ? `${state.dataset}: the answer was refused, and none has been stored yet.`
            : `${state.dataset}: the last answer was refused and the last good rows stand.`,
        since: state.protectedSince,
        evidence: { reason: state.protectedReason, refused_in_a_row: state.refusedCount },
      };

const failing: Rule = ({ state }) =>
  state.consecutiveFailures === 0 || state.protectedSince !== null
    ? null
    : {
        code: 'dataset_failing',
        severity: 'warning',
        subject: state.dataset,
        message: `${state.dataset}: ${state.consecutiveFailures} failed runs in a row.`,
        evidence: {
          consecutive_failures: state.consecutiveFailures,
          last_error_code: state.lastErrorCode,
          last_error_at: state.lastErrorAt,
        },
      };

const overdue: Rule = ({ state, openRun }, { now, uptimeSeconds }) => {
  // While the service was down nothing could start: the wait counts from its start.
  const lateSeconds = Math.min((now.getTime() - state.nextDueAt.getTime()) / 1000, uptimeSeconds);
  if (openRun !== null || lateSeconds <= OVERDUE_GRACE_SECONDS) return null;
  return {
    code: 'dataset_overdue',
    severity: 'warning',
    subject: state.dataset,
    message: `${state.dataset}: a run was expected at ${state.nextDueAt.toISOString()} and did not start.`,
    since: state.nextDueAt,
    evidence: { next_due_at: state.nextDueAt, late_seconds: Math.round(lateSeconds) },
  };
};

const drifted: Rule = ({ state }) =>
  !state.hasDrift
    ? null
    : {
        code: 'dataset_drift',
        severity: 'warning',
        subject: state.dataset,
        message: `${state.dataset}: reconciliation found that stored rows disagree with a second reading.`,
        ...(state.driftSince === null ? {} : { since: state.driftSince }),
        evidence: { drift_since: state.driftSince, found_by: '/api/v1/reconciliation/latest' },
      };

const quarantined: Rule = ({ state }) => {
  if (state.rowsKeptBack === 0) return null;
  const share = state.rowsKeptBack / Math.max(1, state.recordCount);
  return {
    code: 'rows_kept_back',
    severity: state.isCore && share > CRITICAL_QUARANTINE_SHARE ? 'critical' : 'warning',
    subject: state.dataset,
    message: `${state.dataset}: ${state.rowsKeptBack} rows were not valid; their last good versions stand.`,
    evidence: { rows_kept_back: state.rowsKeptBack, record_count: state.recordCount },
  };
};

const skewed: Rule = ({ state, freshness }) =>
  !freshness.clockSkew
    ? null
    : {
        code: 'clock_skew',
        severity: 'warning',
        subject: state.dataset,
        message: `${state.dataset} has times in the future: a clock is wrong and its age cannot be believed.`,
        evidence: { last_success_at: state.lastSuccessAt, upstream_at: state.upstreamAt },
      };

const RULES: readonly Rule[] = [neverSynced, stale, refused, failing, overdue, drifted, quarantined, skewed];

function inMinutes(seconds: number): string {
  return `${Math.round(seconds / 6) / 10} min`;
}
