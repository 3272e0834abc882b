import { trustOf } from '../analysis';
import { findBudgetIssues } from './budget-issues';
import { findDatabaseIssues } from './database-issues';
import { findDatasetIssues } from './dataset-issues';
import type { Finding } from './issue';
import { findReconciliationIssues } from './reconciliation-view';
import type { JudgedDataset, TrustInputs } from './trust-inputs';
import { findUpstreamIssues } from './upstream-issues';
import { judgedApiWindow, judgedCacheWindow } from './window-rates';

const MAX_ERROR_RATE = 0.1;
const MAX_RATE_LIMIT_RATE = 0.05;
const MIN_HIT_RATE = 0.5;
const BLOCKED_LOOP_MS = 1_000;

/** Every dataset with its age and trust at `inputs.now`. */
export function judgeDatasets(inputs: TrustInputs): JudgedDataset[] {
  return inputs.datasets.map((reading) => ({
    ...reading,
    freshness: trustOf(reading.state, inputs.settings, inputs.now),
  }));
}

/** Everything that is wrong at this moment, in no order. */
export function findIssues(inputs: TrustInputs): Finding[] {
  return [
    ...findDatabaseIssues(inputs),
    ...platformIssues(inputs),
    ...rateIssues(inputs),
    ...findUpstreamIssues(inputs.upstream, inputs.now),
    ...findBudgetIssues(inputs),
    ...findReconciliationIssues(inputs),
    // Without a single look at the database nothing is known about datasets, and `database_down` already says so.
    ...(inputs.database.readAt === null && !inputs.database.reachable
      ? []
      : findDatasetIssues(judgeDatasets(inputs), inputs)),
  ];
}

function platformIssues({ cache, eventLoopLagMs }: TrustInputs): Finding[] {
  const findings: Finding[] = [];
  if (!cache.available) {
    findings.push({
      code: 'cache_down',
      severity: 'warning',
      message: 'Redis does not answer: every cached answer is fetched again.',
      evidence: { kind: cache.kind },
    });
  }
  if (eventLoopLagMs > BLOCKED_LOOP_MS) {
    findings.push({
      code: 'event_loop_blocked',
      severity: 'warning',
      message: 'This process answers late: something keeps it busy for over a second.',
      evidence: { lag_ms: Math.round(eventLoopLagMs) },
    });
  }
  return findings;
}

function rateIssues({ metrics }: TrustInputs): Finding[] {
  const findings: Finding[] = [];
  const api = judgedApiWindow(metrics);
  if (api !== null && api.counts.errors / api.counts.calls > MAX_ERROR_RATE) {
    findings.push({
      code: 'high_error_rate',
      severity: 'warning',
      message: `${percent(api.counts.errors, api.counts.calls)} of the calls to TaoStats fail (limit 10 %).`,
      evidence: { window: api.window, calls: api.counts.calls, errors: api.counts.errors },
    });
  }
  if (api !== null && api.counts.rateLimits / api.counts.calls > MAX_RATE_LIMIT_RATE) {
    findings.push({
      code: 'high_rate_limit_rate',
      severity: 'warning',
      message: `${percent(api.counts.rateLimits, api.counts.calls)} of the calls to TaoStats hit its rate limit (limit 5 %).`,
      evidence: { window: api.window, calls: api.counts.calls, rate_limits: api.counts.rateLimits },
    });
  }
  const reads = judgedCacheWindow(metrics);
  if (reads !== null && reads.counts.hits / (reads.counts.hits + reads.counts.misses) < MIN_HIT_RATE) {
    findings.push({
      code: 'low_cache_hit_rate',
      severity: 'warning',
      message: `Only ${percent(reads.counts.hits, reads.counts.hits + reads.counts.misses)} of the cache reads are hits (limit 50 %).`,
      evidence: { window: reads.window, hits: reads.counts.hits, misses: reads.counts.misses },
    });
  }
  return findings;
}

function percent(part: number, whole: number): string {
  return `${Math.round((1000 * part) / whole) / 10} %`;
}
