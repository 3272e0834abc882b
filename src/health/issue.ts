/** `critical` alone makes the service critical; `warning` counts by the runbook's rule; `notice` heals by itself. */
export type Severity = 'notice' | 'warning' | 'critical';

/** Something that is wrong now, as the rules see it. */
export interface Finding {
  code: IssueCode;
  severity: Severity;
  /** Dataset, breaker scope or the like; tells two findings with the same code apart. */
  subject?: string;
  message: string;
  /** When it began, where the stored state knows; otherwise the first sight of it counts. */
  since?: Date;
  /** The figures that led to the finding. */
  evidence: Record<string, unknown>;
}

/** A finding that stands, with the moment it began. */
export interface Issue extends Finding {
  key: string;
  since: Date;
}

/** Every code, with the section of docs/runbook.md that its own heading there leads to. */
export const RUNBOOK_SECTIONS = {
  high_error_rate: 'taostats-is-slow-failing-or-throttling',
  high_rate_limit_rate: 'taostats-is-slow-failing-or-throttling',
  low_cache_hit_rate: 'cache',
  cache_down: 'cache',
  no_datasets: 'is-the-data-fresh',
  dataset_never_synced: 'is-the-data-fresh',
  dataset_stale: 'is-the-data-fresh',
  dataset_overdue: 'is-the-data-fresh',
  dataset_failing: 'is-the-data-fresh',
  dataset_drift: 'is-the-data-fresh',
  quote_drift: 'is-the-data-fresh',
  dataset_protected: 'taostats-sent-too-little',
  rows_kept_back: 'taostats-sent-too-little',
  clock_skew: 'is-the-data-fresh',
  upstream_auth_rejected: 'taostats-is-slow-failing-or-throttling',
  upstream_untrusted: 'taostats-is-slow-failing-or-throttling',
  upstream_quota_exhausted: 'taostats-is-slow-failing-or-throttling',
  upstream_breaker_open: 'taostats-is-slow-failing-or-throttling',
  upstream_pause_clamped: 'taostats-is-slow-failing-or-throttling',
  upstream_paused: 'taostats-is-slow-failing-or-throttling',
  upstream_limit_learned: 'taostats-is-slow-failing-or-throttling',
  upstream_plan_gated: 'taostats-is-slow-failing-or-throttling',
  budget_stretched: 'the-credits-of-the-month',
  budget_runs_out: 'the-credits-of-the-month',
  database_down: 'probes',
  database_read_only: 'probes',
  disk_full: 'probes',
  event_loop_blocked: 'probes',
} as const;
export type IssueCode = keyof typeof RUNBOOK_SECTIONS;

export function keyOf(finding: Finding): string {
  return finding.subject === undefined ? finding.code : `${finding.code}:${finding.subject}`;
}

/** The heading of `code` in the runbook. */
export function runbookOf(code: IssueCode): string {
  return `docs/runbook.md#${code}`;
}

export type OverallStatus = 'healthy' | 'degraded' | 'critical';

/** The runbook's rule: none healthy, one or two degraded, three critical; one critical issue is enough. Notices count nothing. */
export function statusOf(issues: readonly Finding[]): OverallStatus {
  const counting = issues.filter((issue) => issue.severity !== 'notice');
  if (counting.length >= 3 || counting.some((issue) => issue.severity === 'critical')) return 'critical';
  return counting.length === 0 ? 'healthy' : 'degraded';
}
