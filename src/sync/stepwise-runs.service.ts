import { createHash } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { Settings } from '../config';
import type { RunState } from '../database';
import { type Attempt, retryInMs } from './attempt';
import type { Setback, StepwiseDataset, WorkContext, WorkOutcome } from './dataset';
import type { Refusal } from './guards';
import { RunReporter } from './run-reporter.service';
import { SnapshotStore } from './snapshot-store.service';
import { SyncClocks } from './sync-clocks';
import { SyncLedger } from './sync-ledger.service';

/** Runs of datasets of many answers: every step is a transaction of its own, and so is the end of the run. */
@Injectable()
export class StepwiseRuns {
  constructor(
    private readonly settings: Settings,
    private readonly ledger: SyncLedger,
    private readonly store: SnapshotStore,
    private readonly reporter: RunReporter,
    private readonly clocks: SyncClocks,
  ) {}

  /** Rejects with whatever ended the work before its end; the steps before that stand. */
  async run(attempt: Attempt<StepwiseDataset>): Promise<RunState> {
    const { dataset, progress, reader, signal } = attempt;
    const outcome = await dataset.work(this.contextOf(attempt));
    signal.throwIfAborted();
    attempt.countCalls();
    progress.endPhase('apply');
    Object.assign(progress.fields, {
      rowsSeen: outcome.rowsSeen,
      rowsChanged: outcome.rowsChanged,
      rowsUnchanged: Math.max(0, outcome.rowsSeen - outcome.rowsChanged - outcome.rejected.length),
      rowsRejected: outcome.rejected.length,
      upstreamAt: outcome.upstreamAt,
      upstreamBlock: outcome.upstreamBlock === null ? null : String(outcome.upstreamBlock),
      answerSha256: reader.pages === 0 ? null : reader.sha256(),
    });
    return outcome.setback === null ? this.accept(attempt, outcome) : this.fail(attempt, outcome, outcome.setback);
  }

  private contextOf({ dataset, begun, reader, progress }: Attempt<StepwiseDataset>): WorkContext {
    const run = { dataset, runId: begun.run.id };
    return {
      mode: begun.run.mode,
      runId: begun.run.id,
      settings: this.settings,
      startedAt: begun.run.startedAt ?? begun.run.queuedAt,
      elapsedMs: () => progress.durationMs,
      ask: (endpoint, options) => reader.ask(endpoint, options),
      calls: () => reader.calls,
      write: (work) => this.ledger.write(begun, work),
      warn: (reason) => this.reporter.warn(run, reason),
      ...this.store.readings(),
    };
  }

  private async accept(attempt: Attempt<StepwiseDataset>, outcome: WorkOutcome): Promise<RunState> {
    const { begun, progress, reader } = attempt;
    const state = outcome.rowsChanged > 0 ? 'applied' : 'confirmed';
    const rawAnswers = state === 'applied' ? await reader.rawAnswers() : [];
    await this.ledger.write(begun, async (manager) => {
      await this.ledger.recordAccepted(manager, begun, {
        state,
        fields: progress.fields,
        sha256: reader.sha256(),
        recordCount: outcome.recordCount,
        rowsKeptBack: outcome.rejected.length,
        rejected: outcome.rejected,
        rawAnswers,
      });
      await this.settle(manager, attempt, outcome);
    });
    return state;
  }

  private async fail(
    attempt: Attempt<StepwiseDataset>,
    outcome: WorkOutcome,
    { state, code, reason, retryAt }: Setback,
  ): Promise<RunState> {
    const { dataset, begun, progress, reader } = attempt;
    const refusal: Refusal | undefined =
      state === 'protected'
        ? { code, reason, records: outcome.rowsSeen, minimum: 0, digest: digestOf(code, reason), acceptedAfter: null }
        : undefined;
    if (refusal !== undefined) this.reporter.refused({ dataset, runId: begun.run.id }, refusal);
    const rawAnswers = await reader.rawAnswers();
    await this.ledger.write(begun, async (manager) => {
      await this.ledger.recordFailed(manager, begun, {
        state,
        fields: progress.fields,
        code,
        message: reason,
        retryInMs: retryInMs(begun, this.clocks.process.nowMs(), retryAt),
        ...(refusal === undefined ? {} : { refusal, rawAnswers }),
      });
      await this.settle(manager, attempt, outcome);
    });
    progress.fields.reasonCode = code;
    progress.fields.reason = reason;
    return state;
  }

  private async settle(
    manager: EntityManager,
    { dataset, begun }: Attempt<StepwiseDataset>,
    outcome: WorkOutcome,
  ): Promise<void> {
    if (outcome.againInSeconds !== undefined && outcome.setback === null) {
      await this.ledger.hasten(manager, dataset.name, outcome.againInSeconds);
    }
    const { repository } = this.store.readings();
    await dataset.settle?.(manager, outcome, {
      runId: begun.run.id,
      repository,
      settings: this.settings,
    });
  }
}

function digestOf(...words: string[]): string {
  return createHash('sha256').update(JSON.stringify(words)).digest('hex');
}
