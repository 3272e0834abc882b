import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { type RawAnswer, RecurringJobRepository, SnapshotRepository, UnitOfWork, retryTransaction } from '../database';
import type { FetchContext, Part, SnapshotDataset } from './dataset';
import { APPROVED, SHRINK_ACCEPTED } from './guards';
import { RepositoryShelf } from './repository-shelf.service';
import { type JudgeOptions, type JudgedPart, judgePart } from './judge-parts';
import type { RunProgress } from './run-progress';
import { RECONCILIATION_JOB } from './side-jobs';
import { type BegunRun, SyncLedger } from './sync-ledger.service';

/** An accepted answer, ready to be stored. */
export interface AcceptedAnswer {
  dataset: SnapshotDataset;
  begun: BegunRun;
  parts: readonly JudgedPart[];
  rawAnswers: readonly RawAnswer[];
  sha256: string;
  progress: RunProgress;
  /** Since it was given, when it was not given within this run. */
  answerAgeMs: number;
}

/** Compares answers with what is stored, and writes accepted ones: everything of one or nothing. */
@Injectable()
export class SnapshotStore {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly ledger: SyncLedger,
    private readonly snapshots: SnapshotRepository,
    private readonly shelf: RepositoryShelf,
  ) {}

  /** What datasets may read while they fetch. */
  readings(): Pick<FetchContext, 'manager' | 'repository'> {
    return { manager: this.unitOfWork.manager, repository: this.shelf.find };
  }

  async judge(parts: readonly Part[], options: JudgeOptions): Promise<JudgedPart[]> {
    const judged: JudgedPart[] = [];
    for (const part of parts) judged.push(await judgePart(this.unitOfWork.manager, this.snapshots, part, options));
    return judged;
  }

  /** True while rows wait to be removed: then even the same answer again has something to say. */
  async hasMissing(parts: readonly Part[]): Promise<boolean> {
    for (const part of parts) {
      if (await this.snapshots.hasMissing(this.unitOfWork.manager, part.entity)) return true;
    }
    return false;
  }

  /** Rows of the dataset that upstream still sends. */
  async countLive(part: Part): Promise<number> {
    return this.snapshots.countLive(this.unitOfWork.manager, part.entity);
  }

  /** One short transaction under the lease. Throws `sync/fenced`, having written nothing, when it was taken over. */
  async apply(answer: AcceptedAnswer): Promise<void> {
    await this.ensurePartitions(answer.parts);
    await retryTransaction(() => this.unitOfWork.run((manager) => this.applyWithin(manager, answer)));
  }

  private async applyWithin(manager: EntityManager, answer: AcceptedAnswer): Promise<void> {
    const { begun, parts, progress } = answer;
    const { fields } = progress;
    await this.ledger.assertHeld(manager, begun.lease);
    fields.rowsChanged = 0;
    fields.rowsMissing = 0;
    for (const part of parts) await this.storePart(manager, part, answer);
    await answer.dataset.afterStore?.(manager, {
      runId: begun.run.id,
      repository: this.shelf.find,
    });
    fields.rowsUnchanged = fields.rowsSeen - fields.rowsChanged;
    const [main] = parts;
    const recordCount = main === undefined ? 0 : await this.snapshots.countLive(manager, main.part.entity);
    progress.endPhase('apply');
    const rejected = parts.flatMap((part) => part.rejected);
    const { sha256, rawAnswers, answerAgeMs } = answer;
    await this.ledger.recordAccepted(manager, begun, {
      state: 'applied',
      fields,
      sha256,
      recordCount,
      rowsKeptBack: rejected.length,
      rejected,
      rawAnswers,
      answerAgeMs,
    });
    if (fields.reasonCode !== SHRINK_ACCEPTED && fields.reasonCode !== APPROVED) return;
    // Believed for its repetition alone: a second reading on another path should not wait for its interval.
    await this.shelf.find(RecurringJobRepository).hasten(manager, RECONCILIATION_JOB, 0);
  }

  private async storePart(
    manager: EntityManager,
    { part, rejected }: JudgedPart,
    { begun, progress }: AcceptedAnswer,
  ): Promise<void> {
    const { entity, rows, newer, history } = part;
    const runId = begun.run.id;
    progress.fields.rowsChanged += await this.snapshots.upsert(manager, { entity, rows, runId, newer });
    if (history !== undefined) {
      const observed = rows.map((row) => ({ ...row, runId }));
      await this.snapshots.appendHistory(manager, history.entity, observed);
    }
    const readable = rejected.flatMap((row) => row.key ?? []);
    await this.snapshots.unmarkMissing(manager, entity, readable);
    // A rejected row without a readable key may be any of those that seem to be missing.
    if (!part.complete || part.excerpt === true || readable.length < rejected.length) return;
    const present = [...rows.map((row) => part.keyOf(row)), ...readable];
    progress.fields.rowsMissing += (await this.snapshots.markMissing(manager, entity, present)).missing;
  }

  /** In transactions of its own: creating a table takes locks that readers would wait for. */
  private async ensurePartitions(parts: readonly JudgedPart[]): Promise<void> {
    for (const { part } of parts) {
      const { history } = part;
      if (history === undefined) continue;
      const moments = part.rows.map((row) => history.momentOf(row));
      await this.snapshots.ensurePartitions(this.unitOfWork.manager, history.entity, moments);
    }
  }
}
