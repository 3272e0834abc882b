import { Logger } from '@nestjs/common';
import type { DataSource } from 'typeorm';
import { UpstreamGateRepository } from '../../src/database';
import { type AcceptedRequest, SyncQueue } from '../../src/sync';
import { SyncRequestRefusedError } from '../../src/sync/sync-errors';
import { SyncScheduler } from '../../src/sync/sync-scheduler.service';
import { SyncWorkers } from '../../src/sync/sync-workers.service';
import { INTERVAL_SECONDS, SyncRig } from '../support/sync-rig';
import { connect, createTestDatabase, type TestDatabase } from '../support/test-database';

const KEY = 'key api.taostats.io 0123456789ab';
const WINDOW_MS = 61_000;
const TABLES = ['dataset_states', 'sync_runs', 'sync_requests', 'leases', 'upstream_grants', 'upstream_keys'];

describe('when the clock of the database is set back by hours', () => {
  let database: TestDatabase;
  let dataSource: DataSource;
  let rig: SyncRig;
  const rigs: SyncRig[] = [];

  beforeAll(async () => {
    database = await createTestDatabase();
    dataSource = await connect(database);
    Logger.overrideLogger(false);
  });

  beforeEach(async () => {
    await dataSource.query(`TRUNCATE ${TABLES.join(', ')}, pools, pool_history`);
    await dataSource.query('DROP SCHEMA IF EXISTS pgboss CASCADE');
    rig = await replica();
    await rig.register('pools', 'subnets');
  });

  afterEach(async () => {
    for (const open of rigs.splice(0)) await open.module.get(SyncWorkers).beforeApplicationShutdown();
  });

  afterAll(async () => {
    await dataSource.destroy();
    await database.drop();
  });

  async function replica(): Promise<SyncRig> {
    const created = await SyncRig.create(dataSource);
    rigs.push(created);
    return created;
  }

  const tick = (of = rig): Promise<void> => of.module.get(SyncScheduler).tickOnce();
  const workOnce = (): Promise<boolean> => rig.module.get(SyncWorkers).workOnce('core');
  const gates = (): UpstreamGateRepository => rig.module.get(UpstreamGateRepository, { strict: false });
  const ask = (dataset: string): Promise<AcceptedRequest> =>
    rig.module.get(SyncQueue).request({ datasets: [dataset], mode: 'refresh' });

  /** For what is stored, the same as a clock that shows five hours less. */
  async function setBack(): Promise<void> {
    const columns = await dataSource.query<{ table: string; sets: string }[]>(
      `SELECT format('%I.%I', table_schema, table_name) AS table,
              string_agg(format('%1$I = %1$I + interval ''5 hours''', column_name), ', ') AS sets
         FROM information_schema.columns
        WHERE data_type = 'timestamp with time zone'
          AND (table_name = ANY($1) OR (table_name = 'job' AND column_name = 'start_after'))
        GROUP BY 1`,
      [TABLES],
    );
    for (const { table, sets } of columns) await dataSource.query(`UPDATE ${table} SET ${sets}`);
  }

  it('syncs after its interval as before, and counts ages from now', async () => {
    await rig.sync('pools');
    await setBack();
    await tick();
    const dueInSeconds = await rig.dueInSeconds('pools');
    expect(dueInSeconds).toBeGreaterThan(INTERVAL_SECONDS - 60);
    expect(dueInSeconds).toBeLessThanOrEqual(INTERVAL_SECONDS);
    const [state] = await rig.query<{ age: number }>(
      "SELECT extract(epoch FROM clock_timestamp() - last_success_at)::float8 AS age FROM dataset_states WHERE dataset = 'pools'",
    );
    expect(Math.abs(state?.age ?? NaN)).toBeLessThan(60);
  });

  it('runs what was waiting', async () => {
    const run = (await ask('subnets')).runs[0];
    await rig.sync('pools');
    await setBack();
    await tick();
    expect(await workOnce()).toBe(true);
    expect((await rig.runOf(run?.id ?? '')).finishedAt).not.toBeNull();
  });

  it('counts the requests of the last minute as such, neither forgotten nor for hours', async () => {
    await rig.sync('pools');
    await gates().transact({ key: KEY, others: [], windowMs: WINDOW_MS }, () => ({ result: 0, grant: 'scheduled' }));
    await setBack();
    await tick();
    const { grants, nowMs } = await gates().read(KEY, WINDOW_MS);
    expect(grants.scheduled).toHaveLength(1);
    expect(grants.scheduled[0]).toBeLessThanOrEqual(nowMs);
  });

  it('lets people ask again after a minute', async () => {
    await ask('pools');
    await workOnce();
    await setBack();
    await tick();
    const refusal = await ask('pools').then(
      () => null,
      (error: unknown) => error as SyncRequestRefusedError,
    );
    expect(refusal?.retryAfterSeconds).toBeLessThanOrEqual(60);
  });

  it('is followed once, however many replicas see it', async () => {
    await rig.sync('pools');
    await setBack();
    const others = await Promise.all([replica(), replica()]);
    await Promise.all([tick(), ...others.map(tick)]);
    const dueInSeconds = await rig.dueInSeconds('pools');
    expect(dueInSeconds).toBeGreaterThan(INTERVAL_SECONDS - 60);
    expect(dueInSeconds).toBeLessThanOrEqual(INTERVAL_SECONDS);
  });
});
