import type { TextRow } from '../../support/text-rows';

export interface Run {
  id: string;
  dataset: string;
  state: string;
  trigger: string;
  reason_code: string | null;
  calls: number;
  rows_changed: number;
}

export interface PackIssue {
  code: string;
  severity: string;
  subject: string | null;
}

export interface Pack {
  overall_health: { judged_at: string | null; status: string; issues: PackIssue[]; notices: PackIssue[] };
  api_health: { total_calls: number; total_rate_limits: number };
  upstream: {
    blocked_until: string | null;
    pause_reason: string | null;
    key_state: string;
    learned_limit: number;
    invalid_retry_after_total: number;
    breakers: { scope: string; state: string; until: string | null }[];
  };
  datasets: Record<
    string,
    { last_success_at: string | null; record_count: number; upstream_block: string | null; trust: string }
  >;
}

export function isClosed(run: Run): boolean {
  return run.state !== 'queued' && run.state !== 'running';
}

export function toRun(row: TextRow): Run {
  return {
    id: row['id'] ?? '',
    dataset: row['dataset'] ?? '',
    state: row['state'] ?? '',
    trigger: row['trigger'] ?? '',
    reason_code: row['reason_code'] ?? null,
    calls: Number(row['calls']),
    rows_changed: Number(row['rows_changed']),
  };
}
