/** `GET /api/v1/trust-pack/history`: the last runs and the freshness of every dataset over the window. */
export interface TrustHistory {
  generated_at: string;
  from: string;
  datasets: Record<string, DatasetHistory>;
  /** Oldest first. */
  marks: Mark[];
}

/** A minute in which answers were refused, or in which TaoStats refused calls. */
export interface Mark {
  kind: 'protected' | 'rate_limited';
  /** Null: of all. */
  dataset: string | null;
  at: string;
  count: number;
  reason: string | null;
}

export interface DatasetHistory {
  /** Closed runs, newest last, 48 at most. */
  beats: Beat[];
  /** Without gaps, oldest first, from `from` to `generated_at`. */
  bands: Band[];
}

export interface Beat {
  run_id: string;
  state: string;
  finished_at: string;
  duration_ms: number | null;
  rows_seen: number;
  reason: string | null;
}

export type BandLevel = 'fresh' | 'warning' | 'critical' | 'unknown';

export interface Band {
  from: string;
  to: string;
  level: BandLevel;
}
