import type { PrometheusMetrics } from './prometheus-metrics';

const VERDICTS = ['pass', 'drift', 'break', 'incomplete'] as const;

/** How reconciliation stands; null where nothing is known, which has no sample. */
export interface ReconciliationStanding {
  /** 0 while the flag is off. */
  intervalSeconds: number;
  verdict: string | null;
  breaks: number | null;
  balancesOffTao: string | null;
  lastRunAt: Date | null;
  lastPassAt: Date | null;
  /** Null: no quote was compared yet. */
  quoteDrifted: boolean | null;
}

/** The newest reconciliation and the newest quote that was compared; the same on every replica. */
export class ReconciliationGauges {
  private readonly verdict;
  private readonly breaks;
  private readonly difference;
  private readonly lastRun;
  private readonly lastPass;
  private readonly interval;
  private readonly quoteDrift;

  constructor(prometheus: PrometheusMetrics) {
    const gauge = prometheus.gauge.bind(prometheus);
    this.verdict = gauge('tao_reconciliation_verdict', '1 for the verdict of the newest run, 0 for the others.', [
      'verdict',
    ]);
    this.breaks = gauge('tao_reconciliation_breaks', 'Quantities that did not add up in the newest run.');
    this.difference = gauge(
      'tao_reconciliation_diff_tao',
      'TAO by which balances were off in the newest run, at most.',
    );
    this.lastRun = gauge('tao_reconciliation_last_run_timestamp_seconds', 'End of the newest run.');
    this.lastPass = gauge(
      'tao_reconciliation_last_pass_timestamp_seconds',
      'End of the newest run whose quantities add up.',
    );
    this.interval = gauge('tao_reconciliation_interval_seconds', 'Interval of reconciliation; 0 while it is off.');
    this.quoteDrift = gauge('tao_quote_check_drift', '1 while our quotes are further from TaoStats than they may be.');
  }

  publish(standing: ReconciliationStanding): void {
    this.interval.set(standing.intervalSeconds);
    if (standing.verdict !== null) {
      for (const verdict of VERDICTS) this.verdict.set({ verdict }, standing.verdict === verdict ? 1 : 0);
    }
    if (standing.breaks !== null) this.breaks.set(standing.breaks);
    if (standing.balancesOffTao !== null) this.difference.set(Number(standing.balancesOffTao));
    if (standing.lastRunAt !== null) this.lastRun.set(standing.lastRunAt.getTime() / 1000);
    if (standing.lastPassAt !== null) this.lastPass.set(standing.lastPassAt.getTime() / 1000);
    if (standing.quoteDrifted !== null) this.quoteDrift.set(standing.quoteDrifted ? 1 : 0);
  }
}
