import { DataSource, type QueryRunner, type ReplicationMode } from 'typeorm';
import { AppError } from '../common';
import { buildDataSourceOptions } from './data-source-options';

/** PostgreSQL is not there yet, or its schema is not: 503, try again soon. */
export class DatabaseNotReadyError extends AppError {
  constructor(cause?: unknown) {
    super('database/not-ready', 'The database is not ready.', { status: 503, retryAfterSeconds: 5, cause });
  }
}

/**
 * The service's connection pool. It exists from the first moment, so that everything can be wired, and refuses work with
 * `database/not-ready` until `open` and whenever PostgreSQL gives no connection: TypeORM alone would fail with a message
 * about its own internals, or with the driver's error and a 500.
 */
export class TreasuryDataSource extends DataSource {
  constructor(onPoolError: (error: Error) => void) {
    super({ ...buildDataSourceOptions(), poolErrorHandler: onPoolError });
  }

  /** Connects to `url`. Rejects when PostgreSQL does not answer; may be called again then. */
  async open(url: string): Promise<void> {
    this.setOptions({ url });
    await this.initialize();
  }

  override createQueryRunner(mode?: ReplicationMode): QueryRunner {
    if (!this.isInitialized) throw new DatabaseNotReadyError();
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
