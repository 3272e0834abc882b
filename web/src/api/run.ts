/** One row of `GET /api/v1/runs`. */
export interface Run {
  id: string;
  dataset: string;
  mode: string;
  trigger: string;
  state: string;
  queued_at: string;
  started_at: string | null;
  finished_at: string | null;
  calls: number;
  pages: number;
  rows_seen: number;
  rows_changed: number;
  rows_unchanged: number;
  rows_rejected: number;
  rows_missing: number;
  upstream_at: string | null;
  reason_code: string | null;
  reason: string | null;
  phases: { phase: string; duration_ms: number }[];
}

const OPEN_STATES = ['queued', 'running'];

/** True until the run has ended, in whatever way. */
export function isOpen(run: Pick<Run, 'state'>): boolean {
  return OPEN_STATES.includes(run.state);
}

const GOOD_STATES = ['applied', 'confirmed'];

/** True for a run that ended without the answer that was wanted. */
export function isFailure(run: Pick<Run, 'state'>): boolean {
  return !GOOD_STATES.includes(run.state) && !isOpen(run);
}
