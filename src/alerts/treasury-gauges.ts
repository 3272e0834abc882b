import { Injectable } from '@nestjs/common';
import { PrometheusMetrics } from '../metrics';
import type { PortfolioPast } from '../treasury';

/** What all wallets together are worth, as Prometheus gauges. Not known has no sample: it is no value of zero. */
@Injectable()
export class TreasuryGauges {
  private readonly nav;
  private readonly complete;
  private readonly navAt;
  private readonly drawdown;
  private readonly limit;

  constructor(prometheus: PrometheusMetrics) {
    const gauge = prometheus.gauge.bind(prometheus);
    this.nav = gauge('tao_nav_tao', 'Value of all wallets in TAO: mid, and when half or all of it is sold.', ['basis']);
    this.complete = gauge('tao_nav_complete', '1 while the newest value of all wallets is known.');
    this.navAt = gauge('tao_nav_timestamp_seconds', 'Block time of the newest value of all wallets.');
    this.drawdown = gauge('tao_drawdown_ratio', 'Fraction below the peak of the flow-adjusted value.', ['basis']);
    this.limit = gauge('tao_drawdown_limit_ratio', 'The limits of the drawdown.', ['limit']);
  }

  publish({ points, drawdown }: PortfolioPast): void {
    const newest = points.at(-1);
    this.nav.reset();
    this.drawdown.reset();
    this.limit.set({ limit: 'soft' }, Number(drawdown.soft_limit));
    this.limit.set({ limit: 'hard' }, Number(drawdown.hard_limit));
    if (newest === undefined) return;
    this.complete.set(newest.complete ? 1 : 0);
    this.navAt.set(Date.parse(newest.at) / 1000);
    for (const [basis, value] of [
      ['mid', newest.mid_tao],
      ['exec50', newest.executable_50_tao],
      ['exec100', newest.executable_100_tao],
    ] as const) {
      if (value !== null) this.nav.set({ basis }, Number(value));
    }
    if (drawdown.current !== null) this.drawdown.set({ basis: 'exec100' }, Number(drawdown.current));
  }
}
