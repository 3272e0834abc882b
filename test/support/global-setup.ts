import 'reflect-metadata';
import { Client } from 'pg';
import { migrate } from '../../src/database';
import { ADMIN_URL_VARIABLE, TEMPLATE_DATABASE } from './test-database';
import { type ThrowAwayPostgres, startEmbeddedServer } from './throw-away-postgres';

declare global {
  var testPostgres: ThrowAwayPostgres | undefined;
}

/** One server for the whole run, with a migrated template that every suite copies in some 30 ms. */
export default async function setup(): Promise<void> {
  const server = await startEmbeddedServer();
  globalThis.testPostgres = server;
  const admin = new Client({ connectionString: server.url });
  await admin.connect();
  await admin.query(`CREATE DATABASE ${TEMPLATE_DATABASE}`);
  await admin.end();
  await migrate(server.urlOf(TEMPLATE_DATABASE));
  process.env[ADMIN_URL_VARIABLE] = server.url;
}
