import { Logger } from '@nestjs/common';
import type { DataSource } from 'typeorm';
import { ShutdownError } from '../../src/sync/sync-errors';
import { type Act, EvilServer, json, rows } from '../support/evil-server';
import { poolPayload, range } from '../support/fake-upstream';
import { SyncRig } from '../support/sync-rig';
import { eventually, taostatsRig } from '../support/taostats-rig';
import { connect, createTestDatabase, type TestDatabase } from '../support/test-database';

const POOLS = 250;
const PAGE = 200;

function page(number: number, block = 1_000): Act {
  const all = range(POOLS).map((netuid) => poolPayload(netuid, block));
  return rows(all.slice((number - 1) * PAGE, number * PAGE), {
    current_page: number,
    per_page: PAGE,
    total_items: POOLS,
    total_pages: 2,
    next_page: number === 1 ? 2 : null,
  });
}

describe('a run that was cut short', () => {
  let database: TestDatabase;
  let dataSource: DataSource;
  let evil: EvilServer;
  let rig: SyncRig;

  beforeAll(async () => {
    Logger.overrideLogger(false);
    evil = await EvilServer.start();
  });

  beforeEach(async () => {
    database = await createTestDatabase();
    dataSource = await connect(database);
    const { client } = taostatsRig(evil.url, { apiMaxRetries: 0 });
    rig = await SyncRig.create(dataSource, { client });
    await rig.register('pools');
  });

  afterEach(async () => {
    await dataSource.destroy();
    await database.drop();
  });

  afterAll(() => evil.close());

  /** PostgreSQL cuts the connection of every insert into the table, until told otherwise. */
  async function cutStoring(table = 'pools'): Promise<() => Promise<unknown>> {
    await dataSource.query(
      `CREATE FUNCTION cut() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
         PERFORM pg_terminate_backend(pg_backend_pid()); RETURN NEW; END $$;
       CREATE TRIGGER cut BEFORE INSERT ON ${table} FOR EACH ROW EXECUTE FUNCTION cut()`,
    );
    return () => dataSource.query(`DROP TRIGGER cut ON ${table}`);
  }

  const askedPages = (): (string | null)[] => evil.seen.map((request) => request.url.searchParams.get('page'));

  it('is gone on with from its pages, without a call, and its rows are as old as they are', async () => {
    const mend = await cutStoring();
    evil.play(page(1), page(2));
    expect(await rig.sync('pools')).toMatchObject({ state: 'failed', reasonCode: 'sync/database-failure', calls: 2 });
    await mend();
    await dataSource.query("UPDATE sync_pages SET received_at = received_at - interval '4 minutes'");
    const run = await rig.sync('pools');
    expect(run).toMatchObject({ state: 'applied', calls: 0, pages: 2, rowsChanged: POOLS, reasonCode: 'sync/resumed' });
    expect(askedPages()).toEqual(['1', '2']);
    const [row] = await rig.query<{ age: number; pages: number; evidence: number }>(
      `SELECT extract(epoch FROM clock_timestamp() - last_success_at)::float8 AS age,
              (SELECT count(*) FROM sync_pages)::int AS pages, (SELECT count(*) FROM raw_answers)::int AS evidence
         FROM dataset_states`,
    );
    expect(row?.age).toBeGreaterThanOrEqual(240);
    expect([row?.pages, row?.evidence]).toEqual([0, 2]);
  });

  it('dates rows that carry no time of their own, and the evidence, by when their pages came', async () => {
    await rig.register('tao_flow');
    const mend = await cutStoring('tao_flows');
    evil.play(rows([{ netuid: 1, tao_flow: '5' }]));
    expect((await rig.sync('tao_flow')).state).toBe('failed');
    await mend();
    await dataSource.query("UPDATE sync_pages SET received_at = received_at - interval '4 minutes'");
    expect(await rig.sync('tao_flow')).toMatchObject({ state: 'applied', calls: 0, reasonCode: 'sync/resumed' });
    const [row] = await rig.query<{ observed: Date; received: Date }>(
      `SELECT (SELECT observed_at FROM tao_flow_history) AS observed, (SELECT received_at FROM raw_answers) AS received`,
    );
    const fourMinutesAgo = rig.clock.nowMs() - 240_000;
    expect(row?.observed.getTime()).toBeLessThanOrEqual(fourMinutesAgo);
    expect(row?.received.getTime()).toBeLessThanOrEqual(fourMinutesAgo);
  });

  it.each([
    ['is tried again in a second when the database was away', 4, 0, 1],
    ['is tried again like any other when the database goes away each time', 5, 300, 700],
  ])('%s', async (_title, failures, least, most) => {
    await cutStoring();
    await dataSource.query('UPDATE dataset_states SET consecutive_failures = $1', [failures]);
    evil.play(page(1), page(2));
    expect((await rig.sync('pools')).reasonCode).toBe('sync/database-failure');
    const seconds = await rig.dueInSeconds('pools');
    expect(seconds).toBeGreaterThan(least - 1);
    expect(seconds).toBeLessThanOrEqual(most);
  });

  it('asks only for the pages that are missing', async () => {
    evil.play(page(1), () => undefined);
    const { id } = await rig.queue('pools');
    const ending = new AbortController();
    const running = rig.runner.run(id, ending.signal);
    await eventually(() => evil.seen.length === 2);
    ending.abort(new ShutdownError());
    expect(await running).toBe('interrupted');
    evil.play(page(2));
    expect(await rig.sync('pools')).toMatchObject({ state: 'applied', calls: 1, rowsChanged: POOLS });
    expect(askedPages()).toEqual(['2']);
  });

  it('begins anew when its first page is five minutes old', async () => {
    const mend = await cutStoring();
    evil.play(page(1), page(2));
    await rig.sync('pools');
    await mend();
    await dataSource.query("UPDATE sync_pages SET received_at = received_at - interval '5 minutes' WHERE page = 1");
    evil.play(page(1), page(2));
    expect(await rig.sync('pools')).toMatchObject({ state: 'applied', calls: 2, reasonCode: null });
  });

  it('begins anew when the pages do not belong together any more', async () => {
    evil.play(page(1), () => undefined);
    const { id } = await rig.queue('pools');
    const ending = new AbortController();
    const running = rig.runner.run(id, ending.signal);
    await eventually(() => evil.seen.length === 2);
    ending.abort(new ShutdownError());
    await running;
    // The same page again instead of the second: the kept page is given up with it.
    evil.play(page(1), page(1), page(2));
    expect(await rig.sync('pools')).toMatchObject({ state: 'applied', rowsChanged: POOLS, calls: 3, reasonCode: null });
    expect(askedPages()).toEqual(['2', '1', '2']);
  });

  it('begins anew after an answer that was refused or failed upstream', async () => {
    evil.play(rows([]), json({}, 500), page(1), page(2));
    expect((await rig.sync('pools')).state).toBe('protected');
    expect((await rig.sync('pools')).state).toBe('failed');
    await dataSource.query("UPDATE upstream_keys SET blocked_until = 'epoch'");
    expect(await rig.sync('pools')).toMatchObject({ state: 'applied', calls: 2, reasonCode: null });
  });

  it('is not gone on with from a page that is no answer any more', async () => {
    const mend = await cutStoring();
    evil.play(page(1), page(2));
    await rig.sync('pools');
    await mend();
    await dataSource.query("UPDATE sync_pages SET body_gzip = '\\x00' WHERE page = 1");
    evil.play(page(1), page(2));
    expect((await rig.sync('pools')).state).toBe('applied');
  });
});
