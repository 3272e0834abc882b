import { Inject, Injectable, type OnApplicationShutdown, type OnModuleInit } from '@nestjs/common';
import { CLOCK, type Clock } from '../common';

const TICK_MS = 500;

/** How late the event loop runs: the delay of the newest half-second tick, or of the one that is overdue. */
@Injectable()
export class EventLoopLag implements OnModuleInit, OnApplicationShutdown {
  private timer: NodeJS.Timeout | undefined;
  private tickedAtMs = 0;
  private newestLagMs = 0;

  constructor(@Inject(CLOCK) private readonly clock: Clock) {}

  onModuleInit(): void {
    this.tickedAtMs = this.clock.monotonicMs();
    this.timer = setInterval(() => {
      const nowMs = this.clock.monotonicMs();
      this.newestLagMs = Math.max(0, nowMs - this.tickedAtMs - TICK_MS);
      this.tickedAtMs = nowMs;
    }, TICK_MS);
    this.timer.unref();
  }

  onApplicationShutdown(): void {
    clearInterval(this.timer);
  }

  lagMs(): number {
    return Math.max(this.newestLagMs, this.clock.monotonicMs() - this.tickedAtMs - TICK_MS, 0);
  }
}
