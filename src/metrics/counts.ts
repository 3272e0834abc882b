import { LATENCY_BOUNDS_MS } from './latency-histogram';

/** How one attempt against TaoStats ended. */
export const CALL_OUTCOMES = [
  'ok',
  'rate_limited',
  'quota_exhausted',
  'bad_payload',
  'contract',
  'permanent',
  'plan_gated',
  'auth',
  'transient',
  'network',
  'security',
  'redirect',
  'cancelled',
  'stale_socket',
] as const;
export type CallOutcome = (typeof CALL_OUTCOMES)[number];

/** How one sync run ended; the ledger's closed states. */
export const RUN_OUTCOMES = ['applied', 'confirmed', 'protected', 'failed', 'interrupted', 'fenced'] as const;
export type RunOutcome = (typeof RUN_OUTCOMES)[number];

/** Attempts of one endpoint. `latencyBuckets[i]` counts those up to `LATENCY_BOUNDS_MS[i]`, the last one all above. */
export interface ApiCounts {
  calls: number;
  ok: number;
  errors: number;
  rateLimits: number;
  quotaExhausted: number;
  retries: number;
  latencyMsSum: number;
  latencyBuckets: number[];
}

export interface CacheCounts {
  hits: number;
  misses: number;
  /** Answers beyond their time to live, counted neither as hit nor as miss. */
  stale: number;
  failures: number;
}

/** Runs of one dataset by outcome, their summed duration and the rows that went to quarantine. */
export type SyncCounts = Record<RunOutcome, number> & { durationMsSum: number; rejected: number };

/** All counters of some stretch of time: by endpoint template, cache namespace and dataset. */
export interface Totals {
  api: Record<string, ApiCounts>;
  cache: Record<string, CacheCounts>;
  sync: Record<string, SyncCounts>;
}

/** One failed attempt; `message` is redacted and cut. */
export interface RecentError {
  at: Date;
  endpoint: string;
  outcome: CallOutcome;
  status: number | null;
  code: string;
  message: string;
  attempt: number;
  runId: string | null;
}

/** Not our fault, not theirs, or counted under a rate of its own: no part of the error rate. */
const NO_ERROR: ReadonlySet<CallOutcome> = new Set([
  'ok',
  'rate_limited',
  'quota_exhausted',
  'plan_gated',
  'cancelled',
  'stale_socket',
]);

export function isErrorOutcome(outcome: CallOutcome): boolean {
  return !NO_ERROR.has(outcome);
}

export function emptyTotals(): Totals {
  return { api: {}, cache: {}, sync: {} };
}

export function emptyApiCounts(): ApiCounts {
  return {
    calls: 0,
    ok: 0,
    errors: 0,
    rateLimits: 0,
    quotaExhausted: 0,
    retries: 0,
    latencyMsSum: 0,
    latencyBuckets: new Array<number>(LATENCY_BOUNDS_MS.length + 1).fill(0),
  };
}

export function emptyCacheCounts(): CacheCounts {
  return { hits: 0, misses: 0, stale: 0, failures: 0 };
}

export function emptySyncCounts(): SyncCounts {
  return {
    applied: 0,
    confirmed: 0,
    protected: 0,
    failed: 0,
    interrupted: 0,
    fenced: 0,
    durationMsSum: 0,
    rejected: 0,
  };
}

/** Adds every counter of `more` to `into`, which is changed in place. */
export function addTotals(into: Totals, more: Totals): Totals {
  for (const [endpoint, counts] of Object.entries(more.api)) {
    addApiCounts((into.api[endpoint] ??= emptyApiCounts()), counts);
  }
  for (const [namespace, counts] of Object.entries(more.cache)) {
    addNumbers((into.cache[namespace] ??= emptyCacheCounts()), counts);
  }
  for (const [dataset, counts] of Object.entries(more.sync)) {
    addNumbers((into.sync[dataset] ??= emptySyncCounts()), counts);
  }
  return into;
}

/** The sum over all endpoints. */
export function sumApiCounts(api: Totals['api']): ApiCounts {
  const sum = emptyApiCounts();
  for (const counts of Object.values(api)) addApiCounts(sum, counts);
  return sum;
}

/** The sum over all namespaces. */
export function sumCacheCounts(cache: Totals['cache']): CacheCounts {
  const sum = emptyCacheCounts();
  for (const counts of Object.values(cache)) addNumbers(sum, counts);
  return sum;
}

function addApiCounts(into: ApiCounts, more: ApiCounts): void {
  into.calls += more.calls;
  into.ok += more.ok;
  into.errors += more.errors;
  into.rateLimits += more.rateLimits;
  into.quotaExhausted += more.quotaExhausted;
  into.retries += more.retries;
  into.latencyMsSum += more.latencyMsSum;
  more.latencyBuckets.forEach((count, index) => {
    into.latencyBuckets[index] = (into.latencyBuckets[index] ?? 0) + count;
  });
}

function addNumbers<T extends { [K in keyof T]: number }>(into: T, more: T): void {
  for (const key of Object.keys(more) as (keyof T)[]) into[key] = ((into[key] ?? 0) + more[key]) as T[keyof T];
}
