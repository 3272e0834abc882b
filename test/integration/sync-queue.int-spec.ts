import { Logger } from '@nestjs/common';
import type { DataSource } from 'typeorm';
import { Settings } from '../../src/config';
import type { SyncRun } from '../../src/database';
import { type AcceptedRequest, SyncQueue } from '../../src/sync';
import { selectDatasets } from '../../src/sync/datasets';
import { JobQueue } from '../../src/sync/job-queue.service';
import { SyncScheduler } from '../../src/sync/sync-scheduler.service';
import { SyncUpkeep } from '../../src/sync/sync-upkeep.service';
import { SyncWorkers } from '../../src/sync/sync-workers.service';
import { ENDPOINTS } from '../../src/taostats';
import { SyncRig } from '../support/sync-rig';
import { connect, createTestDatabase, type TestDatabase } from '../support/test-database';

const CORE = ['tao_price', 'subnets', 'pools'];

describe('the schedule and the queue', () => {
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
    await dataSource.query('TRUNCATE sync_runs, sync_requests, dataset_states, leases, pools, pool_history');
    await dataSource.query('DROP SCHEMA IF EXISTS pgboss CASCADE');
    rig = await replica();
    await rig.register(...CORE);
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

  const tick = (of: SyncRig): Promise<void> => of.module.get(SyncScheduler).tickOnce();
  const workOnce = (of: SyncRig): Promise<boolean> => of.module.get(SyncWorkers).workOnce('core');
  const ask = (of: SyncRig, ...datasets: string[]): Promise<AcceptedRequest> =>
    of.module.get(SyncQueue).request({ datasets, mode: 'refresh' });
  const request = async (...datasets: string[]): Promise<SyncRun[]> => (await ask(rig, ...datasets)).runs;
  const runsOf = (dataset: string): Promise<SyncRun[]> => rig.runs.list({ dataset, limit: 50 });

  it('syncs every core dataset at the first look, not after the first interval', async () => {
    await tick(rig);
    for (const dataset of CORE) {
      expect(await runsOf(dataset)).toMatchObject([{ state: 'queued', trigger: 'boot', mode: 'refresh' }]);
    }
  });

  it('runs what it queued', async () => {
    const [run] = await request('pools');
    expect(await workOnce(rig)).toBe(true);
    expect((await rig.runOf(run?.id ?? '')).state).toBe('applied');
    expect(await workOnce(rig)).toBe(false);
  });

  it('lets a run wait whose dataset the schedule has not seen yet', async () => {
    await dataSource.query('DELETE FROM dataset_states');
    const [run] = await request('pools');
    await workOnce(rig);
    expect((await rig.runOf(run?.id ?? '')).state).toBe('queued');
  });

  it('makes up for a night of downtime with one run of each dataset', async () => {
    await tick(rig);
    await dataSource.query(
      `UPDATE sync_runs SET state = 'applied', finished_at = now();
       UPDATE dataset_states SET next_due_at = now() - interval '9 hours', last_success_at = now() - interval '9 hours'`,
    );
    for (let look = 0; look < 3; look += 1) await tick(rig);
    expect((await runsOf('pools')).map((run) => run.trigger)).toEqual(['schedule', 'boot']);
  });

  it('gives a due dataset to one of many replicas that look at once', async () => {
    const replicas = [rig, await replica(), await replica(), await replica()];
    await Promise.all(replicas.map(tick));
    expect(await runsOf('pools')).toHaveLength(1);
  });

  it('hands each run to one replica', async () => {
    const other = await replica();
    await request('pools', 'tao_price');
    await Promise.all([workOnce(rig), workOnce(other)]);
    const states = [...(await runsOf('pools')), ...(await runsOf('tao_price'))].map((run) => run.state);
    expect(states).toEqual(['applied', 'applied']);
    expect([...rig.upstream.asked, ...other.upstream.asked].sort()).toEqual(
      [ENDPOINTS.pools.path, ENDPOINTS.taoPrice.path].sort(),
    );
  });

  it('answers the open run to everybody who asks for a dataset that has one', async () => {
    const [first] = await request('pools');
    const [second] = await request('pools');
    expect(second?.id).toBe(first?.id);
    expect(await runsOf('pools')).toHaveLength(1);
  });

  it('syncs a dataset that people ask for once a minute, whichever replica they ask', async () => {
    const other = await replica();
    const answers = await Promise.allSettled(
      Array.from({ length: 20 }, async (_, index) => {
        const accepted = await ask(index % 2 === 0 ? rig : other, 'tao_price');
        await workOnce(rig);
        return accepted;
      }),
    );
    expect(await runsOf('tao_price')).toHaveLength(1);
    const refusals = answers.flatMap((answer) => (answer.status === 'rejected' ? [answer.reason as unknown] : []));
    for (const refusal of refusals) expect(refusal).toMatchObject({ status: 429, code: 'sync/asked-too-soon' });
    await workOnce(rig);
    await expect(ask(other, 'tao_price')).rejects.toMatchObject({ status: 429, code: 'sync/asked-too-soon' });
    await dataSource.query("UPDATE sync_requests SET accepted_at = accepted_at - interval '1 minute'");
    expect((await ask(other, 'tao_price')).runs).toHaveLength(1);
  });

  it('does not count what the schedule synced against those who ask', async () => {
    await tick(rig);
    while (await workOnce(rig));
    expect((await ask(rig, 'tao_price')).runs).toMatchObject([{ trigger: 'request' }]);
  });

  it('syncs what it may of a request, and says when the rest may be asked for again', async () => {
    await request('tao_price');
    while (await workOnce(rig));
    const { runs, refused } = await ask(rig, 'tao_price', 'pools');
    expect(runs.map((run) => run.dataset)).toEqual(['pools']);
    expect(refused).toMatchObject([{ dataset: 'tao_price', code: 'sync/asked-too-soon' }]);
    expect(refused[0]?.retryInMs).toBeLessThanOrEqual(60_000);
  });

  it('keeps people to a fifth of the limit, whichever replica they ask', async () => {
    Object.assign(rig.module.get(Settings), { taostatsRateLimitPerMinute: 5 });
    const other = await replica();
    Object.assign(other.module.get(Settings), { taostatsRateLimitPerMinute: 5 });
    expect((await ask(rig, 'tao_price', 'subnets')).runs).toHaveLength(2);
    const refusal = { status: 429, code: 'sync/request-budget-spent' };
    await expect(ask(other, 'pools')).rejects.toMatchObject(refusal);
    // Three calls at one a minute.
    await dataSource.query("UPDATE sync_requests SET paid_until = paid_until - interval '3 minutes'");
    expect((await ask(other, 'pools')).runs).toHaveLength(1);
  });

  it('names what exists when asked for a dataset that does not', async () => {
    await expect(request('gold')).rejects.toMatchObject({ status: 400, code: 'sync/unknown-dataset' });
    await expect(request('gold')).rejects.toThrow(/tao_price, subnets, pools/);
  });

  it.each(['refresh', 'full', 'deep'] as const)('maps the mode %s to its tier of datasets', async (mode) => {
    const { runs } = await rig.module.get(SyncQueue).request({ mode });
    expect(runs.map((run) => run.dataset)).toEqual(selectDatasets(undefined, mode));
  });

  it('ends a run whose process is gone and syncs its dataset again', async () => {
    await tick(rig);
    const [lost] = await runsOf('pools');
    await dataSource.query(
      `UPDATE sync_runs SET state = 'running', owner = 'gone', fence = 1, started_at = now() WHERE dataset = 'pools';
       INSERT INTO leases VALUES ('pools', 'gone', 1, now() - interval '1 second')`,
    );
    await tick(rig);
    expect(await rig.runOf(lost?.id ?? '')).toMatchObject({ state: 'interrupted', reasonCode: 'sync/process-lost' });
    expect((await runsOf('pools'))[0]?.state).toBe('queued');
  });

  it('leaves a run alone as long as its lease lives', async () => {
    const [run] = await request('pools');
    await dataSource.query(
      `UPDATE sync_runs SET state = 'running', owner = 'alive', fence = 1, started_at = now();
       INSERT INTO leases VALUES ('pools', 'alive', 1, now() + interval '1 minute')`,
    );
    await rig.module.get(SyncUpkeep).endOrphans();
    expect((await rig.runOf(run?.id ?? '')).state).toBe('running');
  });

  it.each([
    ['vanished', 'DELETE FROM pgboss.job'],
    ['was taken by a process that died before it began', "UPDATE pgboss.job SET state = 'active', started_on = now()"],
    ['failed', "UPDATE pgboss.job SET state = 'failed', completed_on = now()"],
  ])('offers a waiting run again whose job %s', async (_name, accident) => {
    const [run] = await request('pools');
    await dataSource.query(accident);
    expect(await workOnce(rig)).toBe(false);
    await rig.module.get(SyncUpkeep).offerLost(0);
    expect(await workOnce(rig)).toBe(true);
    expect((await rig.runOf(run?.id ?? '')).state).toBe('applied');
  });

  it('keeps core datasets and all others in lanes of their own', async () => {
    await request('pools');
    expect(await rig.module.get(JobQueue).take('other')).toBeNull();
    expect(await rig.module.get(JobQueue).take('core')).not.toBeNull();
  });

  it('does not double a job that still waits', async () => {
    await request('pools');
    await rig.module.get(SyncUpkeep).offerLost(0);
    expect(
      await dataSource.query("SELECT count(*)::int AS jobs FROM pgboss.job WHERE name = 'sync-runs-core'"),
    ).toEqual([{ jobs: 1 }]);
  });

  it('works again after PostgreSQL cut all its connections', async () => {
    await request('pools');
    await dataSource.query(
      `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
        WHERE datname = current_database() AND application_name = 'tao-treasury queue'`,
    );
    const jobs = rig.module.get(JobQueue);
    let taken = await jobs.take('core').catch(() => null);
    for (let attempt = 0; taken === null && attempt < 5; attempt += 1)
      taken = await jobs.take('core').catch(() => null);
    expect(taken).not.toBeNull();
  });

  it('gives up what is under way when the service ends, and starts no more', async () => {
    const { arrived } = rig.upstream.hold(ENDPOINTS.pools);
    const [run] = await request('pools');
    const working = workOnce(rig);
    await arrived;
    await rig.module.get(SyncWorkers).beforeApplicationShutdown();
    await working.catch(() => undefined);
    expect((await rig.runOf(run?.id ?? '')).state).toBe('interrupted');
  });
});
