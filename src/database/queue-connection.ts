import { Injectable } from '@nestjs/common';
import { Pool as PgPool } from 'pg';
import { DatabaseNotReadyError } from './database-errors';
import { TreasuryDataSource } from './treasury-data-source';

/** What the queue engine needs of a database. */
export interface QueueDatabase {
  executeSql(text: string, values: unknown[]): Promise<{ rows: unknown[] }>;
  close(): Promise<void>;
}

const POOL_SIZE = 3;

/** Connections for the queue alone, so that its polling and the API never wait for each other. */
@Injectable()
export class QueueConnection {
  constructor(private readonly dataSource: TreasuryDataSource) {}

  /** Throws `database/not-ready` before the database was opened. Errors of idle connections go to `onError`. */
  open(onError: (error: Error) => void): QueueDatabase {
    const { url } = this.dataSource.options as { url?: string };
    if (!this.dataSource.isInitialized || url === undefined) throw new DatabaseNotReadyError();
    const pool = new PgPool({
      connectionString: url,
      max: POOL_SIZE,
      application_name: 'tao-treasury queue',
      connectionTimeoutMillis: 5_000,
      query_timeout: 35_000,
      statement_timeout: 30_000,
    });
    pool.on('error', onError);
    return { executeSql: (text, values) => execute(pool, text, values), close: () => pool.end() };
  }
}

/** A failed script may leave its transaction open: such a connection is thrown away, not given to the next query. */
async function execute(pool: PgPool, text: string, values: unknown[]): Promise<{ rows: unknown[] }> {
  const client = await pool.connect();
  try {
    // Without values the simple protocol is used, which alone runs scripts of several statements.
    const result = await (values === undefined || values.length === 0
      ? client.query(text)
      : client.query(text, values));
    client.release();
    return result;
  } catch (error) {
    client.release(true);
    throw error;
  }
}
