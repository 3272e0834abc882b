import { Logger } from '@nestjs/common';
import type { DataSource } from 'typeorm';
import { BackfillRepository, WalletRepository } from '../../src/database';
import { ENDPOINTS } from '../../src/taostats';
import { type RunningSimulator, startSimulator } from '../simulator';
import { FakeUpstream } from '../support/fake-upstream';
import { asStored, recordedRows } from '../support/recorded';
import { SyncRig } from '../support/sync-rig';
import { taostatsRig } from '../support/taostats-rig';
import { connect, createTestDatabase, type TestDatabase } from '../support/test-database';
import { ALICE, HOTKEYS } from '../support/wallet-world';

const POOL_HISTORY = '/api/dtao/pool/history/v1';
const DAY_MS = 86_400_000;
const dayBefore = (days: number): string => new Date(Date.now() - days * DAY_MS).toISOString().slice(0, 10);

describe('the history of prices and pools', () => {
  let database: TestDatabase;
  let dataSource: DataSource;
  let simulator: RunningSimulator;

  beforeAll(async () => {
    database = await createTestDatabase();
    dataSource = await connect(database);
    simulator = await startSimulator({ port: 0, speed: 0, ratePerMinute: 10_000 });
    Logger.overrideLogger(false);
  });

  beforeEach(async () => {
    simulator.clearFaults();
    simulator.clearLog();
    await dataSource.query(
      `TRUNCATE sync_runs, dataset_states, leases, quarantine, raw_answers, wallets, wallet_states, positions,
         position_history, accounts, account_history, backfills, price_history, pool_history, pool_hours, pool_days, subnets, subnet_generations`,
    );
  });

  afterAll(async () => {
    await simulator.close();
    await dataSource.destroy();
    await database.drop();
  });

  async function onSimulator(): Promise<SyncRig> {
    const { client } = taostatsRig(simulator.url, { taostatsRateLimitPerMinute: 10_000 });
    const rig = await SyncRig.create(dataSource, { client });
    await rig.register('price_history', 'pool_history', 'subnets');
    return rig;
  }

  async function holds(rig: SyncRig, ...netuids: number[]): Promise<void> {
    await rig.module.get(WalletRepository, { strict: false }).add({ address: ALICE, label: null });
    for (const netuid of netuids) {
      await dataSource.query(
        `INSERT INTO positions (coldkey, hotkey, netuid, block_number, upstream_at, balance, balance_as_tao, run_id)
         VALUES ($1, $2, $3, 1, now(), 5, 5, gen_random_uuid())`,
        [ALICE, HOTKEYS[0], netuid],
      );
    }
  }

  const poolDays = async (netuid: number): Promise<string[]> =>
    (
      await dataSource.query<{ day: string }[]>(
        `SELECT DISTINCT to_char(timestamp AT TIME ZONE 'UTC', 'YYYY-MM-DD') AS day FROM pool_history
          WHERE netuid = $1 ORDER BY day`,
        [netuid],
      )
    ).map((row) => row.day);

  describe('price_history', () => {
    const days = (): Promise<{ day: string; is_finished: boolean; close: string }[]> =>
      dataSource.query('SELECT day::text, is_finished, close FROM price_history ORDER BY day');

    it('has every day since alpha began for a call per 200 days, and the running day marked', async () => {
      const rig = await onSimulator();
      const run = await rig.sync('price_history');
      const expected = Math.floor((Date.now() - Date.parse('2025-02-13')) / DAY_MS) + 1;
      expect(run).toMatchObject({ state: 'applied', rowsChanged: expected, calls: Math.ceil(expected / 200) });
      const stored = await days();
      expect(stored[0]?.day).toBe('2025-02-13');
      expect(stored.filter((row) => !row.is_finished).map((row) => row.day)).toEqual([dayBefore(0)]);
    });

    it('asks again for the running day only, and replaces it', async () => {
      const rig = await onSimulator();
      await rig.sync('price_history');
      expect(await rig.sync('price_history')).toMatchObject({ calls: 1, rowsSeen: 1 });
    });

    it('never puts an unfinished day over a finished one', async () => {
      const candle = (day: string, close: string) => ({
        period: '1d',
        timestamp: `${day}T00:00:00Z`,
        asset: 'TAO',
        open: '300.0000',
        high: '340.0000',
        low: '290.0000',
        close,
        volume_24h: '1.5',
      });
      const upstream = new FakeUpstream();
      const rig = await SyncRig.create(dataSource, { upstream });
      await rig.register('price_history');
      upstream.answer(ENDPOINTS.taoPriceOhlc, {
        rows: [candle(dayBefore(1), '322.1246'), candle(dayBefore(0), '330.0000')],
      });
      await rig.sync('price_history');
      upstream.answer(ENDPOINTS.taoPriceOhlc, { rows: [candle(dayBefore(1), '1.0000')] });
      expect(await rig.sync('price_history')).toMatchObject({ state: 'confirmed', rowsChanged: 0 });
      expect(await days()).toEqual([
        { day: dayBefore(1), is_finished: true, close: '322.1246' },
        { day: dayBefore(0), is_finished: false, close: '330.0000' },
      ]);
    });

    it('keeps every figure of the recorded candles to the last digit', async () => {
      const wire = recordedRows('api-price-ohlc-v1');
      if (wire === null) return;
      const upstream = new FakeUpstream();
      upstream.answer(ENDPOINTS.taoPriceOhlc, { rows: wire });
      const rig = await SyncRig.create(dataSource, { upstream });
      await rig.register('price_history');
      expect(await rig.sync('price_history')).toMatchObject({ state: 'applied', rowsChanged: wire.length });
      const stored = await dataSource.query<Record<string, string>[]>(
        'SELECT day::text, open, high, low, close, volume_24h FROM price_history',
      );
      for (const { timestamp, open, high, low, close, volume_24h } of wire.map(asStored)) {
        const day = timestamp?.slice(0, 10);
        expect(stored.find((row) => row['day'] === day)).toEqual({ day, open, high, low, close, volume_24h });
      }
    });
  });

  describe('pool_history', () => {
    it('is filled in for a year of each held subnet, two calls each', async () => {
      const rig = await onSimulator();
      await rig.sync('subnets');
      await holds(rig, 0, 64);
      expect(await rig.sync('pool_history')).toMatchObject({ state: 'applied', calls: 4 });
      for (const netuid of [0, 64]) {
        const days = await poolDays(netuid);
        expect([days.length, days[0], days.at(-1)]).toEqual([365, dayBefore(365), dayBefore(1)]);
      }
      expect(await rig.module.get(BackfillRepository, { strict: false }).list('pool_history')).toMatchObject([
        { state: 'complete', doneTo: dayBefore(1), calls: 2 },
        { state: 'complete', doneTo: dayBefore(1), calls: 2 },
      ]);
      expect(await rig.sync('pool_history')).toMatchObject({ state: 'confirmed', calls: 0 });
    });

    it('begins with the subnet that has the netuid now', async () => {
      const rig = await onSimulator();
      await rig.sync('subnets');
      await holds(rig, 31);
      await rig.sync('pool_history');
      const [generation] = await dataSource.query<{ block: string; day: string }[]>(
        `SELECT registration_block_number AS block, to_char(registration_timestamp AT TIME ZONE 'UTC', 'YYYY-MM-DD') AS day
           FROM subnets WHERE netuid = 31`,
      );
      expect((await poolDays(31))[0]).toBe(generation?.day);
      const [oldest] = await dataSource.query<{ block: string }[]>(
        'SELECT min(block_number) AS block FROM pool_history',
      );
      expect(Number(oldest?.block)).toBeGreaterThanOrEqual(Number(generation?.block));
    });

    it('goes on where it was when an answer fails, and the other subnets do not wait for it', async () => {
      const rig = await onSimulator();
      await rig.sync('subnets');
      await holds(rig, 4, 64);
      simulator.addFault({ match: POOL_HISTORY, query: 'netuid=4&', fault: { kind: 'status', status: 400 } });
      expect(await rig.sync('pool_history')).toMatchObject({ state: 'failed' });
      expect([(await poolDays(4)).length, (await poolDays(64)).length]).toEqual([0, 365]);
      simulator.clearFaults();
      await dataSource.query('UPDATE backfills SET retry_at = NULL');
      expect(await rig.sync('pool_history')).toMatchObject({ state: 'applied', calls: 2 });
      expect(await poolDays(4)).toHaveLength(365);
    });

    it('asks for the days that our own snapshots missed', async () => {
      const rig = await onSimulator();
      await rig.sync('subnets');
      await holds(rig, 64);
      await rig.sync('pool_history');
      await dataSource.query("DELETE FROM pool_history WHERE timestamp >= now() - interval '3 days'");
      await dataSource.query("DELETE FROM pool_days WHERE bucket_at >= now() - interval '4 days'");
      await dataSource.query('UPDATE backfills SET done_to = $1, window_to = $1', [dayBefore(5)]);
      expect(await rig.sync('pool_history')).toMatchObject({ state: 'applied', calls: 1 });
      expect(await poolDays(64)).toHaveLength(365);
    });

    it('makes no more than 20 calls a run and goes on soon', async () => {
      const rig = await onSimulator();
      await rig.sync('subnets');
      await holds(rig, ...Array.from({ length: 12 }, (_, index) => index + 1));
      expect(await rig.sync('pool_history')).toMatchObject({ state: 'applied', calls: 20 });
      expect(await rig.dueInSeconds('pool_history')).toBeLessThanOrEqual(30);
      expect(await rig.sync('pool_history')).toMatchObject({ state: 'applied', calls: 4 });
      expect(await rig.sync('pool_history')).toMatchObject({ state: 'confirmed', calls: 0 });
    });
  });
});
