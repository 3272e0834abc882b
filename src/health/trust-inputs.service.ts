import { Inject, Injectable } from '@nestjs/common';
import { ReadThroughCache } from '../cache';
import { CLOCK, type Clock } from '../common';
import { featureFlags, modeOf, Settings } from '../config';
import { MetricsStore } from '../database';
import { EventLoopLag, SERVICE_VERSION, UpstreamGauge } from '../metrics';
import { DatabaseWatch } from './database-watch.service';
import type { TrustInputs } from './trust-inputs';

/** Gathers from memory what a trust pack is made of. Waits for nothing. */
@Injectable()
export class TrustInputsReader {
  private readonly startedMs: number;
  private readonly startedAt: Date;

  constructor(
    private readonly settings: Settings,
    private readonly database: DatabaseWatch,
    private readonly metrics: MetricsStore,
    private readonly cache: ReadThroughCache,
    private readonly upstream: UpstreamGauge,
    private readonly lag: EventLoopLag,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {
    this.startedMs = clock.monotonicMs();
    this.startedAt = new Date(clock.nowMs());
  }

  read(): TrustInputs {
    const { kind, available } = this.cache.state();
    return {
      now: this.database.now(),
      startedAt: this.startedAt,
      uptimeSeconds: (this.clock.monotonicMs() - this.startedMs) / 1000,
      version: SERVICE_VERSION,
      mode: modeOf(this.settings),
      featureFlags: featureFlags(this.settings),
      settings: this.settings,
      database: this.database.reading(),
      cache: { kind, available },
      upstream: this.upstream.upstreamSnapshot(),
      metrics: this.metrics.reading(),
      datasets: this.database.datasets(),
      budget: this.database.budget(),
      reconciliation: this.database.reconciliation(),
      eventLoopLagMs: this.lag.lagMs(),
    };
  }
}
