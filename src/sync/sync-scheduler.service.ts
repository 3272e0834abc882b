import { type BeforeApplicationShutdown, Injectable, Logger } from '@nestjs/common';
import { Interval } from '@nestjs/schedule';
import { messageOf, redactText } from '../common';
import { DatabaseReadiness, DatasetStateRepository, type SyncRun, SyncRunRepository, UnitOfWork } from '../database';
import { BudgetedIntervals } from './budgeted-intervals.service';
import { scheduledNames } from './datasets';
import { SyncQueue } from './sync-queue.service';
import { SyncUpkeep } from './sync-upkeep.service';

const TICK_MS = 1_000;
/** A run that waits longer may have lost its job. */
const LOST_AFTER_SECONDS = 10;

/**
 * Looks every second what is due. The due-table in PostgreSQL is the schedule, so restarts, outages and further replicas
 * change nothing about it: whoever looks first takes a dataset, and a missed hour is made up by one run.
 */
@Injectable()
export class SyncScheduler implements BeforeApplicationShutdown {
  private readonly logger = new Logger('SyncSchedule');
  private ending = false;
  private ticking: Promise<void> | null = null;
  private lastProblem: string | null = null;

  constructor(
    private readonly intervals: BudgetedIntervals,
    private readonly database: DatabaseReadiness,
    private readonly unitOfWork: UnitOfWork,
    private readonly states: DatasetStateRepository,
    private readonly runs: SyncRunRepository,
    private readonly queue: SyncQueue,
    private readonly upkeep: SyncUpkeep,
  ) {}

  async beforeApplicationShutdown(): Promise<void> {
    this.ending = true;
    await this.ticking;
  }

  /** Never rejects, and never overlaps with itself. */
  @Interval('sync-schedule', TICK_MS)
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

  /** Follows the clock, ends what died, takes what is due, and offers what was lost. */
  async tickOnce(): Promise<void> {
    await this.upkeep.followClock();
    await this.intervals.refresh((schedules) => this.states.register(schedules));
    await this.upkeep.endOrphans();
    await this.queue.offer(await this.takeDue());
    await this.upkeep.offerLost(LOST_AFTER_SECONDS);
  }

  /** In one transaction: a claimed dataset without a run would miss its slot. */
  private takeDue(): Promise<SyncRun[]> {
    return this.unitOfWork.run(async (manager) => {
      const due = await this.states.claimDue(manager, scheduledNames());
      return this.runs.open(
        manager,
        due.map(({ dataset, neverSynced }) => ({
          dataset,
          mode: 'refresh' as const,
          trigger: neverSynced ? ('boot' as const) : ('schedule' as const),
        })),
      );
    });
  }

  private report(error: unknown): void {
    const problem = redactText(messageOf(error));
    if (problem !== this.lastProblem) this.logger.warn({ err: error }, `the schedule could not look: ${problem}`);
    this.lastProblem = problem;
  }
}
