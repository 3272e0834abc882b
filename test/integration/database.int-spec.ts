import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Test, type TestingModule } from '@nestjs/testing';
import { DataSource } from 'typeorm';
import { CLOCK, type Clock, SystemClock } from '../../src/common';
import { ConfigModule, type Environment } from '../../src/config';
import {
  DatabaseClock,
  DatabaseModule,
  DatabaseNotReadyError,
  DatabaseReadiness,
  SyncRun,
  UnitOfWork,
  migrate,
} from '../../src/database';
import { MIGRATION_LOCK } from '../../src/database/migrate';
import { MetricsModule } from '../../src/metrics';
import { FakeClock } from '../support/fake-clock';
import { TcpRelay } from '../support/tcp-relay';
import { type TestDatabase, connect, createTestDatabase } from '../support/test-database';

// Servers are started and stopped here, on machines that may be busy.
jest.setTimeout(60_000);

async function start(environment: Environment, clock: Clock = new SystemClock()): Promise<TestingModule> {
  const module = await Test.createTestingModule({
    imports: [
      ConfigModule.register({ TAOSTATS_API_KEY: 'tao-test-key:00000000', ...environment }),
      MetricsModule,
      DatabaseModule.register(),
    ],
  })
    .overrideProvider(CLOCK)
    .useValue(clock)
    .compile();
  module.useLogger(false);
  return module.init();
}

describe('migrate', () => {
  let database: TestDatabase;

  beforeEach(async () => {
    database = await createTestDatabase({ migrated: false });
  });

  afterEach(() => database.drop());

  it('runs every migration once when many processes start at the same time', async () => {
    const runs = await Promise.all([1, 2, 3, 4].map(() => migrate(database.url)));
    const dataSource = await connect(database);
    const stored = await dataSource.query<{ name: string }[]>('SELECT name FROM schema_migrations ORDER BY id');
    await dataSource.destroy();
    expect(stored.length).toBe(dataSource.migrations.length);
    expect(runs.flat()).toEqual(stored.map((row) => row.name));
  });

  it('refuses a database that a newer build has migrated, and changes nothing', async () => {
    await migrate(database.url);
    const dataSource = await connect(database);
    await dataSource.query("INSERT INTO schema_migrations (timestamp, name) VALUES (1999999999999, 'FromTheFuture')");
    await expect(migrate(database.url)).rejects.toMatchObject({
      code: 'database/newer-schema',
      message: expect.stringContaining('FromTheFuture') as string,
    });
    await dataSource.destroy();
  });

  it('can be reverted migration by migration down to nothing, and run again', async () => {
    await migrate(database.url);
    const dataSource = await connect(database);
    for (const _ of dataSource.migrations) await dataSource.undoLastMigration();
    const left = await dataSource.query<{ tablename: string }[]>(
      "SELECT tablename FROM pg_tables WHERE schemaname = 'public' AND tablename <> 'schema_migrations'",
    );
    await dataSource.destroy();
    expect(left).toEqual([]);
    expect(await migrate(database.url)).toHaveLength(dataSource.migrations.length);
  });

  it('knows every column that an entity names', async () => {
    await migrate(database.url);
    const dataSource = await connect(database);
    const stored = await dataSource.query<{ name: string }[]>(
      "SELECT table_name || '.' || column_name AS name FROM information_schema.columns WHERE table_schema = 'public'",
    );
    await dataSource.destroy();
    const columns = new Set(stored.map((column) => column.name));
    const named = dataSource.entityMetadatas.flatMap((entity) =>
      entity.columns.map((column) => `${entity.tableName}.${column.databaseName}`),
    );
    expect(named.filter((name) => !columns.has(name))).toEqual([]);
  });
});

