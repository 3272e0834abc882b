import { Injectable, Logger } from '@nestjs/common';
import { messageOf, redactText } from '../common';
import type { RunMode, SyncRun } from '../database';
import { JobQueue } from './job-queue.service';
import { laneOf } from './lane-of';
import { type AdmittedRequest, SyncAdmission } from './sync-admission.service';
import { SyncPlan } from './sync-plan.service';
import { SyncRequestRefusedError } from './sync-errors';
import { SyncWorkers } from './sync-workers.service';

export interface SyncRequest {
  /** All that the mode includes when absent. */
  datasets?: readonly string[] | undefined;
  mode: RunMode;
}

export interface AcceptedRequest extends AdmittedRequest {
  /** Calls to TaoStats that the runs are expected to make together. */
  plannedCalls: number;
}

/** Where syncs are asked for: by the schedule and by people alike. */
@Injectable()
export class SyncQueue {
  private readonly logger = new Logger('SyncQueue');

  constructor(
    private readonly plan: SyncPlan,
    private readonly admission: SyncAdmission,
    private readonly jobs: JobQueue,
    private readonly workers: SyncWorkers,
  ) {}

  /**
   * The open run of each dataset, queued now unless it has one already, and what is not synced because it was asked for
   * too often. Throws `sync/unknown-dataset` (400), `sync/asked-too-soon` and `sync/request-budget-spent` (429) when that
   * is all of it, and, without a database, `database/not-ready` (503).
   */
  async request({ datasets, mode }: SyncRequest): Promise<AcceptedRequest> {
    const planned = await this.plan.plan(datasets, mode);
    const { runs, refused } = await this.admission.admit(planned.datasets, mode);
    if (runs.length === 0 && refused.length > 0) throw new SyncRequestRefusedError(refused);
    await this.offer(runs);
    const plannedCalls = planned.datasets
      .filter(({ dataset }) => runs.some((run) => run.dataset === dataset))
      .reduce((sum, { plannedCalls: calls }) => sum + calls, 0);
    return { runs, refused, plannedCalls };
  }

  /** Hands queued runs to the workers. What cannot be offered now is offered again by the schedule. */
  async offer(runs: readonly SyncRun[]): Promise<void> {
    for (const run of runs) {
      if (run.state !== 'queued') continue;
      await this.jobs.offer({ lane: laneOf(run.dataset), runId: run.id }).catch((error: unknown) => {
        const line = { dataset: run.dataset, run_id: run.id };
        this.logger.warn(line, `a run could not be offered yet: ${redactText(messageOf(error))}`);
      });
    }
    this.workers.wake();
  }
}
