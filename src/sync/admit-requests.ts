import type { SyncRequestLog } from '../database';

/** What one dataset of a request would cost. */
export interface SyncWish {
  dataset: string;
  plannedCalls: number;
}

export interface RequestLimits {
  /** SYNC_REQUEST_INTERVAL_SECONDS in ms. */
  intervalMs: number;
  /** TAOSTATS_RATE_LIMIT_PER_MINUTE. */
  limitPerMinute: number;
}

/** Why a dataset is not synced now although somebody asked. */
export interface RefusedWish {
  dataset: string;
  code: 'sync/asked-too-soon' | 'sync/request-budget-spent';
  retryInMs: number;
}

export interface RequestAdmission {
  admitted: string[];
  refused: RefusedWish[];
  paidUntilMs: number;
}

/** Part of the limit that requests may use; the schedule has the rest for itself. */
const REQUEST_SHARE = 0.2;
const MINUTE_MS = 60_000;

/**
 * Which datasets of a request are synced. Each at most once an interval. Together they are paid for out of a fifth of the
 * limit: up to a minute of it in advance. When nothing is owed, a request is admitted whatever it costs, else a plan
 * with few calls a minute could never sync all at once; the next one then waits until it is paid for. Pure.
 */
export function admitRequests(
  wishes: readonly SyncWish[],
  log: SyncRequestLog,
  { intervalMs, limitPerMinute }: RequestLimits,
): RequestAdmission {
  const waitOf = ({ dataset }: SyncWish): number =>
    (log.acceptedAtMs.get(dataset) ?? -Infinity) + intervalMs - log.nowMs;
  const wanted = wishes.filter((wish) => waitOf(wish) <= 0);
  const refused: RefusedWish[] = wishes
    .filter((wish) => waitOf(wish) > 0)
    .map((wish) => ({ dataset: wish.dataset, code: 'sync/asked-too-soon', retryInMs: waitOf(wish) }));
  const calls = wanted.reduce((sum, wish) => sum + wish.plannedCalls, 0);
  const costMs = (calls * MINUTE_MS) / (limitPerMinute * REQUEST_SHARE);
  const owedMs = Math.max(0, log.paidUntilMs - log.nowMs);
  if (owedMs > 0 && owedMs + costMs > MINUTE_MS) {
    const retryInMs = owedMs + Math.min(0, costMs - MINUTE_MS);
    const spent = wanted.map(({ dataset }) => ({ dataset, code: 'sync/request-budget-spent' as const, retryInMs }));
    return { admitted: [], refused: [...refused, ...spent], paidUntilMs: log.paidUntilMs };
  }
  return { admitted: wanted.map(({ dataset }) => dataset), refused, paidUntilMs: log.nowMs + owedMs + costMs };
}
