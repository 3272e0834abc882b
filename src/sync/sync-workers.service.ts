import {
  type BeforeApplicationShutdown,
  Inject,
  Injectable,
  Logger,
  type OnApplicationBootstrap,
} from '@nestjs/common';
import { CLOCK, type Clock, messageOf, redactText } from '../common';
import { DatabaseReadiness } from '../database';
import { JobQueue, LANES, type Lane } from './job-queue.service';
import { ShutdownError } from './sync-errors';
import { SyncRunner } from './sync-runner.service';

/** Runs at once in this process, by lane: one that waits out a pause does not keep the others from storing. */
export const WORKERS: Readonly<Record<Lane, number>> = { core: 3, other: 3 };
const POLL_MS = 500;
const PAUSE_AFTER_PROBLEM_MS = 2_000;

/**
 * Takes runs from the queue and runs them. The queue engine's own workers are not used: they leave the promise of a
 * job's completion unhandled, so PostgreSQL going away at that moment would end the process.
 */
@Injectable()
export class SyncWorkers implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly logger = new Logger('SyncQueue');
  private readonly ending = new AbortController();
  private waking = new AbortController();
  private working: Promise<void>[] = [];
  private lastProblem: string | null = null;

  constructor(
    private readonly database: DatabaseReadiness,
    private readonly jobs: JobQueue,
    private readonly runner: SyncRunner,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  onApplicationBootstrap(): void {
    this.working = LANES.flatMap((lane) => Array.from({ length: WORKERS[lane] }, () => this.work(lane)));
  }

  /** Before the pools close: runs are given up and closed as `interrupted`, and their leases released. */
  async beforeApplicationShutdown(): Promise<void> {
    this.ending.abort(new ShutdownError());
    await Promise.all(this.working);
    await this.jobs.close();
  }

  /** Looks for work at once instead of at the next poll. */
  wake(): void {
    this.waking.abort(new Error('there is work'));
    this.waking = new AbortController();
  }

  /** Takes one run of a lane, if there is one, and runs it to its end. */
  async workOnce(lane: Lane): Promise<boolean> {
    const job = await this.jobs.take(lane);
    if (job === null) return false;
    await this.runner.run(job.runId, this.ending.signal);
    await this.jobs.finish(job);
    return true;
  }

  private async work(lane: Lane): Promise<void> {
    while (!this.ending.signal.aborted) {
      await this.pause((await this.tryWork(lane)) ?? 0);
    }
  }

  /** Milliseconds until the next look; null to look again at once. */
  private async tryWork(lane: Lane): Promise<number | null> {
    if (!this.database.isReady()) return POLL_MS;
    try {
      const worked = await this.workOnce(lane);
      this.lastProblem = null;
      return worked ? null : POLL_MS;
    } catch (error) {
      const problem = redactText(messageOf(error));
      if (problem !== this.lastProblem) this.logger.warn({ err: error }, `a worker could not work: ${problem}`);
      this.lastProblem = problem;
      return PAUSE_AFTER_PROBLEM_MS;
    }
  }

  private async pause(ms: number): Promise<void> {
    if (ms === 0) return;
    const signal = AbortSignal.any([this.ending.signal, this.waking.signal]);
    await this.clock.sleep(ms, signal).catch(() => undefined);
  }
}
