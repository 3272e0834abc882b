/** Hits of one client in the window that runs now and in the one before it. */
export interface WindowHits {
  previous: number;
  current: number;
}

export interface Window {
  /** How many windows have passed since the epoch. */
  number: number;
  elapsedMs: number;
  lengthMs: number;
}

/** The window that `nowMs` lies in. */
export function windowAt(nowMs: number, lengthMs: number): Window {
  const number = Math.floor(nowMs / lengthMs);
  return { number, elapsedMs: nowMs - number * lengthMs, lengthMs };
}

/**
 * Hits in the last `lengthMs`, taking those of the previous window as evenly spread over it: without that share, a client
 * could send twice the limit across a boundary.
 */
export function slidingCount({ previous, current }: WindowHits, { elapsedMs, lengthMs }: Window): number {
  return current + previous * (1 - elapsedMs / lengthMs);
}

/** Milliseconds until one more hit fits under `limit` (at least 1), when none comes in between. 0 when it fits now. */
export function waitMs(hits: WindowHits, window: Window, limit: number): number {
  if (slidingCount(hits, window) + 1 <= limit) return 0;
  const { elapsedMs, lengthMs } = window;
  if (hits.current + 1 <= limit) return untilShare(limit - 1 - hits.current, hits.previous, lengthMs) - elapsedMs;
  return lengthMs - elapsedMs + untilShare(limit - 1, hits.current, lengthMs);
}

/** How far into a window the share of `previous` hits has shrunk to `room`. */
function untilShare(room: number, previous: number, lengthMs: number): number {
  return Math.max(0, lengthMs * (1 - room / previous));
}
