import { type BeforeApplicationShutdown, Injectable, Logger } from '@nestjs/common';
import { Interval } from '@nestjs/schedule';
import { messageOf, redactText } from '../common';
import { DatabaseReadiness } from '../database';
import { DueJobs } from './due-jobs.service';
import { QuoteSpotCheck } from './quote-spot-check.service';
import { ReconciliationWorker } from './reconciliation-worker.service';
import { Repairs } from './repairs.service';

const TICK_MS = 1_000;

/**
 * Looks every second whether a reconciliation or the comparison of a quote is due, whether a run lost its process, and
 * whether a repair can go on. All of it is rows in PostgreSQL, so restarts and further replicas change nothing, and missed slots are made up by one run.
 */
@Injectable()
export class ReconciliationSchedule implements BeforeApplicationShutdown {
  private readonly logger = new Logger('Reconciliation');
  private ending = false;
  private ticking: Promise<void> | null = null;
  private lastProblem: string | null = null;

  constructor(
    private readonly database: DatabaseReadiness,
    private readonly due: DueJobs,
    private readonly repairs: Repairs,
    private readonly worker: ReconciliationWorker,
    private readonly quotes: QuoteSpotCheck,
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
    await this.worker.adoptOrphans();
    await this.due.takeReconciliation();
    await this.repairs.advance();
    this.worker.wake();
    if (await this.due.takeQuoteCheck()) this.quotes.wake();
  }

  private report(error: unknown): void {
    const problem = redactText(messageOf(error));
    if (problem !== this.lastProblem) this.logger.warn({ err: error }, `reconciliation could not look: ${problem}`);
    this.lastProblem = problem;
  }
}
