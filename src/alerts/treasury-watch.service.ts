import { Inject, Injectable, Logger } from '@nestjs/common';
import { ALL_WALLETS } from '../analysis';
import { CLOCK, type Clock, messageOf } from '../common';
import { PortfolioPastReader } from '../treasury';
import type { AlertFinding } from './alert-finding';
import { findTreasuryProblems } from './treasury-findings';
import { TreasuryGauges } from './treasury-gauges';

/** Values are recorded after each run of the positions, every five minutes at the most often by default. */
const LOOK_MS = 120_000;

/** Looks at what the treasury is worth, now and then, for the alerts and for Prometheus. */
@Injectable()
export class TreasuryWatch {
  private readonly logger = new Logger('Alerts');
  private known: AlertFinding[] = [];
  private lookedMs: number | null = null;

  constructor(
    private readonly past: PortfolioPastReader,
    private readonly gauges: TreasuryGauges,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /** The findings of the last look that succeeded. Never rejects: the past of the treasury must not hold other alerts up. */
  async find(): Promise<readonly AlertFinding[]> {
    const nowMs = this.clock.monotonicMs();
    if (this.lookedMs !== null && nowMs - this.lookedMs < LOOK_MS) return this.known;
    this.lookedMs = nowMs;
    try {
      const past = await this.past.read(ALL_WALLETS, 'hour');
      this.gauges.publish(past);
      this.known = findTreasuryProblems(past);
    } catch (error) {
      this.logger.warn({ err: error }, `the value of the treasury cannot be watched: ${messageOf(error)}`);
    }
    return this.known;
  }
}
