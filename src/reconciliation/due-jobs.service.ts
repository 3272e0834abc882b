import { Injectable } from '@nestjs/common';
import { Settings } from '../config';
import { ReconciliationRunRepository, RecurringJobRepository, UnitOfWork } from '../database';
import { BudgetedIntervals, QUOTE_CHECK_JOB, RECONCILIATION_JOB, sideJobSeconds } from '../sync';

/** Takes what is due, in the configured interval or the one that the month's credits allow. */
@Injectable()
export class DueJobs {
  constructor(
    private readonly settings: Settings,
    private readonly intervals: BudgetedIntervals,
    private readonly unitOfWork: UnitOfWork,
    private readonly jobs: RecurringJobRepository,
    private readonly runs: ReconciliationRunRepository,
  ) {}

  /** Queues the reconciliation that is due. In one transaction: a claimed slot without a run would be missed. */
  async takeReconciliation(): Promise<void> {
    const seconds = this.secondsOf(RECONCILIATION_JOB);
    if (seconds === null) return;
    await this.unitOfWork.run(async (manager) => {
      await this.jobs.register(manager, RECONCILIATION_JOB, seconds);
      if (!(await this.jobs.claim(manager, RECONCILIATION_JOB, ['positions', 'pools']))) return;
      await this.runs.open(manager, { trigger: 'schedule' });
    });
  }

  /** True for one of all processes when a quote is to be compared now. */
  async takeQuoteCheck(): Promise<boolean> {
    const seconds = this.secondsOf(QUOTE_CHECK_JOB);
    if (seconds === null) return false;
    return this.unitOfWork.run(async (manager) => {
      await this.jobs.register(manager, QUOTE_CHECK_JOB, seconds);
      return this.jobs.claim(manager, QUOTE_CHECK_JOB, ['pools']);
    });
  }

  private secondsOf(job: typeof RECONCILIATION_JOB | typeof QUOTE_CHECK_JOB): number | null {
    const configured = sideJobSeconds(job, this.settings);
    return configured === null ? null : (this.intervals.plannedFor(job) ?? configured);
  }
}
