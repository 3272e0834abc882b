import type { Clock } from '../../src/common';

interface Sleeper {
  wakesAtMs: number;
  order: number;
  wake: () => void;
}

/**
 * A clock that stands still until `advance`. Sleepers wake in the order of their times, each at its own time, and what
 * they do next (a further sleep included) happens before the next one wakes.
 */
export class FakeClock implements Clock {
  private elapsedMs = 0;
  private ordered = 0;
  private readonly sleepers: Sleeper[] = [];

  constructor(private startMs = Date.UTC(2026, 0, 1)) {}

  nowMs(): number {
    return this.startMs + this.elapsedMs;
  }

  monotonicMs(): number {
    return this.elapsedMs;
  }

  /** How many sleep now. */
  get sleeping(): number {
    return this.sleepers.length;
  }

  /** Moves wall time only, as an operator or NTP does; nobody wakes. */
  setWallTime(nowMs: number): void {
    this.startMs = nowMs - this.elapsedMs;
  }

  sleep(ms: number, signal?: AbortSignal): Promise<void> {
    if (signal?.aborted) return Promise.reject(signal.reason as Error);
    if (ms <= 0) return Promise.resolve();
    return new Promise((resolve, reject) => {
      const onAbort = (): void => {
        this.remove(sleeper);
        reject(signal?.reason as Error);
      };
      const sleeper: Sleeper = {
        wakesAtMs: this.elapsedMs + ms,
        order: this.ordered++,
        wake: () => {
          signal?.removeEventListener('abort', onAbort);
          resolve();
        },
      };
      this.sleepers.push(sleeper);
      signal?.addEventListener('abort', onAbort, { once: true });
    });
  }

  /** Lets `ms` pass, and everything due within it happen. */
  async advance(ms: number): Promise<void> {
    const untilMs = this.elapsedMs + ms;
    await settle();
    for (let next = this.earliest(untilMs); next !== undefined; next = this.earliest(untilMs)) {
      this.elapsedMs = Math.max(this.elapsedMs, next.wakesAtMs);
      this.remove(next);
      next.wake();
      await settle();
    }
    this.elapsedMs = untilMs;
  }

  private earliest(untilMs: number): Sleeper | undefined {
    return this.sleepers
      .filter((sleeper) => sleeper.wakesAtMs <= untilMs)
      .sort((a, b) => a.wakesAtMs - b.wakesAtMs || a.order - b.order)[0];
  }

  private remove(sleeper: Sleeper): void {
    const index = this.sleepers.indexOf(sleeper);
    if (index >= 0) this.sleepers.splice(index, 1);
  }
}

/** Runs every promise continuation that is due now: a turn of the event loop comes after all of them. */
function settle(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
