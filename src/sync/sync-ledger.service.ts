import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import {
  type DatasetState,
  DatasetStateRepository,
  type Lease,
  LeaseRepository,
  QuarantineRepository,
  type RawAnswer,
  RawAnswerRepository,
  SyncPageRepository,
  type RunOutcomeFields,
  type RunState,
  type SyncRun,
  SyncRunRepository,
  UnitOfWork,
  retryTransaction,
} from '../database';
import type { RejectedRow } from '../taostats';
import type { Refusal } from './guards';
import { FencedError, isNotOnPlan } from './sync-errors';

/** A run that is under way, and the right to write its dataset. */
export interface BegunRun {
  run: SyncRun;
  lease: Lease;
  /** The dataset as it was when the run began. */
  state: DatasetState;
}

/** What an accepted answer leaves beside its rows. */
export interface AcceptedRecord {
  state: 'applied' | 'confirmed';
  fields: RunOutcomeFields;
  sha256: string;
  recordCount: number;
  rowsKeptBack: number;
  rejected: readonly RejectedRow[];
  rawAnswers: readonly RawAnswer[];
  /** Since the answer was given, when it was not given within this run. */
  answerAgeMs?: number;
}

/** What a failed run leaves. */
export interface FailureRecord {
  state: 'failed' | 'protected' | 'interrupted' | 'fenced';
  fields: RunOutcomeFields;
  code: string;
  message: string;
  retryInMs: number;
  refusal?: Refusal;
  rawAnswers?: readonly RawAnswer[];
}

/** What runs leave behind beside rows: their line, the dataset's state, quarantine, raw answers. */
@Injectable()
export class SyncLedger {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly runs: SyncRunRepository,
    private readonly states: DatasetStateRepository,
    private readonly leases: LeaseRepository,
    private readonly quarantine: QuarantineRepository,
    private readonly rawAnswers: RawAnswerRepository,
    private readonly pages: SyncPageRepository,
  ) {}

  /**
   * Takes the dataset's lease and starts the run under it. Null when the run is not waiting any more or another process
   * holds the dataset: the queue may deliver a run twice.
   */
  async begin(runId: string, owner: string, ttlMs: number): Promise<BegunRun | null> {
    const waiting = await this.runs.find(runId);
    if (waiting?.state !== 'queued') return null;
    const state = await this.states.find(waiting.dataset);
    // Asked for before the schedule's first look: the run waits for that.
    if (state === null) return null;
    const lease = await this.leases.acquire(waiting.dataset, owner, ttlMs);
    if (lease === null) return null;
    const started = await this.unitOfWork.run((manager) => this.runs.start(manager, runId, lease));
    const run = started ? await this.runs.find(runId) : null;
    if (run !== null) return { run, lease, state };
    await this.leases.release(lease);
    return null;
  }

  /** Locks the lease for the rest of the transaction. Throws `sync/fenced` when a later holder exists. */
  async assertHeld(manager: EntityManager, lease: Lease): Promise<void> {
    if (!(await this.leases.isHeld(manager, lease))) throw new FencedError(lease.name);
  }

  /** Closes the run within the transaction that stored its rows, so that neither is without the other. */
  async recordAccepted(manager: EntityManager, begun: BegunRun, record: AcceptedRecord): Promise<void> {
    const target = { dataset: begun.run.dataset, runId: begun.run.id };
    await this.quarantine.record(manager, target, record.rejected);
    await this.rawAnswers.record(manager, { ...target, refused: false }, record.rawAnswers);
    await this.close(manager, begun, record.state, record.fields);
    await this.states.recordSuccess(manager, {
      ...target,
      state: record.state,
      upstreamAt: record.fields.upstreamAt,
      upstreamBlock: record.fields.upstreamBlock,
      sha256: record.sha256,
      recordCount: record.recordCount,
      rowsKeptBack: record.rowsKeptBack,
      answerAgeMs: record.answerAgeMs ?? 0,
    });
  }

  /** The same answer as the one that is stored: only the times of the dataset move. */
  async confirm(begun: BegunRun, record: AcceptedRecord): Promise<void> {
    await this.write(begun, (manager) => this.recordAccepted(manager, begun, record));
  }

  /** One transaction under the lease. Throws `sync/fenced`, having written nothing, when it was taken over. */
  write<T>({ lease }: BegunRun, work: (manager: EntityManager) => Promise<T>): Promise<T> {
    return this.transact(async (manager) => {
      await this.assertHeld(manager, lease);
      return work(manager);
    });
  }

  /** Ends a run that stored nothing. Throws `sync/fenced` when somebody else ended it before. */
  async fail(begun: BegunRun, record: FailureRecord): Promise<void> {
    await this.transact((manager) => this.recordFailed(manager, begun, record));
  }

  /** The same within a transaction of the caller. */
  async recordFailed(manager: EntityManager, begun: BegunRun, record: FailureRecord): Promise<void> {
    const { run } = begun;
    const refusalSha256 = record.refusal?.digest ?? null;
    const fields = { ...record.fields, reasonCode: record.code, reason: record.message, refusalSha256 };
    await this.close(manager, begun, record.state, fields);
    if (record.state === 'fenced') return;
    if (record.state === 'interrupted') {
      await this.states.recordInterruption(manager, run.dataset, run.id);
      return;
    }
    const { state, code, message, retryInMs, refusal } = record;
    const failure = { dataset: run.dataset, runId: run.id, state, code, message, retryInMs };
    if (isNotOnPlan(code)) {
      await this.states.recordNotOnPlan(manager, failure);
      return;
    }
    await this.states.recordFailure(manager, failure);
    if (refusal === undefined) return;
    const evidence = { dataset: run.dataset, runId: run.id, refused: true };
    await this.rawAnswers.record(manager, evidence, record.rawAnswers ?? []);
    await this.states.recordRefusal(manager, run.dataset, { digest: refusal.digest, reason: refusal.reason });
  }

  /** Makes the dataset due so soon, unless it is sooner anyhow. */
  hasten(manager: EntityManager, dataset: string, seconds: number): Promise<void> {
    return this.states.hasten(manager, [dataset], seconds);
  }

  /** How the run stands in the ledger: after a commit whose answer was lost this tells what happened. */
  async stateOf(runId: string): Promise<RunState | null> {
    return (await this.runs.find(runId))?.state ?? null;
  }

  private transact<T>(work: (manager: EntityManager) => Promise<T>): Promise<T> {
    return retryTransaction(() => this.unitOfWork.run(work));
  }

  private async close(
    manager: EntityManager,
    { run, lease }: BegunRun,
    state: RunState,
    fields: RunOutcomeFields,
  ): Promise<void> {
    const closed = await this.runs.close(manager, { id: run.id, state, holder: lease }, fields);
    if (!closed) throw new FencedError(lease.name);
    // Of a run that was cut short they are what the next one goes on with.
    if (state !== 'failed' && state !== 'interrupted') await this.pages.forget(manager, run.id, run.dataset);
  }
}
