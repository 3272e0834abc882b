import { setTimeout as pause } from 'node:timers/promises';
import type { ChaosWorld } from './chaos-world';
import { type Replicas, pidOf } from './replicas';
import { type SlotRun, findSlotFaults } from './slots';

/** How much time passes at once. */
const STEP_SECONDS = 10;
/** Real time between two steps, in which the processes ask, store and plan. */
const BETWEEN_STEPS_MS = 400;
/** By how much a slot may be late: a step, and the look that finds it. */
const GRACE_MS = 30_000;
/** Until a request that was granted has surely arrived, or its process is dead. */
const ARRIVAL_MS = 3_000;
const POLL_MS = 10;

/** Datasets with a fixed interval, in seconds. The others hurry while there is history to fetch. */
export type Intervals = Readonly<Record<string, number>>;

/** Time that ten processes share, and what they made of it by the ledger, the limiter and the log of the upstream. */
export class SharedHour {
  /** Tokens of processes that were ended before they had sent what they were for. */
  unsent = 0;
  private mayBeUnsent = false;

  constructor(
    private readonly world: ChaosWorld,
    private readonly replicas: Replicas,
    private readonly intervals: Intervals,
  ) {}

  /** Lets so much time pass, step by step, and everything that comes due meanwhile be taken; `atStep` may kill. */
  async pass(
    seconds: number,
    atStep: (passedSeconds: number) => Promise<void> = () => Promise.resolve(),
  ): Promise<void> {
    const fromMs = this.world.time.nowMs();
    for (;;) {
      const passedSeconds = (this.world.time.nowMs() - fromMs) / 1000;
      if (passedSeconds >= seconds) return;
      await atStep(passedSeconds);
      await this.step();
      await pause(BETWEEN_STEPS_MS);
      await this.taken();
    }
  }

  /** The next steps may find tokens that nobody will use. */
  expectUnsent(): void {
    this.mayBeUnsent = true;
  }

  /** Nothing is due for a day, and what was begun is ended. */
  async quiet(): Promise<void> {
    for (;;) {
      await this.world.rows("UPDATE dataset_states SET next_due_at = clock_timestamp() + interval '1 day'");
      const open = await this.world.rows("SELECT 1 FROM sync_runs WHERE state IN ('queued', 'running')");
      if (open.length === 0) return;
      await this.step();
      await pause(BETWEEN_STEPS_MS);
    }
  }

  /** Everything is due at once. Answers since when. */
  async resume(): Promise<number> {
    const sinceMs = this.world.time.nowMs();
    await this.world.rows('UPDATE dataset_states SET next_due_at = clock_timestamp()');
    await this.taken();
    return sinceMs;
  }

  /** Slots that were left out or ran twice since then, in words. */
  async findSlotFaults(sinceMs: number): Promise<string[]> {
    const untilMs = this.world.time.nowMs();
    const isDead = (owner: string | null): boolean => this.replicas.killed.has(pidOf(owner));
    const faults: string[] = [];
    for (const [dataset, seconds] of Object.entries(this.intervals)) {
      const runs = (await this.runs(sinceMs)).filter((run) => run.dataset === dataset);
      faults.push(...findSlotFaults(runs, { intervalMs: seconds * 1000, graceMs: GRACE_MS, untilMs, isDead }));
    }
    return faults;
  }

  async runs(sinceMs: number): Promise<SlotRun[]> {
    const rows = await this.world.rows(
      `SELECT id, dataset, state, owner, extract(epoch FROM queued_at) * 1000 AS queued,
              extract(epoch FROM started_at) * 1000 AS started, extract(epoch FROM finished_at) * 1000 AS finished
         FROM sync_runs WHERE queued_at >= to_timestamp($1::float8 / 1000) ORDER BY id`,
      [sinceMs],
    );
    const ms = (text: string | null | undefined): number | null => (text == null ? null : Number(text));
    return rows.map((row) => ({
      id: row['id'] ?? '',
      dataset: row['dataset'] ?? '',
      state: row['state'] ?? '',
      owner: row['owner'] ?? null,
      queuedAtMs: Number(row['queued']),
      startedAtMs: ms(row['started']),
      finishedAtMs: ms(row['finished']),
    }));
  }

  /** Tokens that were ever taken, by the limiter's own count. */
  async granted(): Promise<number> {
    const [row] = await this.world.rows('SELECT coalesce(sum(attempts), 0) AS granted FROM upstream_spend');
    return Number(row?.['granted']);
  }

  /**
   * Moves time while nobody takes a token and no request is on its way: of such a request it would seem that it had taken
   * so long to arrive. Leases of the living are renewed, as they would be.
   */
  private async step(): Promise<void> {
    const { world } = this;
    const living = [world.service, ...this.replicas.all.map(({ service }) => service)]
      .map(({ pid }) => pid)
      .filter((pid) => !this.replicas.killed.has(pid));
    await world.rows('BEGIN');
    await world.rows('SELECT 1 FROM upstream_keys ORDER BY scope FOR UPDATE');
    await this.arrived();
    await world.rows(
      `UPDATE leases SET expires_at = expires_at + make_interval(secs => $1)
        WHERE expires_at > clock_timestamp() AND split_part(owner, '/', 2) = ANY($2::text[])`,
      [STEP_SECONDS, living.map(String)],
    );
    await world.pass(STEP_SECONDS, { renewing: false });
    await world.rows('COMMIT');
  }

  /** Every token that was taken has become a request, but for those whose process is gone. */
  private async arrived(): Promise<void> {
    const granted = await this.granted();
    for (let leftMs = ARRIVAL_MS; leftMs > 0; leftMs -= POLL_MS) {
      if (granted - this.unsent <= this.world.requests().length) break;
      await pause(POLL_MS);
    }
    const missing = granted - this.unsent - this.world.requests().length;
    if (missing > 0 && !this.mayBeUnsent) throw new Error(`${missing} requests were granted and never came`);
    this.unsent += Math.max(0, missing);
    this.mayBeUnsent = false;
  }

  /** What is due is planned by somebody. */
  private async taken(): Promise<void> {
    await this.world.eventually('what is due is taken', async () => {
      const due = await this.world.rows(
        'SELECT dataset FROM dataset_states WHERE next_due_at <= clock_timestamp() AND dataset = ANY($1)',
        [Object.keys(this.intervals)],
      );
      return due.length === 0;
    });
  }
}
