import { Injectable } from '@nestjs/common';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { Test } from '@nestjs/testing';
import type { DataSource } from 'typeorm';
import {
  checkQuote,
  toPoolReserves,
  UPSTREAM_QUOTES,
  type UpstreamQuote,
  type UpstreamQuotes,
} from '../../src/analysis';
import { AppError, newId, ProblemFilter } from '../../src/common';
import { ConfigModule } from '../../src/config';
import { DatabaseReadiness, DatasetState, Pool, Subnet } from '../../src/database';
import { MetricsModule } from '../../src/metrics';
import { SlippageModule } from '../../src/subnets';
import { TaostatsQuotes } from '../../src/sync';
import { ENDPOINTS } from '../../src/taostats';
import { startSimulator } from '../simulator';
import { taostatsRig } from '../support/taostats-rig';
import { type TestDatabase, connect, createTestDatabase } from '../support/test-database';

jest.setTimeout(60_000);

/** In the era of weighted pools. */
const BLOCK = 9_000_000;
const SUBNETS = 129;

interface Answer {
  status: number;
  trust: string | undefined;
  retryAfter: string | undefined;
  body: { data: never; meta: Record<string, unknown>; code: string; detail: string; errors?: { field: string }[] };
}

/** Says what it was told to say, and remembers what it was asked. */
@Injectable()
class SaidQuotes implements UpstreamQuotes {
  readonly asked: unknown[] = [];
  says: Omit<UpstreamQuote, 'netuid' | 'direction' | 'inRao'> | AppError = new AppError('taostats/deadline', 'silence');

  quote(request: Parameters<UpstreamQuotes['quote']>[0]): Promise<UpstreamQuote> {
    this.asked.push(request);
    if (this.says instanceof AppError) return Promise.reject(this.says);
    return Promise.resolve({ ...this.says, ...request });
  }
}

