import { type Trust, worstTrust } from '../common';
import { buildBudget } from './budget';
import { buildDatasetView } from './dataset-view';
import { judgeDatasets } from './find-issues';
import { type Issue, type OverallStatus, runbookOf, statusOf } from './issue';
import {
  buildApiEndpoints,
  buildApiHealth,
  buildCacheHealth,
  buildRecentErrors,
  buildSyncHealth,
} from './metrics-view';
import { buildReconciliation } from './reconciliation-view';
import type { JudgedDataset, TrustInputs } from './trust-inputs';

/** What the newest look found, and when it looked; null before the first. */
export interface Judgement {
  issues: readonly Issue[];
  at: Date | null;
}

/**
 * The trust pack: what is known, how old it is, what is wrong and since when. Pure: the same inputs and the same standing
 * issues give the same pack. Times are UTC, rates 0 to 1, and null means that nothing is known.
 */
export function buildTrustPack(inputs: TrustInputs, judgement: Judgement) {
  const { metrics, upstream } = inputs;
  const datasets = judgeDatasets(inputs);
  return {
    generated_at: inputs.now,
    uptime_seconds: Math.floor(inputs.uptimeSeconds),
    version: inputs.version,
    mode: inputs.mode,
    simulated: inputs.mode.upstream === 'simulator',
    counting_since: metrics.countingSince,
    api_health: buildApiHealth(metrics),
    api_endpoints: buildApiEndpoints(metrics, metrics.recentErrors),
    cache_health: buildCacheHealth(metrics, inputs.cache),
    sync_health: buildSyncHealth(metrics),
    datasets: Object.fromEntries(
      datasets.map((dataset) => [dataset.state.dataset, buildDatasetView(dataset, upstream)]),
    ),
    upstream: buildUpstream(inputs),
    budget: buildBudget(inputs, datasets),
    reconciliation: buildReconciliation(inputs),
    database: {
      reachable: inputs.database.reachable,
      down_since: inputs.database.downSince,
      read_at: inputs.database.readAt,
      counters_stored_at: metrics.storedAt,
    },
    recent_errors: buildRecentErrors(metrics.recentErrors),
    feature_flags: inputs.featureFlags,
    overall_health: buildOverallHealth(judgement, datasets),
  };
}

export type TrustPack = ReturnType<typeof buildTrustPack>;

function buildUpstream({ upstream, now }: TrustInputs) {
  const blocked = upstream?.blockedUntil ?? null;
  const paused = blocked !== null && blocked > now;
  return {
    known: upstream !== null,
    limit_per_minute: upstream?.limitPerMinute ?? null,
    learned_limit: upstream?.learnedLimit ?? null,
    used_in_window: upstream?.usedInWindow ?? null,
    paused,
    blocked_until: paused ? blocked : null,
    resumes_in_seconds: paused ? Math.ceil((blocked.getTime() - now.getTime()) / 1000) : null,
    pause_reason: paused ? (upstream?.pauseReason ?? null) : null,
    key_state: upstream?.keyState ?? 'unknown',
    quota_exhausted_until: upstream?.quotaExhaustedUntil ?? null,
    breakers: upstream?.breakers ?? [],
    plan_gated_endpoints: upstream?.planGated ?? [],
    invalid_retry_after_total: upstream?.invalidRetryAfterTotal ?? 0,
  };
}

function buildOverallHealth({ issues, at }: Judgement, datasets: readonly JudgedDataset[]) {
  const status = statusOf(issues);
  return {
    judged_at: at,
    status,
    trust: overallTrust(datasets),
    summary: summaryOf(status, issues, datasets),
    issues: issues.filter((issue) => issue.severity !== 'notice').map(buildIssue),
    notices: issues.filter((issue) => issue.severity === 'notice').map(buildIssue),
  };
}

/** The worst trust of all datasets that our plan includes; unknown while there is none. */
export function overallTrust(datasets: readonly JudgedDataset[]): Trust {
  const served = datasets.filter(({ state }) => state.notOnPlanSince === null);
  return served.length === 0 ? 'unknown' : worstTrust(served.map((dataset) => dataset.freshness.trust));
}

function buildIssue(issue: Issue) {
  return {
    code: issue.code,
    severity: issue.severity,
    subject: issue.subject ?? null,
    message: issue.message,
    since: issue.since,
    evidence: issue.evidence,
    runbook: runbookOf(issue.code),
  };
}

function summaryOf(status: OverallStatus, issues: readonly Issue[], datasets: readonly JudgedDataset[]): string {
  const counting = issues.filter((issue) => issue.severity !== 'notice');
  const [worst] = counting;
  if (status === 'healthy' || worst === undefined) {
    return datasets.length === 1 ? 'The one dataset is fresh.' : `All ${datasets.length} datasets are fresh.`;
  }
  const more = counting.length - 1;
  return `${worst.message}${more === 0 ? '' : ` ${more} more ${more === 1 ? 'issue' : 'issues'}.`}`;
}
