import { type BeforeApplicationShutdown, Inject, Injectable, Logger } from '@nestjs/common';
import { Interval } from '@nestjs/schedule';
import { CLOCK, type Clock, messageOf, redactText } from '../common';
import { DatabaseReadiness } from '../database';
import { AlertPlanner } from './alert-planner.service';
import { AlertSender } from './alert-sender.service';
import { AlertWatch } from './alert-watch.service';

const LOOK_MS = 5_000;
const SEND_MS = 2_000;
const PRUNE_MS = 3_600_000;
/** A process that has just begun has not found everything yet. */
const BLIND_MS = 60_000;

/** Looks, plans and sends, for ever; a slow receiver does not hold the looking up. */
@Injectable()
export class AlertLoop implements BeforeApplicationShutdown {
  private readonly logger = new Logger('Alerts');
  private readonly begunMs: number;
  private readonly running = new Map<string, Promise<void>>();
  private readonly problems = new Map<string, string>();
  private prunedMs: number | null = null;
  private ending = false;

  constructor(
    private readonly watch: AlertWatch,
    private readonly planner: AlertPlanner,
    private readonly sender: AlertSender,
    private readonly readiness: DatabaseReadiness,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {
    this.begunMs = clock.monotonicMs();
  }

  async beforeApplicationShutdown(): Promise<void> {
    this.ending = true;
    await Promise.all(this.running.values());
  }

  @Interval('alert-look', LOOK_MS)
  look(): Promise<void> {
    return this.alone('look', async () => {
      const findings = await this.watch.find();
      await this.planner.plan(findings, this.clock.monotonicMs() - this.begunMs >= BLIND_MS);
      this.watch.written();
      await this.prune();
    });
  }

  @Interval('alert-send', SEND_MS)
  send(): Promise<void> {
    return this.alone('send', () => this.sender.send());
  }

  private async prune(): Promise<void> {
    const nowMs = this.clock.monotonicMs();
    if (this.prunedMs !== null && nowMs - this.prunedMs < PRUNE_MS) return;
    this.prunedMs = nowMs;
    await this.planner.prune();
  }

  /** One of a kind at a time, only with a database, and each new problem once. Never rejects. */
  private async alone(name: 'look' | 'send', work: () => Promise<void>): Promise<void> {
    if (this.ending || this.running.has(name) || !this.readiness.isReady()) return;
    const run = work().then(
      () => void this.problems.delete(name),
      (error: unknown) => this.report(name, error),
    );
    this.running.set(name, run);
    await run;
    this.running.delete(name);
  }

  private report(name: string, error: unknown): void {
    this.watch.remember();
    const problem = redactText(messageOf(error));
    if (this.problems.get(name) === problem) return;
    this.problems.set(name, problem);
    this.logger.warn({ err: error }, `alerts: could not ${name}: ${problem}`);
  }
}
