const WINDOW_MS = 10 * 60_000;
const SHARE = 0.1;
/** Below a hundred calls a tenth is too few to ride out a single hiccup. */
const FLOOR = 10;

/** At most a tenth of the attempts of the last ten minutes may be retries: a failing upstream gets less traffic, not more. */
export class RetryBudget {
  private attempts: number[] = [];
  private retries: number[] = [];

  recordAttempt(nowMs: number, isRetry: boolean): void {
    this.attempts.push(nowMs);
    if (isRetry) this.retries.push(nowMs);
  }

  allows(nowMs: number): boolean {
    const since = nowMs - WINDOW_MS;
    this.attempts = this.attempts.filter((atMs) => atMs > since);
    this.retries = this.retries.filter((atMs) => atMs > since);
    return this.retries.length < Math.max(FLOOR, Math.floor(this.attempts.length * SHARE));
  }
}
