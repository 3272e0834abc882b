import type { Dataset } from './dataset';
import { retryDelayMs } from './retry-delay';
import type { RunProgress } from './run-progress';
import type { RunReader } from './run-reader';
import type { BegunRun } from './sync-ledger.service';

interface AttemptParts {
  begun: BegunRun;
  reader: RunReader;
  progress: RunProgress;
  /** Aborts when the process ends or the lease is lost. */
  signal: AbortSignal;
}

/** One run under way, with all that its steps share. */
export class Attempt<Kind extends Dataset = Dataset> {
  readonly begun: BegunRun;
  readonly reader: RunReader;
  readonly progress: RunProgress;
  readonly signal: AbortSignal;

  constructor(
    readonly dataset: Kind,
    parts: AttemptParts,
  ) {
    this.begun = parts.begun;
    this.reader = parts.reader;
    this.progress = parts.progress;
    this.signal = parts.signal;
  }

  isOf<Narrow extends Dataset>(test: (dataset: Dataset) => dataset is Narrow): this is Attempt<Narrow> {
    return test(this.dataset);
  }

  /** Puts what was asked of upstream so far into the run's line. */
  countCalls(): void {
    this.progress.fields.calls = this.reader.calls;
    this.progress.fields.pages = this.reader.pages;
  }
}

/** When to try again after a run without a usable answer; `retryAt` is when upstream wants to be asked again. */
export function retryInMs({ state }: BegunRun, nowMs: number, retryAt: Date | null): number {
  return retryDelayMs({
    failures: state.consecutiveFailures,
    intervalMs: state.intervalSeconds * 1000,
    nowMs,
    retryAtMs: retryAt?.getTime() ?? null,
    random: Math.random(),
  });
}
