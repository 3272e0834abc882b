import type { Clock } from '../common';
import type { RunOutcomeFields, RunPhase, SyncRun } from '../database';

/** What a run has done so far: its phases with their durations, and the figures of its line in the ledger. */
export class RunProgress {
  readonly fields: RunOutcomeFields;
  private readonly phases: RunPhase[];
  private phaseStartedAtMs: number;
  private readonly startedAtMs: number;

  constructor(
    run: Pick<SyncRun, 'queuedAt' | 'startedAt'>,
    private readonly clock: Clock,
  ) {
    const waitMs = (run.startedAt ?? run.queuedAt).getTime() - run.queuedAt.getTime();
    this.phases = [{ phase: 'wait', durationMs: Math.max(0, waitMs) }];
    this.startedAtMs = this.phaseStartedAtMs = clock.monotonicMs();
    this.fields = {
      calls: 0,
      pages: 0,
      rowsSeen: 0,
      rowsChanged: 0,
      rowsUnchanged: 0,
      rowsRejected: 0,
      rowsMissing: 0,
      upstreamAt: null,
      upstreamBlock: null,
      answerSha256: null,
      reasonCode: null,
      reason: null,
      phases: this.phases,
    };
  }

  /** Ends the phase that is under way under this name; the next one begins. */
  endPhase(phase: string): void {
    const nowMs = this.clock.monotonicMs();
    const known = this.phases.findIndex((candidate) => candidate.phase === phase);
    const entry = { phase, durationMs: Math.round(nowMs - this.phaseStartedAtMs) };
    if (known < 0) this.phases.push(entry);
    // A transaction that ran twice took as long as both.
    else this.phases[known] = { phase, durationMs: entry.durationMs + (this.phases[known]?.durationMs ?? 0) };
    this.phaseStartedAtMs = nowMs;
  }

  get durationMs(): number {
    return this.clock.monotonicMs() - this.startedAtMs;
  }
}
