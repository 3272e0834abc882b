import { randomBytes } from 'node:crypto';
import { Client } from 'pg';
import { DataSource } from 'typeorm';
import { buildDataSourceOptions } from '../../src/database/data-source-options';

/** How the run's server, started by `global-setup`, is handed to the suites. */
export const ADMIN_URL_VARIABLE = 'TEST_POSTGRES_URL';
export const TEMPLATE_DATABASE = 'treasury_template';

/** A migrated, empty database that belongs to one suite. */
export interface TestDatabase {
  url: string;
  drop(): Promise<void>;
}

/** A copy of the migrated template; an empty database without any table with `{ migrated: false }`. */
export async function createTestDatabase({ migrated = true } = {}): Promise<TestDatabase> {
  const adminUrl = process.env[ADMIN_URL_VARIABLE];
  if (adminUrl === undefined) throw new Error('no test server: run this suite in the jest project `services`');
  const name = `test_${randomBytes(6).toString('hex')}`;
  await asAdmin(adminUrl, `CREATE DATABASE ${name} TEMPLATE ${migrated ? TEMPLATE_DATABASE : 'template0'}`);
  const url = new URL(adminUrl);
  url.pathname = `/${name}`;
  return { url: url.href, drop: () => asAdmin(adminUrl, `DROP DATABASE IF EXISTS ${name} WITH (FORCE)`) };
}

/** A connected TypeORM pool as the service has it. Destroy it before the database is dropped. */
export function connect(database: TestDatabase): Promise<DataSource> {
  return new DataSource(buildDataSourceOptions(database.url)).initialize();
}

/** One statement on a connection of its own. */
export async function asAdmin(url: string, statement: string): Promise<void> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    await client.query(statement);
  } finally {
    await client.end();
  }
}
