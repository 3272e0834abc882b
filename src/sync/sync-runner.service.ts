import { hostname } from 'node:os';
import { Injectable } from '@nestjs/common';
import { newId } from '../common';
import { LeaseRepository, type RunState, isDatabaseFailure, troubleOf } from '../database';
import { TaostatsClient, TaostatsError } from '../taostats';
import { Attempt, retryInMs } from './attempt';
import { type Dataset, isSnapshot, isStepwise } from './dataset';
import { findDataset } from './datasets';
import { HeldLease, LEASE_TIMES, type LeaseTimes } from './held-lease';
import { toFailure } from './run-failure';
import { RunProgress } from './run-progress';
import { RunReader } from './run-reader';
import { RunReporter } from './run-reporter.service';
import { SnapshotRuns } from './snapshot-runs.service';
import { StepwiseRuns } from './stepwise-runs.service';
import { SyncClocks } from './sync-clocks';
import { FencedError } from './sync-errors';
import { type BegunRun, type FailureRecord, SyncLedger } from './sync-ledger.service';

/** Longest that the fetching of one run may take, pauses and waits for tokens included. */
const FETCH_DEADLINE_MS = 600_000;
/** How often the closing of a run is tried while the database is away; about as long as a lease lives. */
const CLOSING_TRIES = 90;
const CLOSE_AGAIN_MS = 1_000;
/** To the next run after the database was away, for which upstream is not to blame. */
const SOON_MS = 1_000;
/** Failures in a row from which on it waits like any other: what is to be stored may be what takes the database down. */
const PATIENCE = 5;

/**
 * Takes one run from the ledger to its end: lease, fetch, judge, store. Whatever happens, the run is closed with its
 * reason or, when the process or the database is gone, left for the sweep; stored rows change in one transaction only.
 */
@Injectable()
export class SyncRunner {
  /** Names this process in the ledger and in leases. */
  readonly owner = `${hostname()}/${process.pid}/${newId().slice(-8)}`;
  leaseTimes: LeaseTimes = LEASE_TIMES;

  constructor(
    private readonly client: TaostatsClient,
    private readonly ledger: SyncLedger,
    private readonly snapshotRuns: SnapshotRuns,
    private readonly stepwiseRuns: StepwiseRuns,
    private readonly leases: LeaseRepository,
    private readonly reporter: RunReporter,
    private readonly clocks: SyncClocks,
  ) {}

  /** Runs a queued run. Null when there was nothing to do for us. Rejects only while the database is away. */
  async run(runId: string, ending: AbortSignal): Promise<RunState | null> {
    const begun = await this.ledger.begin(runId, this.owner, this.leaseTimes.ttlMs);
    if (begun === null) return null;
    const held = new HeldLease(begun.lease, this.leases, this.clocks.process, this.leaseTimes);
    try {
      const dataset = findDataset(begun.run.dataset);
      if (dataset === undefined) throw new Error(`${begun.run.dataset} is not a dataset of this build`);
      return await this.attempt(dataset, begun, AbortSignal.any([held.lost, ending]));
    } finally {
      await held.release();
    }
  }

  private async attempt(dataset: Dataset, begun: BegunRun, signal: AbortSignal): Promise<RunState> {
    const progress = new RunProgress(begun.run, this.clocks.process);
    const { mode, trigger, id } = begun.run;
    const priority = trigger === 'request' && mode !== 'deep' ? 'interactive' : 'scheduled';
    const reader = new RunReader(this.client, { runId: id, signal, priority, deadlineMs: FETCH_DEADLINE_MS });
    const attempt = new Attempt(dataset, { begun, reader, progress, signal });
    try {
      const state = await this.carryOut(attempt);
      this.reporter.ended({ dataset, runId: id }, state, progress);
      return state;
    } catch (error) {
      return await this.endFailed(attempt, error);
    }
  }

  private carryOut(attempt: Attempt): Promise<RunState> {
    if (attempt.isOf(isStepwise)) return this.stepwiseRuns.run(attempt);
    if (attempt.isOf(isSnapshot)) return this.snapshotRuns.run(attempt);
    throw new Error(`${attempt.dataset.name} has no runs of its own`);
  }

  private async endFailed(attempt: Attempt, error: unknown): Promise<RunState> {
    const { begun, progress, signal } = attempt;
    attempt.countCalls();
    const record = toFailure(signal.aborted ? signal.reason : error, progress);
    progress.fields.reasonCode = record.code;
    const retryAt = error instanceof TaostatsError ? error.retryAt : null;
    const isAway = troubleOf(error) === 'not-ready' && isTriedSoon(begun);
    const delayMs = isAway ? SOON_MS : retryInMs(begun, this.clocks.process.nowMs(), retryAt);
    const state = await this.close(attempt, { ...record, retryInMs: delayMs });
    this.reporter.ended({ dataset: attempt.dataset, runId: begun.run.id }, state, progress, error);
    return state;
  }

  /** Closes the run. While the database is away, waits for it as long as the lease may still be ours. */
  private async close({ begun, signal }: Attempt, record: FailureRecord): Promise<RunState> {
    for (let tries = 1; ; tries += 1) {
      try {
        await this.ledger.fail(begun, record);
        return record.state;
      } catch (error) {
        if (error instanceof FencedError) return this.endedAs(begun.run.id);
        if (!isDatabaseFailure(error) || tries >= CLOSING_TRIES) throw error;
      }
      if (isTriedSoon(begun)) record.retryInMs = SOON_MS;
      await this.clocks.process.sleep(CLOSE_AGAIN_MS, signal);
    }
  }

  /** A commit whose answer was lost with the connection has closed the run as it should be. */
  private async endedAs(runId: string): Promise<RunState> {
    const state = await this.ledger.stateOf(runId);
    return state === 'applied' || state === 'confirmed' ? state : 'fenced';
  }
}

function isTriedSoon({ state }: BegunRun): boolean {
  return state.consecutiveFailures < PATIENCE;
}
