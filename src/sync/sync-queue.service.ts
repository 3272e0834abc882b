import { Injectable, Logger } from '@nestjs/common';
import { messageOf, redactText } from '../common';
import { type RunMode, type RunTrigger, type SyncRun, SyncRunRepository, UnitOfWork } from '../database';
import { selectDatasets } from './datasets';
import { JobQueue } from './job-queue.service';
import { laneOf } from './lane-of';
import { SyncWorkers } from './sync-workers.service';

export interface SyncRequest {
  /** All that the mode includes when absent. */
  datasets?: readonly string[] | undefined;
  mode: RunMode;
  trigger: RunTrigger;
}

/** Where syncs are asked for: by the schedule and by people alike. */
@Injectable()
export class SyncQueue {
  private readonly logger = new Logger('SyncQueue');

  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly runs: SyncRunRepository,
    private readonly jobs: JobQueue,
    private readonly workers: SyncWorkers,
  ) {}

  /**
   * The open run of each dataset, queued now unless it has one already. Throws `sync/unknown-dataset` (400) and, without
   * a database, `database/not-ready` (503).
   */
  async request({ datasets, mode, trigger }: SyncRequest): Promise<SyncRun[]> {
    const names = selectDatasets(datasets, mode);
    const requests = names.map((dataset) => ({ dataset, mode, trigger }));
    const runs = await this.unitOfWork.run((manager) => this.runs.open(manager, requests));
    await this.offer(runs);
    return runs;
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
