import { Injectable } from '@nestjs/common';
import { Settings } from '../config';
import { emptySyncCounts, type RunOutcome } from './counts';
import { MetricsLedger } from './metrics-ledger';
import { PrometheusMetrics } from './prometheus-metrics';

export interface RunRecord {
  dataset: string;
  state: RunOutcome;
  durationMs: number;
  /** Rows that went to quarantine. */
  rejected: number;
  /** Stable code of a refusal, for `protected` runs. */
  reasonCode?: string;
}

/** Counts every closed sync run. Records nothing with ENABLE_SYNC_METRICS=false. */
@Injectable()
export class SyncMetrics {
  constructor(
    private readonly settings: Settings,
    private readonly ledger: MetricsLedger,
    private readonly prometheus: PrometheusMetrics,
  ) {}

  recordRun(run: RunRecord): void {
    if (!this.settings.enableSyncMetrics) return;
    const dataset = this.ledger.bounded('sync', run.dataset);
    const counts = (this.ledger.now().sync[dataset] ??= emptySyncCounts());
    counts[run.state] += 1;
    counts.durationMsSum += run.durationMs;
    counts.rejected += run.rejected;
    this.prometheus.syncRuns.inc({ dataset, outcome: run.state });
    this.prometheus.syncDuration.observe({ dataset }, run.durationMs / 1000);
    if (run.rejected > 0) this.prometheus.quarantinedRows.inc({ dataset }, run.rejected);
    if (run.state === 'protected') {
      this.prometheus.writesProtected.inc({ dataset, reason: run.reasonCode ?? 'unknown' });
    }
  }
}
