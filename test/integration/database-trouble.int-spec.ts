import { Logger } from '@nestjs/common';
import { Client } from 'pg';
import { SystemClock } from '../../src/common';
import {
  type ReconciliationReadingRepository,
  type DatabaseReadiness,
  TrustReadingRepository,
  UnitOfWork,
  UpstreamSpendRepository,
} from '../../src/database';
import { TreasuryDataSource } from '../../src/database/treasury-data-source';
import { DatabaseWatch } from '../../src/health/database-watch.service';
import { ENDPOINTS } from '../../src/taostats';
import { SyncRig } from '../support/sync-rig';
import { createTestDatabase, type TestDatabase } from '../support/test-database';

jest.setTimeout(60_000);

describe('a database in trouble', () => {
  let database: TestDatabase;
  let dataSource: TreasuryDataSource;
  let admin: Client;

  beforeEach(async () => {
    Logger.overrideLogger(false);
    database = await createTestDatabase();
    dataSource = new TreasuryDataSource(() => undefined);
    await dataSource.open(database.url);
    admin = new Client({ connectionString: database.url });
    await admin.connect();
  });

  afterEach(async () => {
    await admin.end();
    await dataSource.destroy();
    await database.drop();
  });

  /** Ends the backends that run `statement`, once so many do. */
  async function terminate(statement: string, many = 1): Promise<void> {
    for (let tries = 0; tries < 1000; tries += 1) {
      const { rowCount } = await admin.query(
        `WITH running AS (
           SELECT pid, count(*) OVER () AS count FROM pg_stat_activity
            WHERE datname = current_database() AND pid <> pg_backend_pid() AND state = 'active' AND query LIKE $1)
         SELECT pg_terminate_backend(pid) FROM running WHERE count = $2`,
        [`${statement}%`, many],
      );
      if (rowCount === many) return;
    }
    throw new Error(`nobody ran ${statement}`);
  }

  it('asks a read again on another connection when its own is cut', async () => {
    const reading = dataSource.query<{ one: number }[]>('SELECT 1 AS one, pg_sleep(0.3)');
    await terminate('SELECT 1 AS one');
    expect((await reading)[0]?.one).toBe(1);
  });

  it('asks every read again when all connections are cut together, those that wait for one included', async () => {
    const readings = Array.from({ length: 25 }, () =>
      dataSource.query<{ all: number }[]>('SELECT 1 AS all, pg_sleep(0.3)'),
    );
    await terminate('SELECT 1 AS all', 10);
    expect((await Promise.all(readings)).map(([row]) => row?.all)).toEqual(readings.map(() => 1));
  });

  it('says 503 when it is cut again, and reads on with the next question', async () => {
    const suicide = 'SELECT pg_terminate_backend(pg_backend_pid())';
    await expect(dataSource.query(suicide)).rejects.toMatchObject({ code: 'database/not-ready', status: 503 });
    expect(await dataSource.query('SELECT 1 AS one')).toEqual([{ one: 1 }]);
  });

  it('never asks a change twice: 503, and the caller decides', async () => {
    await dataSource.query('CREATE TABLE entries (id int)');
    const change = dataSource.query('INSERT INTO entries SELECT 1 FROM pg_sleep(0.3)');
    await terminate('INSERT INTO entries');
    await expect(change).rejects.toMatchObject({ code: 'database/not-ready', status: 503, retryAfterSeconds: 5 });
    expect(await dataSource.query('SELECT * FROM entries')).toEqual([]);
  });

  it('stores an answer at the second try when the connection is cut in the middle of it, under the same lease', async () => {
    const rig = await SyncRig.create(dataSource);
    await rig.register('pools');
    await dataSource.query(
      `CREATE SEQUENCE cuts;
       CREATE FUNCTION cut() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
         IF nextval('cuts') = 3 THEN PERFORM pg_terminate_backend(pg_backend_pid()); END IF; RETURN NEW; END $$;
       CREATE TRIGGER cut BEFORE INSERT ON pools FOR EACH ROW EXECUTE FUNCTION cut()`,
    );
    const run = await rig.sync('pools');
    expect(run).toMatchObject({ state: 'applied', calls: 1 });
    const [row] = await dataSource.query<{ rows: number; cuts: number; runs: number }[]>(
      `SELECT (SELECT count(*) FROM pools)::int AS rows, (SELECT last_value FROM cuts)::int AS cuts,
              (SELECT count(*) FROM sync_runs)::int AS runs`,
    );
    expect(row?.rows).toBe(run.rowsChanged);
    expect([(row?.cuts ?? 0) > run.rowsChanged, row?.runs]).toEqual([true, 1]);
    expect(rig.upstream.asked).toEqual([ENDPOINTS.pools.path]);
  });

  it('answers 503 to a change that waits for a lock too long, while reads go on', async () => {
    await dataSource.query('CREATE TABLE entries (id int)');
    await admin.query('BEGIN; LOCK TABLE entries IN SHARE MODE');
    const work = new UnitOfWork(dataSource).run((manager) => manager.query('INSERT INTO entries VALUES (1)'));
    await expect(work).rejects.toMatchObject({ code: 'database/busy', status: 503, retryAfterSeconds: 2 });
    expect(await dataSource.query('SELECT count(*)::int AS count FROM entries')).toEqual([{ count: 0 }]);
    await admin.query('ROLLBACK');
  });

  it('answers 503 when it takes no more connections', async () => {
    await admin.query(`DROP ROLE IF EXISTS narrow`);
    await admin.query(`CREATE ROLE narrow LOGIN PASSWORD 'narrow' CONNECTION LIMIT 1`);
    const url = new URL(database.url);
    [url.username, url.password] = ['narrow', 'narrow'];
    const narrow = new TreasuryDataSource(() => undefined);
    await narrow.open(url.href);
    const slow = narrow.query('SELECT pg_sleep(0.5)');
    await expect(narrow.query('SELECT 1')).rejects.toMatchObject({ code: 'database/not-ready', status: 503 });
    await slow;
    expect(await narrow.query('SELECT 1 AS one')).toEqual([{ one: 1 }]);
    await narrow.destroy();
    await admin.query('DROP ROLE narrow');
  });

  describe('that the watch looks at', () => {
    function watch(): DatabaseWatch {
      const unitOfWork = new UnitOfWork(dataSource);
      const readiness = {
        isReady: () => true,
        lastError: null,
        get diskFullForMs() {
          return dataSource.diskFullForMs;
        },
      } as unknown as DatabaseReadiness;
      const spend = { read: () => Promise.resolve(null) } as unknown as UpstreamSpendRepository;
      const reconciliations = { read: () => Promise.resolve(null) } as unknown as ReconciliationReadingRepository;
      const repository = new TrustReadingRepository();
      return new DatabaseWatch(readiness, unitOfWork, repository, spend, reconciliations, new SystemClock());
    }

    it('takes no changes after a failover: 503, reads go on, and it writes again once the primary is back', async () => {
      const subject = watch();
      await dataSource.query('CREATE TABLE entries (id int)');
      const name = new URL(database.url).pathname.slice(1);
      await admin.query(`ALTER DATABASE ${name} SET default_transaction_read_only = on`);
      await admin.query(
        `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
          WHERE datname = current_database() AND pid <> pg_backend_pid()`,
      );
      const change = () => dataSource.query('INSERT INTO entries VALUES (1)');
      // The pool learns of the cut connections when it uses them.
      await change().catch(() => undefined);
      await expect(change()).rejects.toMatchObject({ code: 'database/read-only', status: 503 });
      await subject.look();
      expect(subject.reading()).toMatchObject({ reachable: true, readOnly: true });
      await admin.query(`SET default_transaction_read_only = off`);
      await admin.query(`ALTER DATABASE ${name} RESET default_transaction_read_only`);
      await change().catch(() => undefined);
      await change();
      await subject.look();
      expect(subject.reading()).toMatchObject({ reachable: true, readOnly: false });
    });

    it('has no room left: the run stores nothing and says so, and reads go on', async () => {
      const subject = watch();
      const rig = await SyncRig.create(dataSource);
      await rig.register('pools');
      await dataSource.query(
        `CREATE FUNCTION full_disk() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
           RAISE EXCEPTION 'could not extend file' USING ERRCODE = 'disk_full'; END $$;
         CREATE TRIGGER full_disk BEFORE INSERT ON pools FOR EACH ROW EXECUTE FUNCTION full_disk()`,
      );
      expect(subject.reading().diskFullForMs).toBeNull();
      expect(await rig.sync('pools')).toMatchObject({ state: 'failed', reasonCode: 'database/disk-full' });
      expect(subject.reading().diskFullForMs).not.toBeNull();
      await subject.look();
      expect(subject.datasets()[0]?.state).toMatchObject({ lastErrorCode: 'database/disk-full' });
      await dataSource.query('DROP TRIGGER full_disk ON pools');
      expect((await rig.sync('pools')).state).toBe('applied');
      expect(subject.reading().diskFullForMs).toBeNull();
    });
  });
});
