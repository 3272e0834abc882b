import {
  DataSource,
  type EntityMetadata,
  type EntityTarget,
  type ObjectLiteral,
  type QueryRunner,
  type ReplicationMode,
} from 'typeorm';
import { DatabaseNotReadyError, DatabaseUnavailableError, troubleOf } from './database-errors';
import { buildDataSourceOptions } from './data-source-options';

type Query = (sql: string, parameters?: unknown[], structured?: boolean) => Promise<unknown>;

/** A statement that changes nothing, so that asking it twice is asking it once. */
function isRead(sql: string): boolean {
  return /^\s*(SELECT|WITH)\b/i.test(sql) && !/\b(INSERT|UPDATE|DELETE|MERGE)\b/i.test(sql);
}

/**
 * The service's connection pool. It exists from the first moment, so that everything can be wired, and refuses work with
 * `database/not-ready` until `open` and whenever PostgreSQL gives no connection: TypeORM alone would fail with a message
 * about its own internals, or with the driver's error and a 500. A read whose connection is lost is asked again on
 * another one.
 */
export class TreasuryDataSource extends DataSource {
  /** Statements for which there was no room, and when; those that have succeeded since are gone. */
  private readonly unstored = new Map<string, number>();

  constructor(
    onPoolError: (error: Error) => void,
    private readonly monotonicMs: () => number = () => performance.now(),
  ) {
    super({ ...buildDataSourceOptions(), poolErrorHandler: onPoolError });
  }

  /** Connects to `url`. Rejects when PostgreSQL does not answer; may be called again then. */
  async open(url: string): Promise<void> {
    this.setOptions({ url });
    await this.initialize();
  }

  /** Since PostgreSQL last had no room for something that was not stored since; null when it stored everything. */
  get diskFullForMs(): number | null {
    return this.unstored.size === 0 ? null : this.monotonicMs() - Math.max(...this.unstored.values());
  }

  /** TypeORM knows no entity before it has connected once: asked for one, it would fail as if the code were wrong. */
  override getMetadata(target: EntityTarget<ObjectLiteral>): EntityMetadata {
    if (!this.hasMetadata(target)) throw new DatabaseNotReadyError();
    return super.getMetadata(target);
  }

  override createQueryRunner(mode?: ReplicationMode): QueryRunner {
    if (!this.isInitialized) throw new DatabaseNotReadyError();
    const runner = this.plainRunner(mode);
    const query = runner.query.bind(runner) as Query;
    runner.query = (async (sql: string, ...rest: [unknown[]?, boolean?]) => {
      try {
        return await this.watch(runner, sql, () => query(sql, ...rest));
      } catch (error) {
        // No connection at all: whoever waits has waited long enough.
        if (troubleOf(error) !== 'not-ready' || error instanceof DatabaseNotReadyError) throw error;
        if (runner.isTransactionActive || !isRead(sql)) throw error;
        return this.askAnew(mode, sql, ...rest);
      }
    }) as QueryRunner['query'];
    return runner;
  }

  /** Does what a statement says, tells what its failure means, and remembers for which one there was no room. */
  async watch<T>(runner: QueryRunner, sql: string, work: () => Promise<T>): Promise<T> {
    try {
      const result = await work();
      this.unstored.delete(sql);
      return result;
    } catch (error) {
      const trouble = troubleOf(error);
      if (trouble === null || error instanceof DatabaseUnavailableError) throw error;
      if (trouble === 'disk-full') this.unstored.set(sql, this.monotonicMs());
      if (trouble === 'read-only' || trouble === 'not-ready') leave(runner, error);
      throw new DatabaseUnavailableError(trouble, error);
    }
  }

  private async askAnew(mode: ReplicationMode | undefined, ...question: Parameters<Query>): Promise<unknown> {
    const runner = this.plainRunner(mode);
    try {
      return await this.watch(runner, question[0], () => (runner.query as Query)(...question));
    } finally {
      await runner.release();
    }
  }

  private plainRunner(mode?: ReplicationMode): QueryRunner {
    const runner = super.createQueryRunner(mode);
    const connect = runner.connect.bind(runner) as () => Promise<unknown>;
    runner.connect = async () => {
      try {
        return await connect();
      } catch (error) {
        throw new DatabaseNotReadyError(error);
      }
    };
    return runner;
  }
}

/**
 * Takes the connection out of the pool at once: it is lost, or its answer is still to come, or it leads to a server that
 * only reads since a failover. Until then it has a place there, and when all are lost together nobody could ask anew.
 */
function leave(runner: QueryRunner, reason: unknown): void {
  const holder = runner as { releaseCallback?: ((reason: unknown) => void) | undefined };
  holder.releaseCallback?.(reason);
  holder.releaseCallback = undefined;
}
