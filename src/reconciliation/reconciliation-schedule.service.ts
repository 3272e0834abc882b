import { type BeforeApplicationShutdown, Injectable, Logger } from '@nestjs/common';
import { Interval } from '@nestjs/schedule';
import { messageOf, redactText } from '../common';
import { Settings } from '../config';
import { DatabaseReadiness, ReconciliationRunRepository, RecurringJobRepository, UnitOfWork } from '../database';
import { RECONCILIATION_JOB } from '../sync';
import { RECONCILIATION_LEASE, ReconciliationWorker } from './reconciliation-worker.service';
import { Repairs } from './repairs.service';

const TICK_MS = 1_000;
const SECONDS_PER_HOUR = 3_600;

/**
 * Looks every second whether a reconciliation is due, whether one lost its process, and whether a repair can go on. All of
 * it is rows in PostgreSQL, so restarts and further replicas change nothing, and missed slots are made up by one run.
 */
@Injectable()
export class ReconciliationSchedule implements BeforeApplicationShutdown {
  private readonly logger = new Logger('Reconciliation');
  private ending = false;
  private ticking: Promise<void> | null = null;
  private lastProblem: string | null = null;

  constructor(
    private readonly settings: Settings,
    private readonly database: DatabaseReadiness,
    private readonly unitOfWork: UnitOfWork,
    private readonly jobs: RecurringJobRepository,
    private readonly runs: ReconciliationRunRepository,
    private readonly repairs: Repairs,
    private readonly worker: ReconciliationWorker,
  ) {}

  async beforeApplicationShutdown(): Promise<void> {
    this.ending = true;
    await this.ticking;
  }

  /** Never rejects, and never overlaps with itself. */
  @Interval('reconciliation-schedule', TICK_MS)
  async tick(): Promise<void> {
    if (this.ending || this.ticking !== null || !this.database.isReady()) return;
    this.ticking = this.tickOnce().then(
      () => {
        this.lastProblem = null;
      },
      (error: unknown) => this.report(error),
    );
    await this.ticking;
    this.ticking = null;
  }

  async tickOnce(): Promise<void> {
    for (const { id, starts } of await this.runs.requeueOrphans(RECONCILIATION_LEASE)) {
      this.logger.warn({ run_id: id, starts }, 'a reconciliation lost its process and waits for the next one');
    }
    await this.takeDue();
    await this.repairs.advance();
    this.worker.wake();
  }

  /** Queues the run that is due. In one transaction: a claimed slot without a run would be missed. */
  async takeDue(): Promise<void> {
    if (!this.settings.enableReconciliation) return;
    const intervalSeconds = Math.round(this.settings.reconciliationIntervalHours * SECONDS_PER_HOUR);
    await this.unitOfWork.run(async (manager) => {
      await this.jobs.register(manager, RECONCILIATION_JOB, intervalSeconds);
      if (!(await this.jobs.claim(manager, RECONCILIATION_JOB, ['positions', 'pools']))) return;
      await this.runs.open(manager, { trigger: 'schedule' });
    });
  }

  private report(error: unknown): void {
    const problem = redactText(messageOf(error));
    if (problem !== this.lastProblem) this.logger.warn({ err: error }, `reconciliation could not look: ${problem}`);
    this.lastProblem = problem;
  }
}
