/** `GET /api/v1/reconciliation/runs/:id`, as far as the page reads it. */
export interface Reconciliation {
  id: string;
  trigger: string;
  state: string;
  verdict: Verdict | null;
  quantities: string | null;
  reason: string | null;
  finished_at: string | null;
  calls: number;
  checks: Check[];
  drift_raised: string[];
  drift_cleared: string[];
  evidence: Finding[];
  evidence_total: number;
  repair: { state: string; datasets: string[] } | null;
}

export type Verdict = 'pass' | 'drift' | 'break' | 'incomplete';

export interface Check {
  check: string;
  verdict: Verdict;
  passed: number;
  warned: number;
  failed: number;
  skipped: number;
  worst: Finding | null;
}

export interface Finding {
  check: string;
  subject: string;
  severity: string;
  expected: string | null;
  actual: string | null;
  difference: string | null;
  unit: string;
  reason: string;
}
