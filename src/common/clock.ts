/** Injection token of the process clock. Tests inject a clock that they move by hand. */
export const CLOCK = Symbol('Clock');

/**
 * Time as the process sees it. `nowMs` is wall time (labels, ages); `monotonicMs` never goes back (durations, waits).
 * Leases and the limiter use the database clock instead, so that replicas with skewed clocks agree.
 */
export interface Clock {
  nowMs(): number;
  monotonicMs(): number;
  /** Resolves after `ms`; rejects with the signal's reason once it aborts. Any length is safe, see `MAX_TIMER_MS`. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
}

/** Node fires a longer timer after 1 ms, so longer sleeps are cut into pieces. */
const MAX_TIMER_MS = 2 ** 31 - 1;

export class SystemClock implements Clock {
  nowMs(): number {
    return Date.now();
  }

  monotonicMs(): number {
    return performance.now();
  }

  async sleep(ms: number, signal?: AbortSignal): Promise<void> {
    const until = this.monotonicMs() + ms;
    for (let remaining = ms; remaining > 0; remaining = until - this.monotonicMs()) {
      await sleepOnce(Math.min(remaining, MAX_TIMER_MS), signal);
    }
    signal?.throwIfAborted();
  }
}

function sleepOnce(ms: number, signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal?.aborted) {
      reject(signal.reason as Error);
      return;
    }
    const onAbort = (): void => {
      clearTimeout(timer);
      reject(signal?.reason as Error);
    };
    const timer = setTimeout(() => {
      signal?.removeEventListener('abort', onAbort);
      resolve();
    }, ms);
    signal?.addEventListener('abort', onAbort, { once: true });
  });
}
