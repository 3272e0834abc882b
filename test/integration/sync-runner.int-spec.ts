import { Logger } from '@nestjs/common';
import type { DataSource } from 'typeorm';
import { Pool, Subnet, SubnetIdentity } from '../../src/database';
import { RefusalApproval } from '../../src/sync';
import { ShutdownError } from '../../src/sync/sync-errors';
import { ENDPOINTS, RateLimitedError, TaostatsError } from '../../src/taostats';
import { poolPayload, range, subnetPayload } from '../support/fake-upstream';
import { SyncRig } from '../support/sync-rig';
import { connect, createTestDatabase, type TestDatabase } from '../support/test-database';

const POOL_TABLES = ['pools', 'pool_history'];
const SHORT = { rows: range(20).map((netuid) => poolPayload(netuid, 2_000)) };

describe('a sync run', () => {
  let database: TestDatabase;
  let dataSource: DataSource;
  let rig: SyncRig;
  let warnings: [object, string][];

  beforeAll(async () => {
    database = await createTestDatabase();
    dataSource = await connect(database);
  });

  beforeEach(async () => {
    await dataSource.query(
      `TRUNCATE sync_runs, dataset_states, leases, quarantine, raw_answers, pools, pool_history, subnets, subnet_history,
         subnet_identities, subnet_generations, tao_prices, tao_price_history`,
    );
    warnings = [];
    Logger.overrideLogger(false);
    jest.spyOn(Logger.prototype, 'warn').mockImplementation((...line: unknown[]) => {
      warnings.push(line as [object, string]);
    });
    rig = await SyncRig.create(dataSource);
    await rig.register('pools', 'subnets', 'tao_price');
  });

  afterAll(async () => {
    await dataSource.destroy();
    await database.drop();
  });

  const findPool = (netuid: number): Promise<Pool | null> => dataSource.getRepository(Pool).findOneBy({ netuid });
  const count = async (table: string): Promise<number> => {
    const [row] = await dataSource.query<{ rows: number }[]>(`SELECT count(*)::int AS rows FROM ${table}`);
    return row?.rows ?? 0;
  };

  describe('with a good answer', () => {
    it('stores it, closes itself and moves the watermark in one go', async () => {
      const run = await rig.sync('pools');
      expect(run).toMatchObject({ state: 'applied', rowsSeen: 40, rowsChanged: 40, calls: 1, upstreamBlock: '1000' });
      expect(run.phases.map((phase) => phase.phase)).toEqual(['wait', 'fetch', 'guard', 'apply']);
      expect(await rig.states.find('pools')).toMatchObject({
        lastRunState: 'applied',
        appliedRunId: run.id,
        recordCount: 40,
        consecutiveFailures: 0,
        lastErrorCode: null,
      });
      expect([await count('pools'), await count('pool_history'), await count('raw_answers')]).toEqual([40, 40, 1]);
    });

    it.each(['tao_price', 'subnets', 'pools'])('applies %s', async (dataset) => {
      expect((await rig.sync(dataset)).state).toBe('applied');
    });

    it('confirms the same answer and rewrites nothing', async () => {
      const first = await rig.sync('pools');
      const before = await rig.contents(...POOL_TABLES);
      const second = await rig.sync('pools');
      expect(second).toMatchObject({ state: 'confirmed', rowsChanged: 0, rowsUnchanged: 40 });
      expect(await rig.contents(...POOL_TABLES)).toBe(before);
      expect(await rig.states.find('pools')).toMatchObject({ appliedRunId: first.id, lastRunId: second.id });
    });

    it('does not hold a history row twice when one block comes in two answers', async () => {
      await rig.sync('pools');
      const rows = range(40).map((netuid) => poolPayload(netuid, 1_000, { rank: netuid }));
      rig.upstream.answer(ENDPOINTS.pools, { rows });
      expect((await rig.sync('pools')).rowsChanged).toBe(40);
      expect(await count('pool_history')).toBe(40);
    });

    it('keeps the raw answers of three runs', async () => {
      for (const block of [1_000, 1_100, 1_200, 1_300, 1_400]) {
        rig.upstream.setBlock(block);
        await rig.sync('pools');
      }
      expect(await count('raw_answers')).toBe(3);
    });

    it('gives up its lease, so that the next run need not wait for it to expire', async () => {
      await rig.sync('pools');
      expect(await rig.leases.acquire('pools', 'another', 1_000)).toMatchObject({ fence: '2' });
    });
  });

  describe('with an answer that cannot be believed', () => {
    const refusals: [string, Parameters<SyncRig['upstream']['answer']>[1], string][] = [
      ['no rows', { rows: [] }, 'sync/insufficient-data'],
      ['fewer rows than the network has', SHORT, 'sync/insufficient-data'],
      ['pages missing', { rows: SHORT.rows, complete: false }, 'sync/incomplete-walk'],
      [
        'more than a fifth of the rows missing',
        { rows: range(33).map((netuid) => poolPayload(netuid, 2_000)) },
        'sync/shrunk',
      ],
      ['an older block', { rows: range(40).map((netuid) => poolPayload(netuid, 999)) }, 'sync/older-answer'],
      [
        'a price a hundred times as high',
        { rows: range(40).map((n) => poolPayload(n, 2_000, n === 7 ? { price: '10.7' } : {})) },
        'sync/implausible-values',
      ],
      [
        'half of the TAO gone',
        { rows: range(40).map((netuid) => poolPayload(netuid, 2_000, { total_tao: '2500000000000' })) },
        'sync/implausible-values',
      ],
      [
        'many rows that are not valid',
        {
          rows: range(38).map((netuid) => poolPayload(netuid, 2_000)),
          rejected: [38, 39].map((key) => ({ key: String(key), reason: 'price must be a number', raw: '{}' })),
        },
        'sync/too-many-rejected',
      ],
    ];

    it.each(refusals)('%s: changes no stored byte and says why', async (_name, answer, code) => {
      rig.upstream.setBlock(1_000, 42);
      const applied = await rig.sync('pools');
      const before = await rig.contents(...POOL_TABLES);
      rig.upstream.answer(ENDPOINTS.pools, answer);
      const run = await rig.sync('pools');
      expect(run).toMatchObject({ state: 'protected', reasonCode: code, rowsChanged: 0 });
      expect(await rig.contents(...POOL_TABLES)).toBe(before);
      const state = await rig.states.find('pools');
      expect(state).toMatchObject({ appliedRunId: applied.id, lastErrorCode: code, consecutiveFailures: 1 });
      expect(state?.protectedSince).toBeInstanceOf(Date);
      expect(await count('quarantine')).toBe(0);
    });

    it('logs the words that operators search for', async () => {
      rig.upstream.answer(ENDPOINTS.subnets, { rows: [] });
      await rig.sync('subnets');
      expect(warnings).toContainEqual([
        expect.objectContaining({ dataset: 'subnets', records: 0, minimum: 32 }),
        'Subnet sync returned insufficient data',
      ]);
    });

    it('counts as a run that was protected', async () => {
      rig.upstream.answer(ENDPOINTS.pools, { rows: [] });
      await rig.sync('pools');
      expect(rig.metrics.now().sync['pools']).toMatchObject({ protected: 1, applied: 0 });
    });

    it('is over with the next good answer', async () => {
      rig.upstream.answer(ENDPOINTS.pools, { rows: [] });
      await rig.sync('pools');
      rig.upstream.setBlock(1_000);
      expect((await rig.sync('pools')).state).toBe('applied');
      expect(await rig.states.find('pools')).toMatchObject({ protectedSince: null, refusedCount: 0, lastError: null });
    });

    it('is believed when it came three times over two intervals, and only then; a reconciliation is then due', async () => {
      await dataSource.query(
        `INSERT INTO recurring_jobs (job, interval_seconds, next_due_at)
         VALUES ('reconciliation', 3600, clock_timestamp() + interval '1 hour')`,
      );
      const isDue = (): Promise<object[]> =>
        dataSource.query('SELECT job FROM recurring_jobs WHERE next_due_at <= clock_timestamp()');
      rig.upstream.setBlock(1_000, 60);
      await rig.sync('pools');
      const states: string[] = [];
      for (const block of [1_100, 1_200, 1_300, 1_400]) {
        if (block === 1_400) {
          await dataSource.query("UPDATE dataset_states SET refused_since = refused_since - interval '20 minutes'");
        }
        rig.upstream.setBlock(block, 40);
        expect(await isDue()).toEqual([]);
        const run = await rig.sync('pools');
        states.push(`${run.state} ${run.reasonCode}`);
      }
      expect(states).toEqual([
        'protected sync/shrunk',
        'protected sync/shrunk',
        'protected sync/shrunk',
        'applied sync/shrink-accepted',
      ]);
      expect((await rig.states.find('pools'))?.recordCount).toBe(40);
      expect(await isDue()).toEqual([{ job: 'reconciliation' }]);
    });

    it('is stored at once when an operator approves it, and only that one', async () => {
      const approval = rig.module.get(RefusalApproval, { strict: false });
      rig.upstream.setBlock(1_000, 60);
      await rig.sync('pools');
      rig.upstream.setBlock(1_100, 40);
      const refused = await rig.sync('pools');
      expect(await approval.approve(refused.id)).toMatchObject({ id: refused.id, reasonCode: 'sync/shrunk' });
      rig.upstream.setBlock(1_200, 39);
      const another = await rig.sync('pools');
      expect(another).toMatchObject({ state: 'protected', reasonCode: 'sync/shrunk' });
      await expect(approval.approve(refused.id)).rejects.toMatchObject({ code: 'runs/superseded', status: 409 });
      rig.upstream.setBlock(1_300, 40);
      expect(await rig.sync('pools')).toMatchObject({ state: 'protected' });
      await approval.approve(refused.id);
      rig.upstream.setBlock(1_400, 40);
      expect(await rig.sync('pools')).toMatchObject({ state: 'applied', reasonCode: 'sync/approved', rowsMissing: 20 });
      expect(await rig.states.find('pools')).toMatchObject({ approvedSha256: null, refusedSha256: null });
      await expect(approval.approve(refused.id)).rejects.toMatchObject({ code: 'runs/superseded' });
    });

    it('cannot be approved when nothing could make it true, nor when it was stored', async () => {
      const approval = rig.module.get(RefusalApproval, { strict: false });
      const applied = await rig.sync('pools');
      await expect(approval.approve(applied.id)).rejects.toMatchObject({ code: 'runs/not-refused', status: 409 });
      rig.upstream.answer(ENDPOINTS.pools, { rows: [] });
      const empty = await rig.sync('pools');
      expect(empty).toMatchObject({ state: 'protected', reasonCode: 'sync/insufficient-data' });
      await expect(approval.approve(empty.id)).rejects.toMatchObject({ code: 'runs/never-believed', status: 409 });
      expect((await rig.states.find('pools'))?.approvedSha256).toBeNull();
    });

    it('is due at once when it is approved', async () => {
      rig.upstream.setBlock(1_000, 60);
      await rig.sync('pools');
      rig.upstream.setBlock(1_100, 40);
      const refused = await rig.sync('pools');
      await rig.module.get(RefusalApproval, { strict: false }).approve(refused.id);
      const due: object[] = await dataSource.query(
        "SELECT FROM dataset_states WHERE dataset = 'pools' AND next_due_at <= clock_timestamp()",
      );
      expect(due).toHaveLength(1);
    });

    it('is stored when the protection is switched off', async () => {
      const open = await SyncRig.create(dataSource, { settings: { enablePartialFailureProtection: false } });
      await open.sync('pools');
      open.upstream.answer(ENDPOINTS.pools, { rows: range(8).map((netuid) => poolPayload(netuid, 2_000)) });
      expect(await open.sync('pools')).toMatchObject({ state: 'applied', rowsMissing: 32 });
    });
  });

  describe('with a bad row', () => {
    const withBadRow = {
      rows: range(39).map((netuid) => poolPayload(netuid, 2_000)),
      rejected: [{ key: '39', reason: 'price must be a decimal number', raw: '{"netuid":39,"price":"NaN"}' }],
    };

    it('keeps the last good row, puts the bad one into quarantine and stores the others', async () => {
      await rig.sync('pools');
      rig.upstream.answer(ENDPOINTS.pools, withBadRow);
      expect(await rig.sync('pools')).toMatchObject({ state: 'applied', rowsRejected: 1, rowsMissing: 0 });
      expect(await findPool(39)).toMatchObject({ blockNumber: 1_000, missingSince: null });
      expect(await findPool(38)).toMatchObject({ blockNumber: 2_000 });
      expect(await dataSource.query('SELECT dataset, key, times_seen FROM quarantine')).toEqual([
        { dataset: 'pools', key: '39', times_seen: 1 },
      ]);
      expect(await rig.states.find('pools')).toMatchObject({ rowsKeptBack: 1, recordCount: 40 });
    });

    it('counts the same bad row in one entry', async () => {
      for (const block of [2_000, 2_100]) {
        const rows = range(39).map((netuid) => poolPayload(netuid, block));
        rig.upstream.answer(ENDPOINTS.pools, { ...withBadRow, rows });
        await rig.sync('pools');
      }
      expect(await dataSource.query('SELECT times_seen FROM quarantine')).toEqual([{ times_seen: 2 }]);
    });

    it('believes neither of two rows that contradict each other', async () => {
      await rig.sync('pools');
      const rows = range(40).map((netuid) => poolPayload(netuid, 2_000));
      rig.upstream.answer(ENDPOINTS.pools, { rows: [...rows, poolPayload(5, 2_000, { rank: 9 })] });
      expect(await rig.sync('pools')).toMatchObject({ state: 'applied', rowsRejected: 1 });
      expect(await findPool(5)).toMatchObject({ blockNumber: 1_000 });
    });
  });

  describe('without an answer', () => {
    it('fails with the reason and tries again sooner than the interval', async () => {
      rig.upstream.answer(ENDPOINTS.pools, new TaostatsError('unavailable', 'TaoStats did not answer'));
      expect(await rig.sync('pools')).toMatchObject({ state: 'failed', reasonCode: 'taostats/unavailable' });
      const seconds = await rig.dueInSeconds('pools');
      expect(seconds).toBeGreaterThan(20);
      expect(seconds).toBeLessThan(60);
    });

    it('waits as long as TaoStats asks', async () => {
      const retryAt = new Date(rig.clock.nowMs() + 3_600_000);
      rig.upstream.answer(ENDPOINTS.pools, new RateLimitedError(retryAt));
      await rig.sync('pools');
      const seconds = await rig.dueInSeconds('pools');
      expect(seconds).toBeGreaterThan(3_500);
    });

    it('lets no text of an unexpected error into the ledger', async () => {
      rig.upstream.answer(ENDPOINTS.pools, new Error('secret text'));
      const run = await rig.sync('pools');
      expect(run).toMatchObject({ state: 'failed', reasonCode: 'sync/unexpected' });
      expect(run.reason).not.toContain('secret');
    });

    it('stores subnets without their names rather than no subnets', async () => {
      rig.upstream.answer(ENDPOINTS.subnetIdentities, new TaostatsError('unavailable', 'TaoStats did not answer'));
      expect((await rig.sync('subnets')).state).toBe('applied');
      expect([await count('subnets'), await count('subnet_identities')]).toEqual([40, 0]);
    });

    it('ends as interrupted when the service ends, and is due at once', async () => {
      const ending = new AbortController();
      const { arrived } = rig.upstream.hold(ENDPOINTS.pools);
      const running = rig.sync('pools', ending.signal);
      await arrived;
      ending.abort(new ShutdownError());
      expect(await running).toMatchObject({ state: 'interrupted', reasonCode: 'sync/shutdown' });
      const [due] = await rig.unitOfWork.run((manager) => rig.states.claimDue(manager, ['pools']));
      expect(due?.dataset).toBe('pools');
      expect(await rig.leases.acquire('pools', 'another', 1_000)).not.toBeNull();
    });
  });

  describe('beside another process', () => {
    it('is left alone by a second runner that gets the same job', async () => {
      const { arrived, release } = rig.upstream.hold(ENDPOINTS.pools);
      const { id } = await rig.queue('pools');
      const running = rig.runner.run(id, new AbortController().signal);
      await arrived;
      const other = await SyncRig.create(dataSource, { upstream: rig.upstream });
      expect(await other.runner.run(id, new AbortController().signal)).toBeNull();
      release();
      expect(await running).toBe('applied');
      expect(rig.upstream.asked).toEqual([ENDPOINTS.pools.path]);
    });

    it('writes nothing once the other has taken its lease over', async () => {
      await rig.sync('pools');
      const before = await rig.contents(...POOL_TABLES);
      rig.upstream.setBlock(2_000);
      const { arrived, release } = rig.upstream.hold(ENDPOINTS.pools);
      const zombie = rig.sync('pools');
      await arrived;
      await dataSource.query("UPDATE leases SET expires_at = clock_timestamp() - interval '1 second'");
      expect(await rig.leases.acquire('pools', 'another', 90_000)).not.toBeNull();
      release();
      expect((await zombie).state).toBe('fenced');
      expect(await rig.contents(...POOL_TABLES)).toBe(before);
    });

    it('writes nothing once it has been declared lost, even if nobody took over', async () => {
      const { arrived, release } = rig.upstream.hold(ENDPOINTS.pools);
      const zombie = rig.sync('pools');
      await arrived;
      await dataSource.query("UPDATE leases SET expires_at = clock_timestamp() - interval '1 second'");
      await rig.unitOfWork.run((manager) => rig.runs.interruptOrphans(manager));
      release();
      expect((await zombie).state).toBe('interrupted');
      expect([await count('pools'), await count('pool_history')]).toEqual([0, 0]);
    });

    it('stops as soon as it cannot renew its lease', async () => {
      const { arrived } = rig.upstream.hold(ENDPOINTS.pools);
      const zombie = rig.sync('pools');
      await arrived;
      await dataSource.query("UPDATE leases SET expires_at = clock_timestamp() - interval '1 second'");
      await rig.clock.advance(30_000);
      expect((await zombie).state).toBe('fenced');
    });

    it('leaves nothing of a transaction that dies before its commit', async () => {
      await dataSource.query(
        `CREATE FUNCTION die() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'crash'; END $$;
         CREATE TRIGGER die BEFORE UPDATE ON dataset_states FOR EACH ROW WHEN (NEW.last_run_state = 'applied')
           EXECUTE FUNCTION die()`,
      );
      try {
        expect(await rig.sync('pools')).toMatchObject({ state: 'failed', reasonCode: 'sync/database-failure' });
      } finally {
        await dataSource.query('DROP TRIGGER die ON dataset_states; DROP FUNCTION die');
      }
      expect([await count('pools'), await count('pool_history'), await count('raw_answers')]).toEqual([0, 0, 0]);
    });
  });

  describe('over time', () => {
    it('marks a pool that is gone, removes it after three answers and confirms none of them away', async () => {
      await rig.sync('pools');
      const rows = range(39).map((netuid) => poolPayload(netuid, 2_000));
      rig.upstream.answer(ENDPOINTS.pools, { rows });
      const missing: (number | string)[] = [];
      for (let answer = 0; answer < 4; answer += 1) {
        const run = await rig.sync('pools');
        missing.push(`${run.state} ${run.rowsMissing}`);
      }
      expect(missing).toEqual(['applied 1', 'applied 1', 'applied 1', 'confirmed 0']);
      expect((await findPool(39))?.removedAt).toBeInstanceOf(Date);
      expect((await rig.states.find('pools'))?.recordCount).toBe(39);
    });

    it('opens a new generation when a netuid is registered anew', async () => {
      await rig.sync('subnets');
      await rig.sync('pools');
      const rows = range(40).map((netuid) =>
        subnetPayload(netuid, 3_000, netuid === 7 ? { registration_block_number: 2_500 } : {}),
      );
      rig.upstream.setBlock(3_000);
      rig.upstream.answer(ENDPOINTS.subnets, { rows });
      await rig.sync('pools');
      await rig.sync('subnets');
      expect(await findPool(7)).toMatchObject({ registrationBlockNumber: 2_500 });
      const history = await dataSource.query<{ block: string; registration: string }[]>(
        `SELECT block_number AS block, registration_block_number AS registration FROM pool_history
          WHERE netuid = 7 ORDER BY block_number`,
      );
      expect(history).toEqual([
        { block: '1000', registration: '7' },
        { block: '3000', registration: '2500' },
      ]);
    });

    it('withholds numbers that are no figures, each with its reason', async () => {
      const garbage = { tao_flow: '-1344818092359283', net_flow_1_day: '8770778418879012864' };
      const rows = range(40).map((netuid) =>
        subnetPayload(netuid, 1_000, netuid === 0 ? { ...garbage, weights_rate_limit: '18446744073709551615' } : {}),
      );
      rig.upstream.answer(ENDPOINTS.subnets, { rows });
      await rig.sync('subnets');
      expect(await dataSource.getRepository(Subnet).findOneBy({ netuid: 0 })).toMatchObject({
        taoFlow: null,
        netFlow1Day: null,
        weightsRateLimit: null,
        withheld: { tao_flow: 'root_has_no_flow', weights_rate_limit: 'never' },
      });
    });

    it('stores an empty text as absent', async () => {
      await rig.sync('subnets');
      expect(await dataSource.getRepository(SubnetIdentity).findOneBy({ netuid: 3 })).toMatchObject({
        subnetName: 'Subnet 3',
        discord: null,
      });
    });
  });
});
