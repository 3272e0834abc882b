const FIRST_MS = 30_000;
const GROWTH_LIMIT = 12;
const LEAST_MS = 1_000;
const JITTER = 0.1;

export interface RetryDelayInput {
  /** Failures in a row before this one. */
  failures: number;
  intervalMs: number;
  nowMs: number;
  /** When upstream wants to be asked again, if it said. */
  retryAtMs: number | null;
  /** 0 to 1. */
  random: number;
}

/**
 * From a failed run to the next: 30 s, doubled for each failure, never longer than the interval, up to 10 % later so
 * that datasets do not come back together. A pause that upstream asked for is kept even when it is longer.
 */
export function retryDelayMs({ failures, intervalMs, nowMs, retryAtMs, random }: RetryDelayInput): number {
  const backoffMs = Math.min(intervalMs, FIRST_MS * 2 ** Math.min(failures, GROWTH_LIMIT));
  const pauseMs = retryAtMs === null ? 0 : retryAtMs - nowMs;
  return Math.max(LEAST_MS, Math.round(Math.max(backoffMs, pauseMs) * (1 + JITTER * random)));
}
