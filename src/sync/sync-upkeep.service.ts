import { Injectable, Logger } from '@nestjs/common';
import { SyncRunRepository, UnitOfWork } from '../database';
import { SyncMetrics } from '../metrics';
import { JobQueue } from './job-queue.service';
import { laneOf } from './lane-of';

/** Finds runs that nobody works on any more. */
@Injectable()
export class SyncUpkeep {
  private readonly logger = new Logger('SyncSchedule');

  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly runs: SyncRunRepository,
    private readonly jobs: JobQueue,
    private readonly metrics: SyncMetrics,
  ) {}

  /** Closes runs whose process is gone as `interrupted`. */
  async endOrphans(): Promise<void> {
    const orphans = await this.unitOfWork.run((manager) => this.runs.interruptOrphans(manager));
    for (const { id, dataset } of orphans) {
      this.logger.warn({ dataset, run_id: id }, `${dataset}: the process that ran it is gone`);
      this.metrics.recordRun({ dataset, state: 'interrupted', durationMs: 0, rejected: 0 });
    }
  }

  async offerLost(ageSeconds: number): Promise<void> {
    for (const { id, dataset } of await this.runs.waitingLongerThan(ageSeconds)) {
      await this.jobs.offerAgain({ lane: laneOf(dataset), runId: id });
    }
  }
}
