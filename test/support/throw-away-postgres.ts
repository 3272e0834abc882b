import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { EmbeddedPostgres } from '../../src/database';

/** A PostgreSQL that nothing survives. */
export interface ThrowAwayPostgres {
  /** Connection string of the database `treasury`, which is empty. */
  url: string;
  urlOf(database: string): string;
  readonly pid: number | null;
  stop(): Promise<void>;
}

/** A server of its own in a temporary directory; without fsync unless it is to be measured. */
export async function startEmbeddedServer({ durable = false } = {}): Promise<ThrowAwayPostgres> {
  const dataDir = mkdtempSync(join(tmpdir(), 'treasury-postgres-'));
  const server = new EmbeddedPostgres({ dataDir, durable });
  const url = await server.start();
  return {
    url,
    urlOf: (database) => server.urlOf(database),
    get pid() {
      return server.pid;
    },
    stop: async () => {
      await server.stop();
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
}
