import { BLOCK_MS, blockAt, blockMs } from './chain';

export interface SimClockOptions {
  /** Moment at which the simulated chain stands when the simulator starts. */
  startMs: number;
  /** Simulated seconds per real second; 0 stands still until it is advanced. */
  speed: number;
  /** Real time in ms; tests pass their own clock. */
  now: () => number;
}

/** Chain time: real time multiplied by `speed`, plus whatever was advanced by hand. Never goes back. */
export class SimClock {
  private readonly origin: number;
  private advancedMs = 0;
  private latestMs: number;

  constructor(private readonly options: SimClockOptions) {
    this.origin = options.now();
    this.latestMs = options.startMs;
  }

  nowMs(): number {
    const { startMs, speed, now } = this.options;
    this.latestMs = Math.max(this.latestMs, startMs + (now() - this.origin) * speed + this.advancedMs);
    return this.latestMs;
  }

  realMs(): number {
    return this.options.now();
  }

  head(): number {
    return blockAt(this.nowMs());
  }

  advance(ms: number): void {
    if (!(ms >= 0)) throw new RangeError('the clock only goes forward');
    this.nowMs();
    this.advancedMs += ms;
  }

  /** Moves to the start of the next block, so that no two states of the chain share a block number. */
  nextBlock(): number {
    const next = this.head() + 1;
    this.advance(Math.min(BLOCK_MS, Math.max(0, blockMs(next) - this.nowMs())));
    return next;
  }
}
