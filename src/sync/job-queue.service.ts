import { Injectable, Logger } from '@nestjs/common';
import PgBoss from 'pg-boss';
import { messageOf, redactText } from '../common';
import { QueueConnection, type QueueDatabase } from '../database';

const QUEUE = 'sync-runs';
/** Longer than any run: a job that is not finished by then was lost with its process. */
const EXPIRE_SECONDS = 900;

/** A run that was handed to this process. */
export interface Job {
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
  async offer(runId: string): Promise<void> {
    const { boss } = await this.open();
    await boss.send(QUEUE, { runId }, { id: runId, retryLimit: 0, expireInSeconds: EXPIRE_SECONDS });
  }

  /** Offers a run again whose job is lost: finished, failed, or taken by a process that never started it. */
  async offerAgain(runId: string): Promise<void> {
    const { boss } = await this.open();
    const job = await boss.getJobById(QUEUE, runId);
    if (job?.state === 'created') return;
    await boss.deleteJob(QUEUE, runId);
    await this.offer(runId);
  }

  /** The next job, or null. */
  async take(): Promise<Job | null> {
    const { boss } = await this.open();
    const [job] = await boss.fetch<{ runId: string }>(QUEUE, { batchSize: 1 });
    return job === undefined ? null : { runId: job.data.runId };
  }

  async finish(job: Job): Promise<void> {
    const { boss } = await this.open();
    await boss.complete(QUEUE, job.runId);
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
      await boss.createQueue(QUEUE, { name: QUEUE, policy: 'standard', retryLimit: 0 });
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
