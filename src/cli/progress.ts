import { duration, type Terminal } from './terminal';

/**
 * Seconds until `total` parts are done when they go on as the first `done` did; null before the first one, from which
 * alone nothing can be told.
 */
export function estimateSeconds(done: number, total: number, elapsedMs: number): number | null {
  if (done <= 0 || total <= 0) return null;
  return Math.max(0, ((elapsedMs / done) * (total - done)) / 1000);
}

/** One line on stderr that overwrites itself; silent where nobody watches. */
export class Progress {
  private readonly startedAtMs = performance.now();
  private isShown = false;

  constructor(private readonly terminal: Terminal) {}

  /** `total` null: nobody knows how much there is. */
  show(what: string, done: number, total: number | null): void {
    if (!this.terminal.isWatched) return;
    const elapsedMs = performance.now() - this.startedAtMs;
    const remaining = total === null ? null : estimateSeconds(done, total, elapsedMs);
    const left = remaining === null ? '' : `, about ${duration(remaining)} left`;
    const amount = total === null ? String(done) : `${done} of ${total}`;
    this.terminal.err(`\r\u001b[K${what}: ${amount}, ${duration(elapsedMs / 1000)} so far${left}`);
    this.isShown = true;
  }

  end(): void {
    if (this.isShown) this.terminal.err('\r\u001b[K');
    this.isShown = false;
  }
}
