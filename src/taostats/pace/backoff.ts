export interface BackoffShape {
  initialMs: number;
  multiplier: number;
  /** Jitter included, no wait is ever longer. */
  maxMs: number;
}

/** Two clients that fail together must not come back together, nor at once. */
const FLOOR_MS = 250;

/**
 * Wait before retry `retry` (1 = first): full jitter over `initialMs * multiplier^(retry-1)`, capped at `maxMs`.
 * `random` is in [0, 1). At least 250 ms where the cap allows it.
 */
export function computeBackoffMs(retry: number, shape: BackoffShape, random: number): number {
  const boundMs = Math.min(shape.maxMs, shape.initialMs * shape.multiplier ** (retry - 1));
  return Math.max(Math.floor(random * boundMs), Math.min(FLOOR_MS, boundMs));
}
