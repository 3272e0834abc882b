import { Injectable } from '@nestjs/common';
import { Settings } from '../config';
import type { Part, SnapshotDataset } from './dataset';
import { APPROVED, type Refusal, SHRINK_ACCEPTED, isAcceptedByRepetition } from './guards';
import type { JudgedPart } from './judge-parts';
import type { RunProgress } from './run-progress';
import { RunReporter } from './run-reporter.service';
import { SnapshotStore } from './snapshot-store.service';
import { SyncClocks } from './sync-clocks';
import type { BegunRun } from './sync-ledger.service';

export type Admission = { parts: JudgedPart[] } | { refusal: Refusal };

/** Decides which parts of an answer may be stored. ENABLE_PARTIAL_FAILURE_PROTECTION=false opens it for all of them. */
@Injectable()
export class AnswerGate {
  constructor(
    private readonly settings: Settings,
    private readonly store: SnapshotStore,
    private readonly clocks: SyncClocks,
    private readonly reporter: RunReporter,
  ) {}

  /** The parts to store, or the refusal of a part that the dataset cannot do without. Counts rows into `progress`. */
  async admit(
    dataset: SnapshotDataset,
    begun: BegunRun,
    given: readonly Part[],
    progress: RunProgress,
  ): Promise<Admission> {
    const { fields } = progress;
    const minRecords = this.settings.minRecordsForValidSync;
    const judged = await this.store.judge(given, { minRecords, older: isOlder(begun, progress) });
    for (const { part, rejected } of judged) {
      fields.rowsSeen += part.rows.length + rejected.length;
      fields.rowsRejected += rejected.length;
    }
    const run = { dataset, runId: begun.run.id };
    const parts: JudgedPart[] = [];
    for (const candidate of judged) {
      const { part, refusal, warnings } = candidate;
      for (const warning of warnings) this.reporter.warn(run, warning);
      if (refusal === null || !this.settings.enablePartialFailureProtection) parts.push(candidate);
      else if (isApproved(begun, refusal) || (await this.mustBeTrue(begun, refusal))) {
        fields.reasonCode = isApproved(begun, refusal) ? APPROVED : SHRINK_ACCEPTED;
        fields.reason = refusal.reason;
        parts.push(candidate);
      } else if (part.optional === true) this.reporter.warn(run, `${refusal.reason}; what is stored stays`);
      else return { refusal };
    }
    return { parts };
  }

  private async mustBeTrue({ state }: BegunRun, refusal: Refusal): Promise<boolean> {
    const memory = { digest: state.refusedSha256, count: state.refusedCount, since: state.refusedSince };
    const now = await this.clocks.database.now();
    return isAcceptedByRepetition(refusal, memory, { now, intervalSeconds: state.intervalSeconds });
  }
}

function isApproved({ state }: BegunRun, refusal: Refusal): boolean {
  return refusal.acceptedAfter !== null && state.approvedSha256 === refusal.digest;
}

function isOlder({ state }: BegunRun, { fields }: RunProgress): boolean {
  if (fields.upstreamBlock !== null && state.upstreamBlock !== null) {
    return BigInt(fields.upstreamBlock) < BigInt(state.upstreamBlock);
  }
  return fields.upstreamAt !== null && state.upstreamAt !== null && fields.upstreamAt < state.upstreamAt;
}
