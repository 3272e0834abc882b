import { hostname } from 'node:os';
import { Injectable } from '@nestjs/common';
import { newId } from '../common';
import { LeaseRepository, type RunState, isDatabaseFailure } from '../database';
import { TaostatsClient, TaostatsError } from '../taostats';
import { AnswerGate } from './answer-gate.service';
import type { Dataset, Part } from './dataset';
import { findDataset } from './datasets';
import type { Refusal } from './guards';
import { HeldLease, LEASE_TIMES, type LeaseTimes } from './held-lease';
import type { JudgedPart } from './judge-parts';
import { retryDelayMs } from './retry-delay';
import { toFailure } from './run-failure';
import { RunProgress } from './run-progress';
import { RunReader } from './run-reader';
import { RunReporter } from './run-reporter.service';
import { SnapshotStore } from './snapshot-store.service';
import { SyncClocks } from './sync-clocks';
import { FencedError } from './sync-errors';
import { type BegunRun, SyncLedger } from './sync-ledger.service';

/** Longest that the fetching of one run may take, pauses and waits for tokens included. */
const FETCH_DEADLINE_MS = 600_000;

/** One run under way, with all that its steps share. */
interface Attempt {
  dataset: Dataset;
  begun: BegunRun;
  reader: RunReader;
  progress: RunProgress;
  signal: AbortSignal;
}

interface Answer {
  parts: Part[];
  sha256: string;
}

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
    private readonly gate: AnswerGate,
    private readonly ledger: SyncLedger,
    private readonly store: SnapshotStore,
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
    const attempt: Attempt = { dataset, begun, reader, progress, signal };
    try {
      const state = await this.fetchAndStore(attempt);
      this.reporter.ended({ dataset, runId: id }, state, progress);
      return state;
    } catch (error) {
      return await this.endFailed(attempt, error);
    }
  }

  private async fetchAndStore(attempt: Attempt): Promise<RunState> {
    const { dataset, begun, progress, signal } = attempt;
    const answer = await this.fetch(attempt);
    signal.throwIfAborted();
    // Without anything to ask, nothing was left out: what is stored is as true as before.
    if (answer.parts.length === 0 || (await this.isConfirmed(attempt, answer))) return this.confirm(attempt, answer);
    const admission = await this.gate.admit(dataset, begun, answer.parts, progress);
    progress.endPhase('guard');
    if ('refusal' in admission) return this.refuse(attempt, admission.refusal);
    return this.apply(attempt, admission.parts, answer.sha256);
  }

  private async fetch({ dataset, begun, reader, progress }: Attempt): Promise<Answer> {
    const parts = await dataset.fetch({
      mode: begun.run.mode,
      ask: (endpoint, options) => reader.ask(endpoint, options),
      ...this.store.readings(),
    });
    const { fields } = progress;
    const sha256 = reader.sha256();
    fields.answerSha256 = sha256;
    fields.upstreamAt = reader.upstreamAt;
    fields.upstreamBlock = reader.upstreamBlock;
    progress.endPhase('fetch');
    return { parts, sha256 };
  }

  /** The same bytes as those that are stored, and no row that waits to be removed. */
  private async isConfirmed({ begun }: Attempt, answer: Answer): Promise<boolean> {
    const { state } = begun;
    if (state.lastSuccessAt === null || state.answerSha256 !== answer.sha256) return false;
    return !(await this.store.hasMissing(answer.parts));
  }

  private async confirm(attempt: Attempt, answer: Answer): Promise<RunState> {
    const { begun, progress, reader } = attempt;
    const { fields } = progress;
    this.countCalls(attempt);
    const rejected = answer.parts.reduce((sum, part) => sum + part.rejected.length, 0);
    fields.rowsSeen = answer.parts.reduce((sum, part) => sum + part.rows.length, rejected);
    fields.rowsRejected = rejected;
    fields.rowsUnchanged = fields.rowsSeen - rejected;
    progress.endPhase('guard');
    await this.ledger.confirm(begun, {
      state: 'confirmed',
      fields,
      sha256: reader.sha256(),
      recordCount: begun.state.recordCount,
      rowsKeptBack: rejected,
      rejected: [],
      rawAnswers: [],
    });
    return 'confirmed';
  }

  private async refuse(attempt: Attempt, refusal: Refusal): Promise<RunState> {
    const { dataset, begun, progress, reader } = attempt;
    const { code, reason } = refusal;
    this.reporter.refused({ dataset, runId: begun.run.id }, refusal);
    this.countCalls(attempt);
    await this.ledger.fail(begun, {
      state: 'protected',
      fields: progress.fields,
      code,
      message: reason,
      retryInMs: this.retryInMs(begun, null),
      refusal,
      rawAnswers: await reader.rawAnswers(),
    });
    progress.fields.reasonCode = code;
    return 'protected';
  }

  private async apply(attempt: Attempt, parts: JudgedPart[], sha256: string): Promise<RunState> {
    const { dataset, begun, progress, reader } = attempt;
    this.countCalls(attempt);
    const rawAnswers = await reader.rawAnswers();
    try {
      await this.store.apply({ dataset, begun, parts, rawAnswers, sha256, progress });
    } catch (error) {
      // The connection may have been lost after the commit: then the ledger says `applied`, and so it is.
      if (!isDatabaseFailure(error) || (await this.ledger.stateOf(begun.run.id)) !== 'applied') throw error;
    }
    return 'applied';
  }

  private async endFailed(attempt: Attempt, error: unknown): Promise<RunState> {
    const { begun, progress, signal } = attempt;
    this.countCalls(attempt);
    const record = toFailure(signal.aborted ? signal.reason : error, progress);
    progress.fields.reasonCode = record.code;
    const retryAt = error instanceof TaostatsError ? error.retryAt : null;
    try {
      await this.ledger.fail(begun, { ...record, retryInMs: this.retryInMs(begun, retryAt) });
    } catch (closing) {
      if (!(closing instanceof FencedError)) throw closing;
      record.state = 'fenced';
    }
    this.reporter.ended({ dataset: attempt.dataset, runId: begun.run.id }, record.state, progress, error);
    return record.state;
  }

  private retryInMs({ state }: BegunRun, retryAt: Date | null): number {
    return retryDelayMs({
      failures: state.consecutiveFailures,
      intervalMs: state.intervalSeconds * 1000,
      nowMs: this.clocks.process.nowMs(),
      retryAtMs: retryAt?.getTime() ?? null,
      random: Math.random(),
    });
  }

  private countCalls({ reader, progress }: Attempt): void {
    progress.fields.calls = reader.calls;
    progress.fields.pages = reader.pages;
  }
}
