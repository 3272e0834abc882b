import { Injectable, Logger } from '@nestjs/common';
import { AppError } from '../common';
import type { RunState } from '../database';
import { SyncMetrics } from '../metrics';
import type { DatasetTraits } from './dataset';
import type { Refusal } from './guards';
import type { RunProgress } from './run-progress';
import { isNotOnPlan } from './sync-errors';

/** The run that is spoken of. */
export interface ReportedRun {
  dataset: DatasetTraits;
  runId: string;
}

/** Says in the log and in the metrics what became of runs. */
@Injectable()
export class RunReporter {
  private readonly logger = new Logger('Sync');

  constructor(private readonly metrics: SyncMetrics) {}

  warn({ dataset, runId }: ReportedRun, reason: string): void {
    this.logger.warn({ dataset: dataset.name, run_id: runId, reason }, `${dataset.title} sync: ${reason}`);
  }

  /** In the words that operators search for. */
  refused({ dataset, runId }: ReportedRun, { code, reason, records, minimum }: Refusal): void {
    this.logger.warn(
      { dataset: dataset.name, run_id: runId, records, minimum, code, reason },
      `${dataset.title} sync returned insufficient data`,
    );
  }

  ended(run: ReportedRun, state: RunState, progress: RunProgress, error?: unknown): void {
    if (state === 'queued' || state === 'running') return;
    const { fields, durationMs } = progress;
    const code = fields.reasonCode;
    if (isNotOnPlan(code)) {
      this.logger.log(
        { dataset: run.dataset.name, run_id: run.runId, code },
        `${run.dataset.title} is not on our plan`,
      );
      return;
    }
    this.metrics.recordRun({
      dataset: run.dataset.name,
      state,
      durationMs,
      rejected: fields.rowsRejected,
      ...(code === null ? {} : { reasonCode: code }),
    });
    const line = {
      dataset: run.dataset.name,
      run_id: run.runId,
      state,
      duration_ms: Math.round(durationMs),
      calls: fields.calls,
      rows_seen: fields.rowsSeen,
      rows_changed: fields.rowsChanged,
      rows_rejected: fields.rowsRejected,
      ...(code === null ? {} : { code }),
      // Expected failures say all in their code; only surprises need a stack.
      ...(error instanceof AppError || error === undefined ? {} : { err: error }),
    };
    const message = `${run.dataset.title} sync ${state}`;
    if (state === 'failed' || state === 'fenced') this.logger.warn(line, message);
    else this.logger.log(line, message);
  }
}
