import { migrate } from '../../src/database';
import { ADMIN_URL_VARIABLE, TEMPLATE_DATABASE, asAdmin } from '../support/test-database';
import { startEmbeddedServer } from '../support/throw-away-postgres';

/** The PostgreSQL of one run. */
export interface BenchServer {
  url: string;
  close(): Promise<void>;
}

/** An embedded server that nothing survives, or the given one; with a migrated template that groups copy. */
export async function openServer(given: string | undefined): Promise<BenchServer> {
  if (given !== undefined && given !== '') {
    await prepare(given);
    return { url: given, close: () => asAdmin(given, `DROP DATABASE IF EXISTS ${TEMPLATE_DATABASE}`) };
  }
  // With fsync: figures without it would flatter whoever commits most often.
  const server = await startEmbeddedServer({ durable: true });
  try {
    await prepare(server.url);
  } catch (error) {
    await server.stop();
    throw error;
  }
  return { url: server.url, close: () => server.stop() };
}

async function prepare(url: string): Promise<void> {
  await asAdmin(url, `DROP DATABASE IF EXISTS ${TEMPLATE_DATABASE}`);
  await asAdmin(url, `CREATE DATABASE ${TEMPLATE_DATABASE}`);
  const template = new URL(url);
  template.pathname = `/${TEMPLATE_DATABASE}`;
  await migrate(template.href);
  process.env[ADMIN_URL_VARIABLE] = url;
}
