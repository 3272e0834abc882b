import { DataSource, MigrationExecutor, type QueryRunner } from 'typeorm';
import { AppError } from '../common';
import { buildMigrationOptions } from './data-source-options';

/** Held by the one process that migrates; the others wait for it and then find nothing to do. */
export const MIGRATION_LOCK = 7_414_003;
const LOCK_TIMEOUT = '120s';

/** The database was migrated by a newer build; this one would misread or damage it. */
export class NewerSchemaError extends AppError {
  constructor(unknown: readonly string[]) {
    super(
      'database/newer-schema',
      `The database has migrations that this build does not know (${unknown.join(', ')}): start the newer build.`,
      { status: 503 },
    );
  }
}

/**
 * Brings the database at `url` to this build's schema and resolves to the names of the migrations that ran, each in a
 * transaction of its own. Safe in any number of processes at once. Throws `database/newer-schema` before any change.
 */
export async function migrate(url: string): Promise<string[]> {
  const dataSource = await new DataSource(buildMigrationOptions(url)).initialize();
  const lock = dataSource.createQueryRunner();
  try {
    // A transaction's lock, not a session's: it ends with the connection and holds behind a transaction pooler.
    await lock.startTransaction();
    await lock.query(`SET LOCAL lock_timeout = '${LOCK_TIMEOUT}'`);
    await lock.query('SELECT pg_advisory_xact_lock($1)', [MIGRATION_LOCK]);
    return await runPending(dataSource);
  } finally {
    if (lock.isTransactionActive) await lock.rollbackTransaction().catch(() => undefined);
    await lock.release();
    await dataSource.destroy();
  }
}

async function runPending(dataSource: DataSource): Promise<string[]> {
  const runner: QueryRunner = dataSource.createQueryRunner();
  try {
    const executor = new MigrationExecutor(dataSource, runner);
    const executed = await executor.getExecutedMigrations();
    const known = new Set(dataSource.migrations.map((migration) => migration.name ?? migration.constructor.name));
    const unknown = executed.map((migration) => migration.name).filter((name) => !known.has(name));
    if (unknown.length > 0) throw new NewerSchemaError(unknown);
    executor.transaction = 'each';
    const ran = await executor.executePendingMigrations();
    return ran.map((migration) => migration.name);
  } finally {
    await runner.release();
  }
}
