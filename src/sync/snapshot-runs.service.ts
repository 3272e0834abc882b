import { Injectable } from '@nestjs/common';
import { type RunState, SyncPageRepository, isDatabaseFailure } from '../database';
import { AnswerGate } from './answer-gate.service';
import { type Attempt, retryInMs } from './attempt';
import type { Part, SnapshotDataset } from './dataset';
import type { Refusal } from './guards';
import type { JudgedPart } from './judge-parts';
import { PageShelf } from './page-shelf';
import { RunReporter } from './run-reporter.service';
import { SnapshotStore } from './snapshot-store.service';
import { SyncClocks } from './sync-clocks';
import { SyncLedger } from './sync-ledger.service';

const RESUMED = 'sync/resumed';

interface Answer {
  parts: Part[];
  sha256: string;
}

/** Runs of datasets that are one answer: fetched, judged as a whole, and stored in the transaction that closes the run. */
@Injectable()
export class SnapshotRuns {
  constructor(
    private readonly gate: AnswerGate,
    private readonly ledger: SyncLedger,
    private readonly store: SnapshotStore,
    private readonly reporter: RunReporter,
    private readonly clocks: SyncClocks,
    private readonly pages: SyncPageRepository,
  ) {}

  /** Rejects with whatever kept the answer from being judged or stored. */
  async run(attempt: Attempt<SnapshotDataset>): Promise<RunState> {
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

  /** Goes on from the pages of a run that was cut short a moment ago. */
  private async fetch({ dataset, begun, reader, progress }: Attempt<SnapshotDataset>): Promise<Answer> {
    const owner = { dataset: dataset.name, runId: begun.run.id };
    const shelf = await PageShelf.open(this.pages, owner, this.clocks.process.nowMs());
    reader.shelf = shelf;
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
    if (shelf.used > 0) {
      fields.reasonCode = RESUMED;
      fields.reason = `${shelf.used} pages of the run before, which was cut short, were not asked for again.`;
    }
    progress.endPhase('fetch');
    return { parts, sha256 };
  }

  /** The same bytes as those that are stored, and no row that waits to be removed. */
  private async isConfirmed({ begun }: Attempt, answer: Answer): Promise<boolean> {
    const { state } = begun;
    if (state.lastSuccessAt === null || state.answerSha256 !== answer.sha256) return false;
    return !(await this.store.hasMissing(answer.parts));
  }

  private async confirm(attempt: Attempt<SnapshotDataset>, answer: Answer): Promise<RunState> {
    const { begun, progress, reader } = attempt;
    const { fields } = progress;
    attempt.countCalls();
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
      answerAgeMs: reader.shelf?.oldestUsedMs ?? 0,
    });
    return 'confirmed';
  }

  private async refuse(attempt: Attempt<SnapshotDataset>, refusal: Refusal): Promise<RunState> {
    const { dataset, begun, progress, reader } = attempt;
    const { code, reason } = refusal;
    this.reporter.refused({ dataset, runId: begun.run.id }, refusal);
    attempt.countCalls();
    await this.ledger.fail(begun, {
      state: 'protected',
      fields: progress.fields,
      code,
      message: reason,
      retryInMs: retryInMs(begun, this.clocks.process.nowMs(), null),
      refusal,
      rawAnswers: await reader.rawAnswers(),
    });
    progress.fields.reasonCode = code;
    return 'protected';
  }

  private async apply(attempt: Attempt<SnapshotDataset>, parts: JudgedPart[], sha256: string): Promise<RunState> {
    const { dataset, begun, progress, reader } = attempt;
    attempt.countCalls();
    const rawAnswers = await reader.rawAnswers();
    try {
      await this.store.apply({
        dataset,
        begun,
        parts,
        rawAnswers,
        sha256,
        progress,
        answerAgeMs: reader.shelf?.oldestUsedMs ?? 0,
      });
    } catch (error) {
      // The connection may have been lost after the commit: then the ledger says `applied`, and so it is.
      if (!isDatabaseFailure(error) || (await this.ledger.stateOf(begun.run.id)) !== 'applied') throw error;
    }
    return 'applied';
  }
}
