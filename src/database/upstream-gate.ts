/** Who asks: interactive calls keep a share of the limit for themselves, backfill never gets more than its own. */
export const GRANT_PRIORITIES = ['interactive', 'scheduled', 'backfill'] as const;
export type GrantPriority = (typeof GRANT_PRIORITIES)[number];

/**
 * What is known against one scope of the upstream: a key, a breaker or an endpoint that a plan does not include. Times
 * are Unix milliseconds of the database's clock. `blockedUntilMs` 0 (the epoch) means: nothing is known against it, so
 * setting the column to 'epoch' by hand ends every pause and breaker and forgets what was learned from them.
 */
export interface UpstreamGate {
  blockedUntilMs: number;
  reason: string | null;
  /** The wait that was asked for was cut. */
  clamped: boolean;
  /** 429s in a row, or openings of a breaker in a row. */
  strikes: number;
  struckAtMs: number;
  /** Newest outcomes of a breaker, oldest first: `s` and `f`. */
  recent: string;
  /** Requests a minute that upstream was seen to allow, as of `struckAtMs`. */
  learnedLimit: number | null;
  /** An attempt that probes a half-open gate is on its way until then at the latest. */
  probeUntilMs: number;
}

/** Tokens taken within the window, Unix milliseconds, ascending. */
export type GrantLog = Readonly<Record<GrantPriority, readonly number[]>>;

/** What a decision sees: read under the lock of every gate named, at one instant of the database's clock. */
export interface GateState {
  nowMs: number;
  gates: ReadonlyMap<string, UpstreamGate>;
  grants: GrantLog;
}

/** What a decision does: gates to store, and whether a token is taken. */
export interface GateChange<T> {
  result: T;
  gates?: ReadonlyMap<string, UpstreamGate>;
  grant?: GrantPriority;
}
