import { Injectable, Logger } from '@nestjs/common';
import { ClockStepRepository, SyncRunRepository, UnitOfWork } from '../database';
import { SyncMetrics } from '../metrics';
import { JobQueue } from './job-queue.service';
import { laneOf } from './lane-of';

/** Keeps the schedule going: follows the clock, and finds runs that nobody works on any more. */
@Injectable()
export class SyncUpkeep {
  private readonly logger = new Logger('SyncSchedule');

  constructor(
    private readonly clockSteps: ClockStepRepository,
    private readonly unitOfWork: UnitOfWork,
    private readonly runs: SyncRunRepository,
    private readonly jobs: JobQueue,
    private readonly metrics: SyncMetrics,
  ) {}

  /** Before anything is looked up by its time. */
  async followClock(): Promise<void> {
    const seconds = await this.clockSteps.follow();
    if (seconds === 0) return;
    const line = { seconds: Math.round(seconds) };
    this.logger.warn(line, "the database's clock was set back: what was to happen later moved back with it");
  }

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
