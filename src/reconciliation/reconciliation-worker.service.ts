import { hostname } from 'node:os';
import { type BeforeApplicationShutdown, Inject, Injectable, Logger } from '@nestjs/common';
import { AppError, CLOCK, type Clock, messageOf, newId, redactText } from '../common';
import { LeaseRepository, type ReconciliationRun, ReconciliationRunRepository } from '../database';
import { FencedError, HeldLease, LEASE_TIMES, type LeaseTimes, ShutdownError } from '../sync';
import { Reconciler } from './reconciler.service';
import { ReconciliationLedger } from './reconciliation-ledger.service';

/** Of all processes the one that holds it reconciles. */
const LEASE = 'reconciliation';
/** A run over which so many processes died is given up. */
const MAX_STARTS = 3;

/** Carries out the run that waits. Whatever happens it is closed with its reason, or waits for the next process. */
@Injectable()
export class ReconciliationWorker implements BeforeApplicationShutdown {
  private readonly logger = new Logger('Reconciliation');
  private readonly owner = `${hostname()}/${process.pid}/${newId().slice(-8)}`;
  private readonly ending = new AbortController();
  private working: Promise<unknown> | null = null;
  private lastProblem: string | null = null;
  leaseTimes: LeaseTimes = LEASE_TIMES;

  constructor(
    private readonly reconciler: Reconciler,
    private readonly ledger: ReconciliationLedger,
    private readonly runs: ReconciliationRunRepository,
    private readonly leases: LeaseRepository,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  async beforeApplicationShutdown(): Promise<void> {
    this.ending.abort(new ShutdownError());
    await this.working;
  }

  /** Begins with what waits, unless this process is at work. Waits for nothing and never rejects. */
  wake(): void {
    if (this.ending.signal.aborted) return;
    this.working ??= this.workOnce()
      .then(
        () => {
          this.lastProblem = null;
        },
        (error: unknown) => this.report(error),
      )
      .finally(() => {
        this.working = null;
      });
  }

  /** Puts runs back into the queue whose process is gone. */
  async adoptOrphans(): Promise<void> {
    for (const { id, starts } of await this.runs.requeueOrphans(LEASE)) {
      this.logger.warn({ run_id: id, starts }, 'a reconciliation lost its process and waits for the next one');
    }
  }

  /** True when there was a run to carry out. Rejects only while the database is away. */
  async workOnce(): Promise<boolean> {
    if ((await this.runs.queued()) === null) return false;
    const lease = await this.leases.acquire(LEASE, this.owner, this.leaseTimes.ttlMs);
    if (lease === null) return false;
    const held = new HeldLease(lease, this.leases, this.clock, this.leaseTimes);
    try {
      const run = await this.ledger.start(lease);
      if (run === null) return false;
      await this.carryOut(run, held);
      return true;
    } finally {
      await held.release();
    }
  }

  private async carryOut(run: ReconciliationRun, { lease, lost }: HeldLease): Promise<void> {
    const signal = AbortSignal.any([lost, this.ending.signal]);
    try {
      if (run.starts > MAX_STARTS) {
        throw new AppError('reconciliation/given-up', `${MAX_STARTS} processes ended while they carried it out`);
      }
      await this.ledger.finish(run, lease, await this.reconciler.reconcile(run, signal));
    } catch (error) {
      // Whoever has the lease next finds the run without an owner and carries it out.
      if (lost.aborted || error instanceof FencedError) return;
      if (this.ending.signal.aborted) return this.runs.putBack(run);
      this.logger.error({ err: error, run_id: run.id }, `reconciliation failed: ${redactText(messageOf(error))}`);
      await this.ledger.giveUp(run, lease, error);
    }
  }

  private report(error: unknown): void {
    const problem = redactText(messageOf(error));
    if (problem !== this.lastProblem) this.logger.warn({ err: error }, `reconciliation could not work: ${problem}`);
    this.lastProblem = problem;
  }
}
