import { encodeAddress } from '@dedot/utils';
import type { EntityManager } from 'typeorm';
import {
  DatedDatasetRepository,
  EarningsEventRepository,
  HistoryRollupRepository,
  NavInputRepository,
  NavSnapshotRepository,
  SubnetGenerationRepository,
} from '../../src/database';
import type { FindRepository } from '../../src/sync/dataset';
import { PortfolioPastReader } from '../../src/treasury';
import { recordNav } from '../../src/sync/nav-recorder';
import { testSettings } from '../support/test-settings';
import { TreasuryService } from '../support/treasury-service';

jest.setTimeout(60_000);

const addressOf = (first: number): string =>
  encodeAddress(
    Uint8Array.from({ length: 32 }, (_, index) => (index === 0 ? first : 9)),
    42,
  );
const [ALICE, BOB] = [addressOf(1), addressOf(2)].sort() as [string, string];
const [HOTKEY, OTHER] = [addressOf(3), addressOf(4)].sort() as [string, string];
const STRANGER = addressOf(5);
/** In the era of weighted pools. */
const BLOCK = 9_000_000;
const TAO = 1_000_000_000n;

interface Portfolio {
  data: {
    complete: boolean;
    missing: { input: string; reason: string }[];
    nav: Record<string, string | null>;
    known: Record<string, string>;
    holdings: {
      netuid: number;
      mid_tao: string | null;
      exit_100: Record<string, string> | null;
      flags: string[];
      positions: Record<string, string>[];
    }[];
    wallets: Record<string, string | boolean | null>[];
    concentration: Record<string, string> | null;
    alpha_concentration: Record<string, string> | null;
    drawdown: Record<string, string | null>;
  };
  meta: { trust: string; datasets: Record<string, { trust: string }> };
}

interface History {
  data: Record<string, string | boolean | null>[];
  next_cursor: string | null;
  drawdown: Record<string, string | null>;
}

const rao = (text: string | null | undefined): bigint => BigInt((text ?? '').replace('.', ''));

