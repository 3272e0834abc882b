import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { Client } from 'pg';
import { migrate } from '../../src/database';
import { connect, createTestDatabase, type TestDatabase } from '../support/test-database';

jest.setTimeout(120_000);

const ROOT = join(__dirname, '../..');
/** Migrations that are done when the process is killed. */
const DONE = 3;

describe('a migration that is killed half way', () => {
  let database: TestDatabase;
  let client: Client;

  beforeEach(async () => {
    database = await createTestDatabase({ migrated: false });
    client = new Client({ connectionString: database.url });
    await client.connect();
  });

  afterEach(async () => {
    await client.end();
    await database.drop();
  });

  async function countDone(): Promise<number> {
    const { rows } = await client
      .query<{ done: number }>('SELECT count(*)::int AS done FROM schema_migrations')
      .catch(() => ({ rows: [] }));
    return rows[0]?.done ?? 0;
  }

  it('is gone on with by two processes at once, and every migration runs once', async () => {
    const { PATH = '', HOME = '' } = process.env;
    const killed = spawn(process.execPath, ['-r', '@swc-node/register', join(ROOT, 'src/migrate.ts')], {
      cwd: ROOT,
      env: { PATH, HOME, DATABASE_URL: database.url, TAOSTATS_API_KEY: 'tao-test-key:00000000' },
      stdio: 'ignore',
    });
    const ended = once(killed, 'exit');
    while ((await countDone()) < DONE && killed.exitCode === null) await new Promise((wake) => setImmediate(wake));
    killed.kill('SIGKILL');
    await ended;
    const done = await countDone();
    expect(done).toBeGreaterThanOrEqual(DONE);

    const runs = await Promise.all([migrate(database.url), migrate(database.url)]);
    const dataSource = await connect(database);
    const all = dataSource.migrations.length;
    await dataSource.destroy();
    expect(runs.flat()).toHaveLength(all - done);
    expect(await countDone()).toBe(all);
  });
});
