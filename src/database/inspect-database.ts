import { DataSource, MigrationExecutor } from 'typeorm';
import { buildMigrationOptions } from './data-source-options';

/** What a database is, looked at from outside a running service; nothing is changed. */
export interface DatabaseInspection {
  /** PostgreSQL's own number: 160004 is 16.4. */
  serverVersion: number;
  /** The server's clock. */
  now: Date;
  /** This machine's clock when the answer was there. */
  readAt: Date;
  /** How long the question took: the clock is known no better than that. */
  roundTripMs: number;
  /** Migrations of this build that have not run, in their order. */
  pending: string[];
  /** Migrations that have run and that this build does not know: a newer one was here. */
  unknown: string[];
}

/** Connects to `url`, looks and leaves. Rejects when PostgreSQL does not answer. */
export async function inspectDatabase(url: string): Promise<DatabaseInspection> {
  const dataSource = await new DataSource(buildMigrationOptions(url)).initialize();
  try {
    const askedAtMs = performance.now();
    const [row] = await dataSource.query<{ version: number; now: Date }[]>(
      `SELECT current_setting('server_version_num')::integer AS version, clock_timestamp() AS now`,
    );
    const roundTripMs = performance.now() - askedAtMs;
    const readAt = new Date();
    if (row === undefined) throw new Error('PostgreSQL answered nothing');
    return { serverVersion: row.version, now: row.now, readAt, roundTripMs, ...(await migrationsOf(dataSource)) };
  } finally {
    await dataSource.destroy();
  }
}

/** Without the table of migrations nothing has run; asking TypeORM would create it. */
async function migrationsOf(dataSource: DataSource): Promise<{ pending: string[]; unknown: string[] }> {
  const known = dataSource.migrations.map((migration) => migration.name ?? migration.constructor.name);
  const [row] = await dataSource.query<{ table: string | null }[]>(
    `SELECT to_regclass('schema_migrations')::text AS table`,
  );
  if (row?.table == null) return { pending: known, unknown: [] };
  const executed = new Set((await new MigrationExecutor(dataSource).getExecutedMigrations()).map(({ name }) => name));
  return {
    pending: known.filter((name) => !executed.has(name)),
    unknown: [...executed].filter((name) => !known.includes(name)),
  };
}
