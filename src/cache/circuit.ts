import { type Clock, messageOf } from '../common';

const FIRST_PAUSE_MS = 1_000;
const LONGEST_PAUSE_MS = 10_000;

/** No answer within the limit. */
export class TooSlowError extends Error {}

/**
 * Guards one server: an operation has `limitMs`, and after one that fails nothing is tried until a probe, sent in
 * growing pauses, is answered. A frozen server costs one caller one limit; all others wait for nothing.
 */
export class Circuit {
  private failure: string | null = null;
  private readonly closing = new AbortController();

  constructor(
    private readonly clock: Clock,
    private readonly limitMs: number,
    private readonly probe: () => Promise<unknown>,
  ) {}

  get isOpen(): boolean {
    return this.failure !== null;
  }

  /** Why it is open; null while it is closed. */
  get reason(): string | null {
    return this.failure;
  }

  /** Runs `operation` within the limit. Its own errors pass through and change nothing; `trip` is the caller's to call. */
  async within<T>(operation: () => Promise<T>): Promise<T> {
    const over = new AbortController();
    const limit = this.clock.sleep(this.limitMs, over.signal).then(() => {
      throw new TooSlowError(`no answer within ${this.limitMs} ms`);
    });
    try {
      return await Promise.race([operation(), limit]);
    } finally {
      over.abort(new Error('answered'));
    }
  }

  /** Opens, and probes until an answer comes. */
  trip(error: unknown): void {
    const wasOpen = this.isOpen;
    this.failure = messageOf(error);
    if (!wasOpen && !this.closing.signal.aborted) void this.probeUntilAnswered();
  }

  /** No more probes. */
  close(): void {
    this.closing.abort(new Error('closing'));
  }

  private async probeUntilAnswered(): Promise<void> {
    for (let pauseMs = FIRST_PAUSE_MS; ; pauseMs = Math.min(pauseMs * 2, LONGEST_PAUSE_MS)) {
      try {
        await this.clock.sleep(pauseMs, this.closing.signal);
      } catch {
        return;
      }
      try {
        await this.within(this.probe);
        this.failure = null;
        return;
      } catch (error) {
        this.failure = messageOf(error);
      }
    }
  }
}