describe('slippage', () => {
  let database: TestDatabase;
  let dataSource: DataSource;
  let app: NestFastifyApplication;
  let quotes: SaidQuotes;

  async function start(environment: Record<string, string> = {}): Promise<void> {
    const module = await Test.createTestingModule({
      imports: [
        ConfigModule.register({
          TAOSTATS_API_KEY: 'tao-test-key:00000000',
          DATABASE_URL: database.url,
          ENABLE_CLIENT_SIDE_SLIPPAGE: 'true',
          ...environment,
        }),
        MetricsModule,
        SlippageModule.register({ imports: [], from: SaidQuotes }),
      ],
    }).compile();
    module.useLogger(false);
    app = module.createNestApplication<NestFastifyApplication>(new FastifyAdapter());
    app.useGlobalFilters(new ProblemFilter());
    await app.init();
    await app.get(DatabaseReadiness, { strict: false }).whenReady();
    quotes = app.get(UPSTREAM_QUOTES, { strict: false });
  }

  beforeEach(async () => {
    database = await createTestDatabase();
    dataSource = await connect(database);
  });

  afterEach(async () => {
    await app.close();
    await dataSource.destroy();
    await database.drop();
  });

  async function get(path: string): Promise<Answer> {
    const answer = await app.inject({ method: 'GET', url: `/api/v1${path}` });
    const header = (name: string): string | undefined => answer.headers[name] as string | undefined;
    return {
      status: answer.statusCode,
      trust: header('x-data-trust'),
      retryAfter: header('retry-after'),
      body: answer.json(),
    };
  }

  async function synced(dataset: string, more: Partial<DatasetState> = {}): Promise<void> {
    await dataSource.getRepository(DatasetState).save({
      dataset,
      intervalSeconds: 600,
      isCore: true,
      appliedRunId: newId(),
      lastSuccessAt: new Date(),
      ...more,
    });
  }

  /** Subnet 1 is the pool of the worked examples: 1,000 TAO and 100,000 alpha at 0.01 TAO. */
  async function storePools(count = 3, figures: Partial<Pool> = {}): Promise<void> {
    const shared = { timestamp: new Date('2026-10-01T00:00:00Z'), runId: newId(), missingSnapshots: 0 };
    const netuids = Array.from({ length: count }, (_, netuid) => netuid);
    await dataSource.getRepository(Subnet).insert(
      netuids.map((netuid) => ({
        ...shared,
        netuid,
        blockNumber: BLOCK,
        registrationBlockNumber: netuid === 0 ? null : netuid,
        emission: '1',
        withheld: {},
      })),
    );
    await dataSource.getRepository(Pool).insert(
      netuids.map((netuid) => ({
        ...shared,
        netuid,
        blockNumber: BLOCK,
        price: netuid === 0 ? '1' : '0.01',
        totalTao: '1000000000000',
        alphaInPool: '100000000000000',
        alphaStaked: '1',
        feeRate: '0.000503547723',
        startupMode: netuid === 2,
        ...(netuid === 1 ? figures : {}),
      })),
    );
    await synced('subnets');
    await synced('pools');
  }

  it('is unknown before the first sync, and says when to ask again', async () => {
    await start();
    for (const path of [
      '/subnets/1/slippage?direction=stake&amount=1',
      '/subnets/1/exit-curve?amount=1',
      '/slippage/surface',
    ]) {
      const { status, retryAfter, body } = await get(path);
      expect([path, status, body.code, retryAfter]).toEqual([path, 503, 'subnets/not-synced', '10']);
    }
  });

  it('of the worked example is right to the rao, with its fee and its impact apart', async () => {
    await start();
    await storePools();
    const { status, trust, body } = await get('/subnets/1/slippage?direction=unstake&amount=10000');
    expect([status, trust]).toEqual([200, 'ok']);
    expect(body.data).toMatchObject({
      netuid: 1,
      answered_by: 'local',
      input: '10000.000000000',
      output: '90.867473489',
      output_token: 'tao',
      local: {
        expected_output: '100.000000000',
        fee: '5.035477225',
        fee_token: 'alpha',
        method: 'balancer_equal_weights',
        notes: [],
        spot_price_tao: '0.01',
      },
      inputs: { block_number: BLOCK, tao_reserve: '1000.000000000', alpha_reserve: '100000.000000000' },
      upstream: null,
    });
    const { output, fee_cost, impact_cost } = (body.data as { local: Record<string, string> }).local;
    const sum = [output, fee_cost, impact_cost].reduce((total, text) => total + Number(text) * 1e9, 0);
    expect(Math.round(sum)).toBe(100e9);
    expect(quotes.asked).toEqual([]);
  });

  it('of root is none: one TAO is one alpha', async () => {
    await start();
    await storePools();
    const { body } = await get('/subnets/0/slippage?direction=stake&amount=5');
    expect(body.data).toMatchObject({
      output: '5.000000000',
      slippage: '0',
      local: { method: 'root', fee: '0.000000000' },
    });
  });

  it.each([
    ['/subnets/1/slippage?direction=stake&amount=100000000000', 'slippage/above_max_swap', 'amount'],
    ['/subnets/1/slippage?direction=stake&amount=0.001', 'slippage/below_minimum', 'amount'],
    ['/subnets/1/slippage?direction=unstake&amount=0.000000001', 'slippage/zero_output', 'amount'],
    ['/subnets/2/slippage?direction=stake&amount=1', 'slippage/startup_pool', 'netuid'],
    ['/subnets/1/exit-curve?amount=999999999999&steps=2', 'slippage/above_max_swap', 'amount'],
  ])('%s is refused as %s because of its %s', async (path, code, field) => {
    await start();
    await storePools();
    expect(await get(path)).toMatchObject({ status: 422, body: { code, errors: [{ field }] } });
  });

  it.each([
    ['/subnets/1/slippage?amount=1', 'direction'],
    ['/subnets/1/slippage?direction=swap&amount=1', 'direction'],
    ['/subnets/1/slippage?direction=stake', 'amount'],
    ['/subnets/1/slippage?direction=stake&amount=0', 'amount'],
    ['/subnets/1/slippage?direction=stake&amount=-1', 'amount'],
    ['/subnets/1/slippage?direction=stake&amount=1e3', 'amount'],
    ['/subnets/1/slippage?direction=stake&amount=0.0000000001', 'amount'],
    ['/subnets/1/slippage?direction=stake&amount=1&min_trust=perfect', 'min_trust'],
    ['/subnets/1/exit-curve?amount=1&steps=0', 'steps'],
    ['/subnets/x/exit-curve?amount=1', 'netuid'],
    ['/slippage/surface?size=3', 'size'],
  ])('%s is a bad request that names %s', async (path, field) => {
    await start();
    const { status, body } = await get(path);
    expect([status, body.errors?.map((error) => error.field)]).toEqual([400, [field]]);
  });

  it('of a subnet that does not exist is not found', async () => {
    await start();
    await storePools();
    expect(await get('/subnets/99/slippage?direction=stake&amount=1')).toMatchObject({
      status: 404,
      body: { code: 'subnets/not-found', errors: [{ field: 'netuid' }] },
    });
  });

  it('of pools that are not as good as asked is refused with the reason', async () => {
    await start();
    await storePools();
    await synced('pools', { protectedSince: new Date() });
    expect(await get('/subnets/1/slippage?direction=stake&amount=1')).toMatchObject({
      status: 200,
      trust: 'protected',
    });
    const refused = await get('/subnets/1/slippage?direction=stake&amount=1&min_trust=ok');
    expect(refused).toMatchObject({ status: 503, body: { code: 'trust/too-low' } });
    expect(refused.body.detail).toContain('pools is protected');
  });

  it('along an exit grows, and tells how much can be sold under a slippage', async () => {
    await start();
    await storePools();
    const { body } = await get('/subnets/1/exit-curve?amount=10000&steps=4');
    const { points, largest_under } = body.data as {
      points: { input: string; output: string; slippage: string }[];
      largest_under: { slippage: string; amount: string }[];
    };
    expect(points.map((point) => point.input)).toEqual([
      '2500.000000000',
      '5000.000000000',
      '7500.000000000',
      '10000.000000000',
    ]);
    expect(points.at(-1)?.output).toBe('90.867473489');
    const slippages = points.map((point) => Number(point.slippage));
    expect(slippages).toEqual([...slippages].sort((a, b) => a - b));
    // Without fee it would be T * s / (1 - s): 1.0101 % of the pool.
    expect(Number(largest_under[0]?.amount)).toBeLessThan(1010.1);
    expect(Number(largest_under[0]?.amount)).toBeGreaterThan(950);
  });

  it('of every subnet at every size asks nobody, and a pool that cannot be traded does not spoil the others', async () => {
    await start({ ENABLE_CLIENT_SIDE_SLIPPAGE: 'false' });
    await storePools(SUBNETS, { totalTao: '0', alphaInPool: '0' });
    const { status, body } = await get('/slippage/surface');
    const { sizes_tao, subnets } = body.data as {
      sizes_tao: string[];
      subnets: { netuid: number; points: { output: string | null; refusal: { code: string } | null }[] }[];
    };
    expect([status, sizes_tao.length, subnets.length]).toEqual([200, 5, SUBNETS]);
    expect(subnets.every(({ points }) => points.length === 10)).toBe(true);
    expect(subnets[1]?.points.map(({ refusal }) => refusal?.code)).not.toContain(undefined);
    expect(subnets[3]?.points.every(({ output }) => output !== null)).toBe(true);
    expect((await get('/slippage/surface')).body.data).toEqual(body.data);
    await dataSource.getRepository(Pool).update({ netuid: 1 }, { totalTao: '5000000000000', alphaInPool: '1' });
    await synced('pools');
    expect((await get('/slippage/surface')).body.data).not.toEqual(body.data);
    expect(quotes.asked).toEqual([]);
  });

  describe('with TaoStats asked', () => {
    const PATH = '/subnets/1/slippage?direction=unstake&amount=10000';

    it('is theirs, with ours and the difference beside it', async () => {
      await start({ ENABLE_CLIENT_SIDE_SLIPPAGE: 'false' });
      await storePools();
      quotes.says = {
        blockNumber: BLOCK,
        at: new Date('2026-10-01T00:00:00Z'),
        fetchedAt: new Date('2026-10-01T00:00:12Z'),
        stale: true,
        price: '0.01',
        // floor(1000 * 10000 / 110000), no fee.
        outRao: 90_909_090_909n,
        expectedOutRao: 100_000_000_000n,
        slippagePercent: '9.090909091',
      };
      const { body } = await get(PATH);
      expect(quotes.asked).toEqual([{ netuid: 1, direction: 'unstake', inRao: 10_000_000_000_000n }]);
      expect(body.data).toMatchObject({
        answered_by: 'taostats',
        includes_fee: false,
        output: '90.909090909',
        slippage: '0.09090909091',
        local: { output: '90.867473489' },
        upstream: {
          error: null,
          quote: {
            same_block: true,
            difference: '0',
            agreement: 'pass',
            fetched_at: '2026-10-01T00:00:12.000Z',
            stale: true,
          },
        },
      });
    });

    it('is ours when they are silent, and says why', async () => {
      await start({ ENABLE_CLIENT_SIDE_SLIPPAGE: 'false' });
      await storePools();
      const { status, body } = await get(PATH);
      expect([status, body.data]).toEqual([
        200,
        expect.objectContaining({
          answered_by: 'local',
          output: '90.867473489',
          upstream: { quote: null, error: { code: 'taostats/deadline', detail: 'silence' } },
        }),
      ]);
    });
  });

  it('has the trust drift, on every route, while the newest spot check of a quote disagrees with TaoStats', async () => {
    await storePools();
    await start();
    const compared = (agreement: string): Promise<unknown> =>
      dataSource.query(
        `INSERT INTO quote_checks (id, netuid, direction, input, agreement, reason)
         VALUES ($1, 2, 'stake', 1, $2, 'compared')`,
        [newId(), agreement],
      );
    const paths = [
      '/subnets/1/slippage?direction=stake&amount=1',
      '/subnets/1/exit-curve?amount=1',
      '/slippage/surface',
    ];
    await compared('fail');
    await compared('skipped');
    for (const path of paths) {
      const { status, trust, body } = await get(path);
      expect([path, status, trust]).toEqual([path, 200, 'drift']);
      expect(body.meta).toMatchObject({ datasets: { pools: { trust: 'ok' }, quote_check: { trust: 'drift' } } });
      const refused = await get(`${path}${path.includes('?') ? '&' : '?'}min_trust=ok`);
      expect(refused).toMatchObject({ status: 503, body: { code: 'trust/too-low' } });
      expect(refused.body.detail).toContain('quote_check is drift');
    }
    await compared('pass');
    expect((await get(paths[0] ?? '')).trust).toBe('ok');
  });
});

describe('the quotes of TaoStats', () => {
  it('agree with our curve on the pool of the same block', async () => {
    const simulator = await startSimulator({ port: 0, speed: 0 });
    try {
      const { client } = taostatsRig(simulator.url);
      const ask = new TaostatsQuotes(client);
      const quote = await ask.quote({ netuid: 1, direction: 'stake', inRao: 20_000_000_000n });
      const { rows } = await client.fetchAll(ENDPOINTS.pools, {
        query: { netuid: 1 },
        priority: 'scheduled',
        deadlineMs: 5_000,
      });
      const [row] = rows;
      const pool = Object.assign(new Pool(), {
        netuid: 1,
        blockNumber: row?.block_number,
        price: row?.price,
        totalTao: row?.total_tao,
        alphaInPool: row?.alpha_in_pool,
        feeRate: row?.fee_rate,
        startupMode: false,
        liquidityRaw: row?.liquidity_raw ?? null,
        alphaSqrtPrice: row?.alpha_sqrt_price ?? null,
      });
      expect(checkQuote(toPoolReserves(pool), quote).severity).toBe('pass');
    } finally {
      await simulator.close();
    }
  });
});
