/** `GET /api/v1/trust-pack`, as far as the page reads it. Times are ISO texts in UTC, rates 0 to 1, null is not known. */
export interface TrustPack {
  generated_at: string;
  uptime_seconds: number;
  version: string;
  mode: { database: string; cache: string; upstream: string };
  simulated: boolean;
  api_health: { total_calls: number; windows: { last_15_minutes: ApiRates; last_hour: ApiRates } };
  api_endpoints: Record<string, EndpointView>;
  cache_health: CacheView;
  datasets: Record<string, DatasetView>;
  upstream: UpstreamView;
  database: { reachable: boolean; down_since: string | null; read_at: string | null };
  recent_errors: RecentError[];
  feature_flags: Record<string, boolean>;
  overall_health: { status: Status; trust: Trust; summary: string; issues: Issue[]; notices: Issue[] };
}

export type Status = 'healthy' | 'degraded' | 'critical';
export type Trust = 'ok' | 'stale' | 'protected' | 'drift' | 'unknown';
export type DatasetState =
  | 'on_time'
  | 'on_track'
  | 'late'
  | 'error'
  | 'action_required'
  | 'not_on_your_plan'
  | 'pending'
  | 'syncing'
  | 'protected';

export interface ApiRates {
  calls: number;
  errors: number;
  rate_limits: number;
  error_rate: number | null;
  rate_limit_rate: number | null;
  p50_latency_ms: number | null;
  p95_latency_ms: number | null;
}

export interface EndpointView {
  call_count: number;
  error_rate: number | null;
  rate_limit_rate: number | null;
  last_error: string | null;
  last_error_at: string | null;
  windows: { last_15_minutes: ApiRates; last_hour: ApiRates };
}

export interface CacheRates {
  hits: number;
  misses: number;
  failures: number;
  hit_rate: number | null;
}

export interface CacheView {
  total_hits: number;
  total_misses: number;
  overall_hit_rate: number | null;
  kind: string;
  available: boolean;
  windows: { last_15_minutes: CacheRates; last_hour: CacheRates };
  namespaces: Record<string, CacheRates>;
}

export interface UpstreamView {
  known: boolean;
  limit_per_minute: number | null;
  learned_limit: number | null;
  used_in_window: number | null;
  paused: boolean;
  blocked_until: string | null;
  pause_reason: string | null;
  key_state: 'ok' | 'rejected' | 'unknown';
  quota_exhausted_until: string | null;
  breakers: { scope: string; state: string; until: string | null }[];
  plan_gated_endpoints: string[];
}

export interface RunSummary {
  id: string;
  state: string;
  rows_seen: number;
  rows_changed: number;
  rows_missing: number;
  rows_rejected: number;
  reason: string | null;
}

export interface DatasetView {
  last_success_at: string | null;
  record_count: number | null;
  has_drift: boolean;
  trust: Trust;
  level: 'fresh' | 'warning' | 'critical' | 'unknown';
  state: DatasetState;
  /** Without it nothing else means much. */
  is_core: boolean;
  as_of: string | null;
  upstream_at: string | null;
  upstream_block: string | null;
  warning_seconds: number;
  critical_seconds: number;
  interval_seconds: number;
  next_due_at: string;
  consecutive_failures: number;
  last_error: { code: string | null; message: string | null; at: string | null } | null;
  last_run: RunSummary | null;
  open_run: RunSummary | null;
  rows_kept_back: number;
  protected_since: string | null;
  protected_reason: string | null;
  drift_since: string | null;
}

export interface RecentError {
  at: string;
  endpoint: string;
  outcome: string;
  status: number | null;
  code: string;
  message: string;
  attempt: number;
  run_id: string | null;
}

export interface Issue {
  code: string;
  severity: 'notice' | 'warning' | 'critical';
  subject: string | null;
  message: string;
  since: string;
  runbook: string;
}
