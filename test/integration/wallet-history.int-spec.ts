import { Logger } from '@nestjs/common';
import type { DataSource } from 'typeorm';
import {
  BackfillRepository,
  HistoryCoverageRepository,
  HoldingRepository,
  type RunState,
  type SyncRun,
  WalletRepository,
} from '../../src/database';
import { type RunningSimulator, DEMO_WALLETS, startSimulator } from '../simulator';
import { NoTurnError, TaostatsError } from '../../src/taostats';
import { ClientUpstream } from '../support/client-upstream';
import { FakeUpstream } from '../support/fake-upstream';
import { SyncRig } from '../support/sync-rig';
import { taostatsRig } from '../support/taostats-rig';
import { connect, createTestDatabase, type TestDatabase } from '../support/test-database';

const TABLES =
  'sync_runs, dataset_states, leases, raw_answers, wallets, wallet_states, positions, position_history, accounts, account_history, backfills';

/** Three wallets and a year behind them, over the real client and the simulated upstream. */
describe('the history of wallets', () => {
  let database: TestDatabase;
  let dataSource: DataSource;
  let simulator: RunningSimulator;
  let rig: SyncRig;

  beforeAll(async () => {
    database = await createTestDatabase();
    dataSource = await connect(database);
    simulator = await startSimulator({ ratePerMinute: 100_000 });
  });

  beforeEach(async () => {
    await dataSource.query(`TRUNCATE ${TABLES}`);
    Logger.overrideLogger(false);
    simulator.clearFaults();
    simulator.clearLog();
    const { client } = taostatsRig(simulator.url, { taostatsRateLimitPerMinute: 10_000, apiMaxRetries: 0 });
    rig = await SyncRig.create(dataSource, { upstream: new ClientUpstream(client) });
    await rig.register('positions', 'accounts', 'account_history', 'position_history');
  });

  afterAll(async () => {
    await simulator.close();
    await dataSource.destroy();
    await database.drop();
  });

  const repository = <T>(type: new (...parts: never[]) => T): T => rig.module.get(type, { strict: false });
  const follow = async (...addresses: string[]): Promise<void> => {
    for (const address of addresses) await repository(WalletRepository).add({ address, label: null });
    expect((await rig.sync('positions')).state).toBe('applied');
  };
  const syncUntil = async (dataset: string, state: RunState): Promise<SyncRun[]> => {
    const runs: SyncRun[] = [];
    while (runs.at(-1)?.state !== state) runs.push(await rig.sync(dataset));
    return runs;
  };
  const [treasury = ''] = DEMO_WALLETS;

  it('fills behind for forty positions of three wallets, twenty calls a run, until it is whole', async () => {
    await follow(...DEMO_WALLETS);
    const held = await repository(HoldingRepository).countHeld(dataSource.manager);
    expect(held).toBe(40);
    const runs = [
      ...(await syncUntil('account_history', 'confirmed')),
      ...(await syncUntil('position_history', 'confirmed')),
    ];
    expect(runs.filter(({ calls }) => calls > 20)).toEqual([]);
    const calls = simulator.log('/api/').length;
    expect(runs.reduce((sum, run) => sum + run.calls, DEMO_WALLETS.length)).toBe(calls);
    for (const address of DEMO_WALLETS) {
      const coverage = repository(HistoryCoverageRepository);
      const whole = [await coverage.ofAccount(address), ...(await coverage.ofPositions(address))];
      expect(whole.flatMap((part) => part?.gaps ?? [])).toEqual([]);
      expect(whole.every((part) => part?.daysPresent === part?.daysExpected)).toBe(true);
      expect(whole[0]?.daysPresent).toBeGreaterThan(300);
    }
    const [rows] = await dataSource.query<{ wrong: number }[]>(
      `SELECT count(*)::int AS wrong FROM position_history WHERE day <> (upstream_at AT TIME ZONE 'UTC')::date`,
    );
    expect(rows?.wrong).toBe(0);
    const walks = await repository(BackfillRepository).list('position_history');
    expect(walks.every(({ state, doneTo, windowTo }) => state === 'complete' && doneTo === windowTo)).toBe(true);
  });

  it('says how whole it is while it fills', async () => {
    await follow(treasury);
    const coverage = await repository(HistoryCoverageRepository).ofAccount(treasury);
    expect(coverage).toMatchObject({ daysPresent: 1, daysExpected: 1, gaps: [] });
    await repository(BackfillRepository).want(dataSource.manager, 'account_history', [
      { scope: treasury, windowFrom: '2026-01-01', windowTo: '2026-01-31' },
    ]);
    const pending = await repository(HistoryCoverageRepository).ofAccount(treasury);
    expect(pending?.gaps).toMatchObject([{ from: '2026-01-01', reason: 'pending' }]);
  });

  it('goes on after a failed page from where it was, and keeps what it had', async () => {
    await follow(treasury);
    simulator.addFault({
      match: '/api/account/history/v1',
      skip: 1,
      times: 1,
      fault: { kind: 'status', status: 500 },
    });
    const failed = await rig.sync('account_history');
    expect(failed).toMatchObject({ state: 'failed', reasonCode: 'taostats/unavailable' });
    const [walk] = await repository(BackfillRepository).list('account_history');
    expect(walk).toMatchObject({ state: 'failed', failures: 1, pages: 1, calls: 2 });
    expect(failed.calls).toBe(2);
    const before = await dataSource.query<object[]>('SELECT * FROM account_history ORDER BY day');
    expect(before.length).toBeGreaterThan(100);
    expect(await rig.sync('account_history')).toMatchObject({ calls: 0 });
    await dataSource.query("UPDATE backfills SET retry_at = 'epoch'");
    const [resumed] = await syncUntil('account_history', 'applied');
    expect(resumed?.calls).toBe(1);
    const after = await dataSource.query<object[]>('SELECT * FROM account_history ORDER BY day');
    expect(after).toEqual(expect.arrayContaining(before));
  });

  it('asks nothing for days whose end our own answers have seen', async () => {
    await follow(treasury);
    await syncUntil('account_history', 'confirmed');
    await dataSource.query(
      `UPDATE account_history SET positions_seen_at = day + interval '23 hours 55 minutes'
        WHERE day >= (SELECT max(day) - 3 FROM account_history)`,
    );
    await dataSource.query("UPDATE backfills SET state = 'pending', done_to = window_to - 3");
    simulator.clearLog();
    expect(await rig.sync('account_history')).toMatchObject({ state: 'confirmed', calls: 0 });
    expect(simulator.log('/api/')).toEqual([]);
    const [walk] = await repository(BackfillRepository).list('account_history');
    expect(walk).toMatchObject({ state: 'complete', doneTo: walk?.windowTo });
  });

  it.each([
    new TaostatsError('deadline', 'no answer within 120000 ms'),
    new NoTurnError(new Date(Date.UTC(2026, 0, 1, 0, 1))),
  ])('has not failed when everything else came first: it waits for its turn (%s)', async (refusal) => {
    await follow(treasury);
    const upstream = new FakeUpstream();
    const crowded = await SyncRig.create(dataSource, { upstream });
    upstream.fetchAll = () => Promise.reject(refusal);
    expect(await crowded.sync('account_history')).toMatchObject({ state: 'confirmed', calls: 0 });
    expect(await crowded.dueInSeconds('account_history')).toBeLessThan(60);
    const [walk] = await repository(BackfillRepository).list('account_history');
    expect(walk).toMatchObject({ state: 'pending', failures: 0, doneTo: null });
  });

  it('is not asked for while TaoStats does not know the wallet', async () => {
    await repository(WalletRepository).add({
      address: '5GrwvaEF5zXb26Fz9rcQpDWS57CtERHpNehXCPcNoHGKutQY',
      label: null,
    });
    await rig.sync('positions');
    expect(await rig.sync('account_history')).toMatchObject({ state: 'confirmed', calls: 0, rowsSeen: 0 });
  });
});