describe('the database module', () => {
  let database: TestDatabase;
  let relay: TcpRelay;
  let module: TestingModule;

  beforeEach(async () => {
    database = await createTestDatabase();
    relay = await TcpRelay.start(database.url);
  });

  afterEach(async () => {
    relay.thaw();
    await module.close();
    await relay.stop();
    await database.drop();
  });

  it('starts without PostgreSQL, refuses work with 503, and is ready once PostgreSQL is there', async () => {
    await relay.cut();
    module = await start({ DATABASE_URL: relay.url });
    const readiness = module.get(DatabaseReadiness);
    expect(readiness.isReady()).toBe(false);
    await expect(module.get(DataSource).query('SELECT 1')).rejects.toMatchObject({
      code: 'database/not-ready',
      status: 503,
    });
    await expect(module.get(UnitOfWork).run(() => Promise.resolve())).rejects.toMatchObject({ status: 503 });
    expect(() => module.get(DataSource).getRepository(SyncRun).createQueryBuilder()).toThrow(DatabaseNotReadyError);

    await relay.restore();
    await readiness.whenReady();
    expect([readiness.isReady(), readiness.lastError]).toEqual([true, null]);
    await readiness.ping(5_000);
  });

  it('survives the loss of every connection and uses the server again when it is back', async () => {
    module = await start({ DATABASE_URL: relay.url });
    const readiness = module.get(DatabaseReadiness);
    await readiness.whenReady();
    await relay.cut();
    await expect(readiness.ping(5_000)).rejects.toMatchObject({ code: 'database/not-ready' });
    await expect(module.get(DataSource).query('SELECT 1')).rejects.toMatchObject({ status: 503 });
    await relay.restore();
    await readiness.ping(5_000);
  });

  it('does not wait for a server that is frozen', async () => {
    module = await start({ DATABASE_URL: relay.url });
    const readiness = module.get(DatabaseReadiness);
    await readiness.whenReady();
    relay.freeze();
    await expect(readiness.ping(50)).rejects.toMatchObject({ code: 'database/not-ready' });
  });

  it('ends while another process migrates, however long that takes', async () => {
    const other = await connect(database);
    try {
      // A connection that the pool does not close because nothing happens on it.
      await other.createQueryRunner().query('SELECT pg_advisory_lock($1)', [MIGRATION_LOCK]);
      const clock = new FakeClock();
      module = await start({ DATABASE_URL: database.url }, clock);
      const isWaiting = `SELECT pid FROM pg_locks JOIN pg_database d ON d.oid = database
                          WHERE locktype = 'advisory' AND NOT granted AND datname = current_database()`;
      while ((await other.query<unknown[]>(isWaiting)).length === 0);
      const closed = module.close();
      await clock.advance(10_000);
      await closed;
      expect(module.get(DatabaseReadiness).isReady()).toBe(false);
      await other.query(`SELECT pg_terminate_backend(pid) FROM (${isWaiting}) AS waiting`);
    } finally {
      await other.destroy();
    }
  });

  it('ends while it is still waiting for PostgreSQL', async () => {
    await relay.cut();
    module = await start({ DATABASE_URL: relay.url });
    await module.close();
    expect(module.get(DatabaseReadiness).isReady()).toBe(false);
  });

  it('applies all of a unit of work or nothing, and limits what it may wait for', async () => {
    module = await start({ DATABASE_URL: relay.url });
    await module.get(DatabaseReadiness).whenReady();
    const dataSource = module.get(DataSource);
    const unitOfWork = module.get(UnitOfWork);
    await dataSource.query('CREATE TABLE entries (id int)');
    const failure = unitOfWork.run(async (manager) => {
      await manager.query('INSERT INTO entries VALUES (1)');
      throw new Error('half way');
    });
    await expect(failure).rejects.toThrow('half way');
    const limits = await unitOfWork.run(async (manager) => {
      await manager.query('INSERT INTO entries VALUES (2)');
      return manager.query<unknown[]>(
        "SELECT current_setting('lock_timeout') AS lock, current_setting('statement_timeout') AS statement",
      );
    });
    expect(limits).toEqual([{ lock: '2s', statement: '10s' }]);
    expect(await dataSource.query('SELECT id FROM entries')).toEqual([{ id: 2 }]);
  });

  it("tells the server's time, which goes on inside a transaction", async () => {
    module = await start({ DATABASE_URL: relay.url });
    await module.get(DatabaseReadiness).whenReady();
    const before = await module.get(DatabaseClock).now();
    const after = await module.get(DatabaseClock).now();
    expect(after.getTime()).toBeGreaterThanOrEqual(before.getTime());
  });
});

describe('the database module without DATABASE_URL', () => {
  it('runs a server of its own, migrated, and ends it after its pool', async () => {
    const dataDir = mkdtempSync(join(tmpdir(), 'treasury-data-'));
    const module = await start({ DATA_DIR: dataDir });
    await module.get(DatabaseReadiness).whenReady();
    const dataSource = module.get(DataSource);
    const [row] = await dataSource.query<{ count: number }[]>('SELECT count(*)::int AS count FROM schema_migrations');
    expect(row?.count).toBe(dataSource.migrations.length);
    await module.close();
    expect(existsSync(join(dataDir, 'postgres', 'postmaster.pid'))).toBe(false);
    rmSync(dataDir, { recursive: true, force: true });
  });
});
