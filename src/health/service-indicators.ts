import { Inject, Injectable } from '@nestjs/common';
import { HealthIndicatorService } from '@nestjs/terminus';
import { CLOCK, type Clock } from '../common';
import { DatabaseReadiness } from '../database';
import { EventLoopLag } from '../metrics';
import { Drain } from './drain';

const PING_LIMIT_MS = 500;
const PING_KEPT_MS = 2_000;
const MAX_LAG_MS = 5_000;

/** Terminus indicators of the process itself and of the one dependency that it cannot serve without. */
@Injectable()
export class ServiceIndicators {
  private pingedMs = -Infinity;
  private ping: Promise<string | null> = Promise.resolve(null);

  constructor(
    private readonly indicator: HealthIndicatorService,
    private readonly readiness: DatabaseReadiness,
    private readonly lag: EventLoopLag,
    private readonly drain: Drain,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /** Down when the event loop is over five seconds late. Touches nothing outside the process. */
  eventLoop() {
    const lagMs = Math.round(this.lag.lagMs());
    const check = this.indicator.check('event_loop');
    return lagMs <= MAX_LAG_MS ? check.up({ lag_ms: lagMs }) : check.down({ lag_ms: lagMs });
  }

  /** Down when PostgreSQL does not answer a ping within half a second. Probes within two seconds share one ping. */
  async database() {
    const problem = await this.pingOnce();
    const check = this.indicator.check('database');
    return problem === null ? check.up() : check.down({ message: problem });
  }

  /** Down until PostgreSQL was reached and every migration ran. */
  migrations() {
    const check = this.indicator.check('migrations');
    if (this.readiness.isReady()) return check.up();
    return check.down({ message: this.readiness.lastError ?? 'not done yet' });
  }

  /** Down from the beginning of shutdown. */
  accepting() {
    const check = this.indicator.check('accepting');
    return this.drain.isDraining ? check.down({ message: 'shutting down' }) : check.up();
  }

  private pingOnce(): Promise<string | null> {
    const nowMs = this.clock.monotonicMs();
    if (nowMs - this.pingedMs > PING_KEPT_MS) {
      this.pingedMs = nowMs;
      this.ping = this.readiness.ping(PING_LIMIT_MS).then(
        () => null,
        () => this.readiness.lastError ?? `no answer within ${PING_LIMIT_MS} ms`,
      );
    }
    return this.ping;
  }
}