describe('what the treasury is worth', () => {
  let service: TreasuryService;
  let runs = 0;

  beforeAll(async () => {
    service = await TreasuryService.start();
  });

  beforeEach(async () => {
    await service.dataSource.query(
      `TRUNCATE wallets, dataset_states, pools, subnets, tao_prices, nav_snapshots, nav_hours, nav_days, delegation_events, transfers,
         event_cursors, event_gaps CASCADE`,
    );
    for (const dataset of ['positions', 'accounts', 'pools', 'tao_price']) await service.synced(dataset);
  });

  afterAll(() => service.stop());

  const query = (sql: string, parameters: unknown[] = []): Promise<unknown> =>
    service.dataSource.query(sql, parameters);
  const runId = (): string => `018f0000-0000-7000-8000-${String((runs += 1)).padStart(12, '0')}`;

  /** A wallet whose newest answer says so much free TAO at a block of that hour. */
  async function follow(address: string, freeTao: bigint, hour = 0): Promise<void> {
    const at = new Date(Date.UTC(2026, 9, 1, hour));
    const block = BLOCK + hour * 300;
    await query(`INSERT INTO wallets (address, origin) VALUES ($1, 'request') ON CONFLICT DO NOTHING`, [address]);
    for (const dataset of ['positions', 'accounts']) {
      await query(
        `INSERT INTO wallet_states (address, dataset, state, last_attempt_at, last_success_at, upstream_block, upstream_at)
         VALUES ($1, $2, 'synced', now(), now(), $3, now()) ON CONFLICT (address, dataset) DO UPDATE SET upstream_block = $3`,
        [address, dataset, block],
      );
    }
    await query(
      `INSERT INTO accounts (address, block_number, upstream_at, balance_free, balance_reserved, balance_staked,
         balance_liquidity, balance_total, run_id)
       VALUES ($1, $2, $3, $4, 0, 0, 0, $4, $5)
       ON CONFLICT (address) DO UPDATE SET balance_free = $4, block_number = $2, upstream_at = $3`,
      [address, block, at, (freeTao * TAO).toString(), runId()],
    );
  }

  async function hold(coldkey: string, hotkey: string, netuid: number, tokens: bigint): Promise<void> {
    await query(
      `INSERT INTO positions (coldkey, hotkey, netuid, registration_block_number, block_number, upstream_at, balance,
         balance_as_tao, run_id)
       VALUES ($1, $2, $3, $4, $5, now(), $6, 1, $7)`,
      [coldkey, hotkey, netuid, netuid === 0 ? null : 50, BLOCK, (tokens * TAO).toString(), runId()],
    );
  }

  async function pool(netuid: number, taoTokens: bigint, alphaTokens: bigint, price: string): Promise<void> {
    await query(
      `INSERT INTO pools (netuid, registration_block_number, block_number, timestamp, price, total_tao, alpha_in_pool,
         alpha_staked, fee_rate, startup_mode, run_id)
       VALUES ($1, 50, $2, now(), $3, $4, $5, 1, '0.000503547723', false, $6)`,
      [netuid, BLOCK, price, (taoTokens * TAO).toString(), (alphaTokens * TAO).toString(), runId()],
    );
  }

  /** The worked example: 10 free, 50 on root, 10,000 and 2,500 alpha; with the stake of subnet 1 in two parts. */
  async function workedExample(): Promise<void> {
    await pool(1, 1_000n, 100_000n, '0.01');
    await pool(2, 5_000n, 250_000n, '0.02');
    await follow(ALICE, 7n);
    await follow(BOB, 3n);
    await hold(ALICE, HOTKEY, 0, 50n);
    await hold(ALICE, HOTKEY, 1, 5_000n);
    await hold(BOB, OTHER, 1, 5_000n);
    await hold(BOB, OTHER, 2, 2_500n);
    await query(`INSERT INTO tao_prices (symbol, price, last_updated, run_id) VALUES ('TAO', 300, now(), $1)`, [
      runId(),
    ]);
  }

  const portfolio = async (path = '/portfolio'): Promise<Portfolio> => (await service.get<Portfolio>(path)).body;

  const repositories: unknown[] = [];
  async function record(): Promise<void> {
    const { dataSource } = service;
    const generations = new SubnetGenerationRepository(new HistoryRollupRepository());
    repositories.push(
      new NavInputRepository(dataSource, new DatedDatasetRepository(dataSource), generations),
      new NavSnapshotRepository(dataSource),
    );
    const repository: FindRepository = (type) =>
      repositories.findLast((candidate) => candidate instanceof type) as InstanceType<typeof type>;
    await dataSource.transaction((manager: EntityManager) =>
      recordNav(manager, { runId: runId(), repository, settings: testSettings() }),
    );
  }

  /** Events of these wallets are known up to that hour. */
  async function eventsKnown(hour: number, ...wallets: string[]): Promise<void> {
    for (const wallet of wallets) {
      for (const dataset of ['delegation_events', 'transfers']) {
        await query(
          `INSERT INTO event_cursors (dataset, wallet, complete_from, complete_to, wanted_to, state)
           VALUES ($1, $2, '2025-01-01', $3, $3, 'current')
           ON CONFLICT (dataset, wallet) DO UPDATE SET complete_to = $3`,
          [dataset, wallet, new Date(Date.UTC(2026, 9, 1, hour))],
        );
      }
    }
  }

  async function transfer(from: string, to: string, tokens: bigint, hour: number): Promise<void> {
    await query(
      `INSERT INTO transfers (id, block_number, timestamp, from_address, to_address, amount, fee, run_id)
       VALUES ($1::text, $2, $3, $4, $5, $6, 0, $1::text::uuid)`,
      [runId(), BLOCK + hour * 300 - 1, new Date(Date.UTC(2026, 9, 1, hour)), from, to, (tokens * TAO).toString()],
    );
  }

  it('adds stake up per subnet before it is priced: the worked example, to the rao', async () => {
    await workedExample();
    const { data, meta } = await portfolio();
    expect(data.nav).toEqual({
      mid_tao: '210.000000000',
      executable_50_tao: '204.918737110',
      executable_100_tao: '200.347742568',
      mid_usd: '63000.00',
      executable_50_usd: '61475.62',
      executable_100_usd: '60104.32',
    });
    expect([data.complete, data.missing, meta.trust]).toEqual([true, [], 'ok']);
    expect(data.known).toMatchObject({ free_tao: '10.000000000', root_tao: '50.000000000' });
    expect(Object.keys(meta.datasets)).toEqual(['positions', 'accounts', 'pools', 'tao_price']);
  });

  it('is given back to positions and wallets without a rao left over', async () => {
    await workedExample();
    const { data } = await portfolio();
    const total = (column: string): bigint => data.wallets.reduce((sum, row) => sum + rao(row[column] as string), 0n);
    expect(total('mid_tao')).toBe(rao(data.nav['mid_tao']));
    expect(total('executable_100_tao')).toBe(rao(data.nav['executable_100_tao']));
    for (const holding of data.holdings) {
      expect(holding.positions.reduce((sum, row) => sum + rao(row['mid_tao']), 0n)).toBe(rao(holding.mid_tao));
      const { value_tao, fee_tao, impact_tao, unsellable_tao } = holding.exit_100 ?? {};
      expect([value_tao, fee_tao, impact_tao, unsellable_tao].reduce((sum, part) => sum + rao(part), 0n)).toBe(
        rao(holding.mid_tao),
      );
    }
  });

  it('of one wallet is its own alone, and its exit brings more than its share of everybody’s', async () => {
    await workedExample();
    const all = (await portfolio()).data.wallets.find((row) => row['address'] === ALICE);
    const own = (await portfolio(`/portfolio?wallet=${ALICE}`)).data;
    expect(own.nav['mid_tao']).toBe('107.000000000');
    expect(rao(own.nav['executable_100_tao'])).toBeGreaterThan(rao(all?.['executable_100_tao'] as string));
    expect(own.wallets).toHaveLength(1);
  });

  it('tells how concentrated it is', async () => {
    await workedExample();
    const { concentration, alpha_concentration } = (await portfolio()).data;
    expect(concentration).toMatchObject({ band: 'concentrated' });
    expect(Number(alpha_concentration?.['effective_count'])).toBeLessThan(2);
  });

  it('is incomplete, and not smaller, without a price or an account', async () => {
    await workedExample();
    await hold(ALICE, HOTKEY, 3, 100n);
    await query('INSERT INTO wallets (address, origin) VALUES ($1, $2)', [STRANGER, 'request']);
    const { data, meta } = await portfolio();
    expect(data.complete).toBe(false);
    expect(data.missing.map(({ input }) => input)).toEqual([`account ${STRANGER}`, 'pool 3']);
    expect(new Set(Object.values(data.nav))).toEqual(new Set([null]));
    expect(data.known).toMatchObject({ free_tao: '10.000000000', alpha_mid_tao: '150.000000000' });
    expect(data.holdings.find((holding) => holding.netuid === 3)).toMatchObject({
      mid_tao: null,
      flags: expect.arrayContaining(['unpriced']),
    });
    expect(meta.trust).toBe('unknown');
  });

  it('is not zero when nobody is followed', async () => {
    const { data } = await portfolio();
    expect([data.nav['mid_tao'], data.missing]).toEqual([
      null,
      [{ input: 'wallets', reason: 'no wallet is followed' }],
    ]);
  });

  it('refuses wallets that are not followed, are none, and trust that is not there', async () => {
    await workedExample();
    expect((await service.get(`/portfolio?wallet=${STRANGER}`)).status).toBe(404);
    expect((await service.get('/portfolio?wallet=nonsense')).status).toBe(400);
    expect((await service.get('/portfolio/history?interval=minute')).status).toBe(400);
    expect((await service.get('/portfolio/history?from=2026-02-01&to=2026-01-01')).status).toBe(400);
    await query(`UPDATE dataset_states SET protected_since = now() WHERE dataset = 'pools'`);
    const refused = await service.get<{ code: string; detail: string }>('/portfolio?min_trust=ok');
    expect([refused.status, refused.body.code]).toEqual([503, 'trust/too-low']);
    expect(refused.body.detail).toContain('pools is protected');
    expect((await portfolio()).meta.trust).toBe('protected');
  });

  it('has the root stake that an account counts and does not list, now and in what is recorded', async () => {
    await workedExample();
    const listed = (await portfolio()).data;
    await query('UPDATE accounts SET balance_staked_root = $2 WHERE address = $1', [ALICE, (50n * TAO).toString()]);
    expect((await portfolio()).data).toEqual(listed);
    await query('DELETE FROM positions WHERE netuid = 0');
    const { data } = await portfolio();
    expect(data.nav).toEqual(listed.nav);
    expect(data.holdings.find(({ netuid }) => netuid === 0)).toMatchObject({
      mid_tao: '50.000000000',
      positions: [{ wallet: ALICE, hotkey: '' }],
    });
    await record();
    expect(await query("SELECT root FROM nav_snapshots WHERE scope = 'all'")).toEqual([
      { root: (50n * TAO).toString() },
    ]);
    expect(await query('SELECT holdings FROM nav_snapshots WHERE scope = $1', [ALICE])).toMatchObject([
      { holdings: expect.arrayContaining([expect.objectContaining({ netuid: 0, alpha: (50n * TAO).toString() })]) },
    ]);
  });

  describe('over time', () => {
    const history = async (path = '/portfolio/history?interval=hour&order=asc'): Promise<History> =>
      (await service.get<History>(path)).body;

    it('is recorded for all wallets and for each, once a run', async () => {
      await workedExample();
      await record();
      const { data } = await history();
      expect(data).toEqual([
        expect.objectContaining({
          at: '2026-10-01T00:00:00.000Z',
          block_number: BLOCK,
          complete: true,
          mid_tao: '210.000000000',
          executable_100_tao: '200.347742568',
          mid_usd: '63000.00',
          unit_price: '1',
          drawdown: '0',
        }),
      ]);
      expect((await history(`/portfolio/history?wallet=${ALICE}`)).data[0]).toMatchObject({ mid_tao: '107.000000000' });
    });

    it('is recorded as incomplete, naming the input, when one is not trusted', async () => {
      await workedExample();
      await query(`UPDATE dataset_states SET protected_since = now() WHERE dataset = 'pools'`);
      await query(`UPDATE wallet_states SET state = 'protected' WHERE address = $1`, [BOB]);
      await record();
      const [point] = (await history()).data;
      expect(point).toMatchObject({
        complete: false,
        mid_tao: null,
        executable_100_tao: null,
        unit_price: null,
        missing: [
          { input: 'pools', reason: 'the pools are protected' },
          { input: `wallet ${BOB}`, reason: 'its positions are protected' },
        ],
      });
    });

    it('takes a withdrawal for a withdrawal, and a loss for a loss', async () => {
      await eventsKnown(3, ALICE);
      await follow(ALICE, 200n, 0);
      await record();
      await follow(ALICE, 180n, 1);
      await record();
      await follow(ALICE, 90n, 2);
      await transfer(ALICE, STRANGER, 90n, 2);
      await record();
      const { data, drawdown } = await history();
      expect(data.map((point) => [point['executable_100_tao'], point['flow_tao'], point['drawdown']])).toEqual([
        ['200.000000000', '0.000000000', '0'],
        ['180.000000000', '0.000000000', '0.1'],
        ['90.000000000', '-90.000000000', '0.1'],
      ]);
      expect(drawdown).toMatchObject({ current: '0.1', maximum: '0.1', state: 'within', soft_limit: '0.15' });
    });

    it('reaches the limits', async () => {
      await eventsKnown(3, ALICE);
      for (const [hour, free] of [100n, 84n, 79n].entries()) {
        await follow(ALICE, free, hour);
        await record();
        const { drawdown } = (await portfolio()).data;
        expect(drawdown['state']).toBe(['within', 'soft', 'hard'][hour]);
      }
    });

    it('is read once for all who ask while it is being read', async () => {
      await workedExample();
      await record();
      const series = jest.spyOn(service.resolve(NavSnapshotRepository), 'series');
      const past = service.resolve(PortfolioPastReader);
      const answers = await Promise.all([1, 2, 3, 4, 5, 6].map(() => past.read('all', 'hour')));
      expect(answers.map(({ points }) => points.length)).toEqual([1, 1, 1, 1, 1, 1]);
      // The first one's, and that of all who came while it was under way.
      expect(series).toHaveBeenCalledTimes(2);
    });

    it('is read once: then only what is new, and all of it again when events have come', async () => {
      const reads = jest.spyOn(EarningsEventRepository.prototype, 'read');
      const series = jest.spyOn(NavSnapshotRepository.prototype, 'series');
      const sizes = async (): Promise<number[]> =>
        Promise.all(series.mock.results.map(async ({ value }) => (await (value as Promise<unknown[]>)).length));
      try {
        await eventsKnown(9, ALICE);
        for (const [hour, free] of [100n, 90n, 80n].entries()) {
          await follow(ALICE, free, hour);
          await record();
        }
        const whole = await history();
        expect([reads.mock.calls.length, await sizes()]).toEqual([1, [3]]);
        expect(await history()).toMatchObject({ data: whole.data, drawdown: whole.drawdown });
        await follow(ALICE, 70n, 3);
        await record();
        expect((await history()).data.map((point) => point['drawdown'])).toEqual(['0', '0.1', '0.2', '0.3']);
        expect([reads.mock.calls.length, await sizes()]).toEqual([1, [3, 1, 2]]);

        // A withdrawal that was indexed late, at the second of the four values.
        await transfer(ALICE, STRANGER, 10n, 1);
        await query('UPDATE event_cursors SET updated_at = clock_timestamp()');
        const late = await history();
        expect(late.data.map((point) => point['flow_tao'])).toEqual([
          '0.000000000',
          '-10.000000000',
          '0.000000000',
          '0.000000000',
        ]);
        expect([reads.mock.calls.length, (await sizes()).at(-1)]).toEqual([2, 4]);
      } finally {
        reads.mockRestore();
        series.mockRestore();
      }
    });

    it('ends where nobody knows what came in, and goes on once that is known', async () => {
      await eventsKnown(0, ALICE);
      await follow(ALICE, 100n, 0);
      await record();
      await follow(ALICE, 300n, 1);
      await record();
      const before = await history();
      expect(before.data.map((point) => point['unit_price'])).toEqual(['1', null]);
      expect(before.drawdown['ends_because']).toContain('known up to 2026-10-01T00:00:00.000Z');
      await transfer(STRANGER, ALICE, 200n, 1);
      await eventsKnown(2, ALICE);
      const after = await history();
      expect(after.data.map((point) => [point['flow_tao'], point['unit_price']])).toEqual([
        ['0.000000000', '1'],
        ['200.000000000', '1'],
      ]);
      expect(after.drawdown['ends_because']).toBeNull();
    });

    it('takes a wallet that joins for money that comes in', async () => {
      await eventsKnown(3, ALICE, BOB);
      await follow(ALICE, 100n, 0);
      await record();
      await follow(ALICE, 100n, 1);
      await follow(BOB, 900n, 1);
      await record();
      const { data } = await history();
      expect(data.at(-1)).toMatchObject({ flow_tao: '900.000000000', unit_price: '1', drawdown: '0' });
    });

    it('comes page by page', async () => {
      for (const hour of [0, 1, 2]) {
        await follow(ALICE, 100n, hour);
        await record();
      }
      const first = await history('/portfolio/history?interval=hour&limit=2');
      expect(first.data.map((point) => point['at'])).toEqual(['2026-10-01T02:00:00.000Z', '2026-10-01T01:00:00.000Z']);
      const second = await history(`/portfolio/history?interval=hour&limit=2&cursor=${first.next_cursor}`);
      expect([second.data.map((point) => point['at']), second.next_cursor]).toEqual([
        ['2026-10-01T00:00:00.000Z'],
        null,
      ]);
      expect((await history('/portfolio/history')).data).toHaveLength(1);
    });
  });
});
