import { Injectable, Logger } from '@nestjs/common';
import PgBoss from 'pg-boss';
import { messageOf, redactText } from '../common';
import { QueueConnection, type QueueDatabase } from '../database';

/** Core datasets have a queue and workers of their own: a long walk through the past never makes them wait. */
export const LANES = ['core', 'other'] as const;
export type Lane = (typeof LANES)[number];

/** Longer than any run: a job that is not finished by then was lost with its process. */
const EXPIRE_SECONDS = 900;

/** A run that was handed to this process. */
export interface Job {
  lane: Lane;
  runId: string;
}

interface Engine {
  boss: PgBoss;
  database: QueueDatabase;
}

/**
 * The queue on PostgreSQL: hands each queued run to one process. Its delivery is an offer, not a promise: leases decide
 * who writes, and runs whose job was lost are offered again. That a dataset has one open run is the ledger's rule, so
 * the queue itself needs no policy about it, which could only hold a run back behind a job that died.
 */
@Injectable()
export class JobQueue {
  private readonly logger = new Logger('SyncQueue');
  private engine: Promise<Engine> | null = null;
  private lastProblem: string | null = null;

  constructor(private readonly connection: QueueConnection) {}

  /** Offers a run. A run that is already offered, or was once, is not offered twice. */
  async offer({ lane, runId }: Job): Promise<void> {
    const { boss } = await this.open();
    await boss.send(nameOf(lane), { runId }, { id: runId, retryLimit: 0, expireInSeconds: EXPIRE_SECONDS });
  }

  /** Offers a run again whose job is lost: finished, failed, or taken by a process that never started it. */
  async offerAgain(job: Job): Promise<void> {
    const { boss } = await this.open();
    const offered = await boss.getJobById(nameOf(job.lane), job.runId);
    if (offered?.state === 'created') return;
    await boss.deleteJob(nameOf(job.lane), job.runId);
    await this.offer(job);
  }

  /** The next job of a lane, or null. */
  async take(lane: Lane): Promise<Job | null> {
    const { boss } = await this.open();
    const [job] = await boss.fetch<{ runId: string }>(nameOf(lane), { batchSize: 1 });
    return job === undefined ? null : { lane, runId: job.data.runId };
  }

  async finish(job: Job): Promise<void> {
    const { boss } = await this.open();
    await boss.complete(nameOf(job.lane), job.runId);
  }

  async close(): Promise<void> {
    const engine = await this.engine?.catch(() => null);
    this.engine = null;
    if (engine === null || engine === undefined) return;
    await engine.boss.stop({ graceful: false }).catch(() => undefined);
    await engine.database.close();
  }

  /** Starts the engine on first use; a start that failed is tried again by the next caller. */
  private open(): Promise<Engine> {
    this.engine ??= this.start().catch((error: unknown) => {
      this.engine = null;
      throw error;
    });
    return this.engine;
  }

  private async start(): Promise<Engine> {
    const onError = (error: Error): void => this.report(error);
    const database = this.connection.open(onError);
    const boss = new PgBoss({ db: database, schema: 'pgboss', schedule: false, archiveCompletedAfterSeconds: 3600 });
    // Without a listener an engine that lost PostgreSQL would end the process.
    boss.on('error', onError);
    try {
      await boss.start();
      for (const name of LANES.map(nameOf)) {
        await boss.createQueue(name, { name, policy: 'standard', retryLimit: 0 });
      }
    } catch (error) {
      await boss.stop({ graceful: false }).catch(() => undefined);
      await database.close();
      throw error;
    }
    this.lastProblem = null;
    return { boss, database };
  }

  /** Each new problem once. */
  private report(error: unknown): void {
    const problem = redactText(messageOf(error));
    if (problem !== this.lastProblem) this.logger.warn({ err: error }, `the queue has a problem: ${problem}`);
    this.lastProblem = problem;
  }
}

function nameOf(lane: Lane): string {
  return `sync-runs-${lane}`;
}
