import { Inject, Injectable, Logger, type OnApplicationShutdown, type OnModuleInit } from '@nestjs/common';
import { CLOCK, type Clock, messageOf, redactText } from '../common';
import { Settings } from '../config';
import { EmbeddedPostgres } from './embedded-postgres';
import { migrate } from './migrate';
import { DatabaseNotReadyError } from './database-errors';
import { TreasuryDataSource } from './treasury-data-source';

const FIRST_PAUSE_MS = 250;
const LONGEST_PAUSE_MS = 10_000;
/** Of opening, once the service ends: a migration may take long, or wait long for another process's. */
const OPENING_GRACE_MS = 5_000;

/**
 * Opens the database in the background: starts the embedded server where there is no DATABASE_URL, migrates, connects
 * the pool, and tries again for ever when a step fails. Until then the service is live, answers probes and is not ready.
 * Owns the end as well: pool first, server last.
 */
@Injectable()
export class DatabaseReadiness implements OnModuleInit, OnApplicationShutdown {
  private readonly logger = new Logger(DatabaseReadiness.name);
  private readonly ending = new AbortController();
  private readonly ready: Promise<void>;
  private resolveReady: () => void = () => undefined;
  private readonly embedded: EmbeddedPostgres | undefined;
  private opening: Promise<void> | undefined;
  private failure: string | null = null;

  constructor(
    private readonly settings: Settings,
    private readonly dataSource: TreasuryDataSource,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {
    this.ready = new Promise((resolve) => {
      this.resolveReady = resolve;
    });
    if (settings.databaseUrl !== undefined) return;
    this.embedded = new EmbeddedPostgres({
      dataDir: settings.dataDir,
      clock,
      onEvent: (text) => this.logger.warn(text),
    });
  }

  /** True from the end of the migrations to the shutdown; says nothing about the server's health now, see `ping`. */
  isReady(): boolean {
    return this.dataSource.isInitialized && !this.ending.signal.aborted;
  }

  /** Resolves once the database is migrated and connected; stays pending when that never happens. Never rejects. */
  whenReady(): Promise<void> {
    return this.ready;
  }

  /** Why the database is not ready, without secrets; null while nothing has failed. */
  get lastError(): string | null {
    return this.failure;
  }

  /** Since PostgreSQL last had no room for something of this process that was not stored since; else null. */
  get diskFullForMs(): number | null {
    return this.dataSource.diskFullForMs;
  }

  /** One round trip. Rejects with `database/not-ready` when there is no answer within `limitMs`. */
  async ping(limitMs: number): Promise<void> {
    const waiting = new AbortController();
    const tooLate = this.clock.sleep(limitMs, waiting.signal).then(() => {
      throw new Error(`no answer within ${limitMs} ms`);
    });
    try {
      await Promise.race([this.dataSource.query('SELECT 1'), tooLate]);
    } catch (error) {
      throw error instanceof DatabaseNotReadyError ? error : new DatabaseNotReadyError(error);
    } finally {
      tooLate.catch(() => undefined);
      waiting.abort(new Error('answered'));
    }
  }

  onModuleInit(): void {
    // Not awaited: the HTTP server must come up and say that the database is missing.
    this.opening = this.open();
  }

  async onApplicationShutdown(): Promise<void> {
    this.ending.abort(new Error('the service ends'));
    await this.openingOver();
    if (this.dataSource.isInitialized) await this.dataSource.destroy();
    await this.embedded?.stop();
  }

  /** What is cut in the middle is rolled back when its connection ends with the process. */
  private async openingOver(): Promise<void> {
    const over = new AbortController();
    const tooLate = this.clock.sleep(OPENING_GRACE_MS, over.signal).catch(() => undefined);
    await Promise.race([this.opening, tooLate]);
    over.abort();
  }

  private async open(): Promise<void> {
    for (let pauseMs = FIRST_PAUSE_MS; !this.ending.signal.aborted; pauseMs = Math.min(pauseMs * 2, LONGEST_PAUSE_MS)) {
      try {
        await this.openOnce();
        this.failure = null;
        this.resolveReady();
        return;
      } catch (error) {
        if (this.ending.signal.aborted) return;
        this.report(error);
      }
      await this.clock.sleep(pauseMs, this.ending.signal).catch(() => undefined);
    }
  }

  private async openOnce(): Promise<void> {
    const url = this.settings.databaseUrl ?? (await this.embedded?.start()) ?? '';
    const ran = await migrate(url);
    this.ending.signal.throwIfAborted();
    await this.dataSource.open(url);
    this.logger.log({ migrations: ran }, `database is ready, ${ran.length} migrations ran`);
  }

  /** Each new reason once: an hour of downtime is one line, not four hundred. */
  private report(error: unknown): void {
    const reason = redactText(reasonOf(error));
    if (reason !== this.failure) this.logger.error({ err: error }, `database is not ready: ${reason}`);
    this.failure = reason;
  }
}

/** A refused connection to a name with two addresses is an AggregateError without a message of its own. */
function reasonOf(error: unknown): string {
  if (error instanceof AggregateError) return error.errors.map(messageOf).join('; ');
  return messageOf(error);
}
