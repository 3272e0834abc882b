import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { Test } from '@nestjs/testing';
import type { DataSource } from 'typeorm';
import { newId, ProblemFilter } from '../../src/common';
import { ConfigModule } from '../../src/config';
import {
  DatabaseReadiness,
  DatasetState,
  Pool,
  PoolHistory,
  SnapshotRepository,
  Subnet,
  SubnetIdentity,
  TaoPrice,
} from '../../src/database';
import { MetricsModule } from '../../src/metrics';
import { SubnetsModule } from '../../src/subnets';
import { type TestDatabase, connect, createTestDatabase } from '../support/test-database';

jest.setTimeout(60_000);

const PRICE = '0.0853797768549170136737598244';

interface Answer {
  status: number;
  headers: Record<string, string | undefined>;
  body: {
    data: never;
    total: number;
    next_cursor: string | null;
    meta: Record<string, unknown>;
    code: string;
    errors?: { field: string; message: string }[];
  };
}

describe('the read routes', () => {
  let database: TestDatabase;
  let dataSource: DataSource;
  let app: NestFastifyApplication;

  beforeEach(async () => {
    database = await createTestDatabase();
    dataSource = await connect(database);
    const module = await Test.createTestingModule({
      imports: [
        ConfigModule.register({ TAOSTATS_API_KEY: 'tao-test-key:00000000', DATABASE_URL: database.url }),
        MetricsModule,
        SubnetsModule,
      ],
    }).compile();
    module.useLogger(false);
    app = module.createNestApplication<NestFastifyApplication>(new FastifyAdapter());
    app.useGlobalFilters(new ProblemFilter());
    await app.init();
    await app.get(DatabaseReadiness, { strict: false }).whenReady();
  });

  afterEach(async () => {
    await app.close();
    await dataSource.destroy();
    await database.drop();
  });

  async function get(path: string, headers: Record<string, string> = {}): Promise<Answer> {
    const answer = await app.inject({ method: 'GET', url: path, headers });
    const body = (answer.body === '' ? {} : answer.json()) as Answer['body'];
    return { status: answer.statusCode, headers: answer.headers as Answer['headers'], body };
  }

  /** As a run that has just ended well leaves its dataset. */
  async function synced(dataset: string, ageSeconds = 0, more: Partial<DatasetState> = {}): Promise<string> {
    const runId = newId();
    await dataSource.getRepository(DatasetState).save({
      dataset,
      intervalSeconds: 600,
      isCore: true,
      appliedRunId: runId,
      lastSuccessAt: new Date(Date.now() - ageSeconds * 1000),
      ...more,
    });
    return runId;
  }

  async function storeSubnets(count: number): Promise<void> {
    const at = new Date('2026-01-01T00:00:00Z');
    const netuids = Array.from({ length: count }, (_, netuid) => netuid);
    const shared = { timestamp: at, runId: newId(), missingSnapshots: 0 };
    await dataSource.getRepository(Subnet).insert(
      netuids.map((netuid) => ({
        ...shared,
        netuid,
        blockNumber: 1000,
        registrationBlockNumber: netuid === 0 ? null : 100 + netuid,
        emission: '5714285',
        subtokenEnabled: true,
        withheld: netuid === 0 ? { net_flow_1_day: 'root_has_no_flow' } : {},
      })),
    );
    await dataSource.getRepository(Pool).insert(
      netuids.map((netuid) => ({
        ...shared,
        netuid,
        blockNumber: 1000,
        name: `Pool ${netuid}`,
        price: netuid === 1 ? PRICE : `0.${netuid + 1}`,
        totalTao: '28113142857142',
        alphaInPool: '1830294002817633',
        alphaStaked: '1',
        startupMode: netuid === 2,
      })),
    );
    await dataSource
      .getRepository(SubnetIdentity)
      .insert([{ netuid: 1, subnetName: 'Chutes', tags: ['ai'], runId: newId(), missingSnapshots: 0 }]);
  }

  async function storeHistory(netuid: number, blocks: readonly number[]): Promise<void> {
    const snapshots = app.get(SnapshotRepository, { strict: false });
    const rows = blocks.map((blockNumber) => ({
      netuid,
      blockNumber,
      registrationBlockNumber: null,
      timestamp: new Date(Date.UTC(2026, 0, 31, 0, blockNumber)),
      price: `0.${blockNumber}`,
      totalTao: '1000000000',
      alphaInPool: '2000000000',
      alphaStaked: '3000000000',
      runId: newId(),
    }));
    const moments = rows.map((row) => row.timestamp);
    await snapshots.ensurePartitions(dataSource.manager, PoolHistory, moments);
    await snapshots.appendHistory(dataSource.manager, PoolHistory, rows);
  }

  describe('before the first sync', () => {
    it('list nothing, and say that nothing is known', async () => {
      const { status, headers, body } = await get('/api/v1/subnets');
      expect([status, body.data, headers['x-data-trust']]).toEqual([200, [], 'unknown']);
      expect(body.meta).toMatchObject({ trust: 'unknown', as_of: null, age_seconds: null, run_id: null });
    });

    it.each(['/api/v1/subnets/1', '/api/v1/subnets/1/history', '/api/v1/prices/tao'])(
      'answer %s with 503 and when to come again',
      async (path) => {
        const { status, headers, body } = await get(path);
        expect([status, headers['retry-after']]).toEqual([503, '10']);
        expect(body.code).toMatch(/\/not-synced$/);
      },
    );
  });

  describe('after it', () => {
    let subnetsRun: string;

    beforeEach(async () => {
      await storeSubnets(5);
      await synced('pools', 60);
      subnetsRun = await synced('subnets', 120);
    });

    it('answer subnets with their pools, their age, their trust and where they are from', async () => {
      const { headers, body } = await get('/api/v1/subnets?netuid=1');
      expect(body).toMatchObject({
        total: 1,
        next_cursor: null,
        data: [
          {
            netuid: 1,
            name: 'Chutes',
            registration_block: 101,
            emission_per_block_tao: '0.005714285',
            pool: { price_tao: PRICE, tao_reserve: '28113.142857142', alpha_reserve: '1830294.002817633' },
          },
        ],
        meta: { trust: 'ok', run_id: subnetsRun, source: 'taostats', simulated: false },
      });
      expect(body.meta['age_seconds']).toBeGreaterThanOrEqual(120);
      expect(headers).toMatchObject({ 'x-data-trust': 'ok', 'x-data-as-of': body.meta['as_of'] });
    });

    it('carry the worst trust of what they are made of', async () => {
      await synced('pools', 0, { protectedSince: new Date() });
      const { headers, body } = await get('/api/v1/subnets/1');
      expect([headers['x-data-trust'], body.meta['trust']]).toEqual(['protected', 'protected']);
    });

    it('show the rows of the next run, and only then', async () => {
      const price = async (): Promise<unknown> =>
        ((await get('/api/v1/subnets/1')).body.data as { pool: { price_tao: string } }).pool.price_tao;
      expect(await price()).toBe(PRICE);
      await dataSource.getRepository(Pool).update({ netuid: 1 }, { price: '7' });
      await synced('pools');
      expect(await price()).toBe('7');
    });

    it('show a run at once on every page that was answered before it, also to who has the tag of then', async () => {
      const paths = ['/api/v1/subnets?limit=2', '/api/v1/subnets?sort=price&order=desc', '/api/v1/subnets/1'];
      const before = await Promise.all(paths.map((path) => get(path)));
      await dataSource.getRepository(Pool).update({ netuid: 1 }, { price: '7' });
      const run = await synced('pools');
      for (const [index, path] of paths.entries()) {
        const { status, body } = await get(path, { 'if-none-match': before[index]?.headers['etag'] ?? '' });
        expect([status, JSON.stringify(body.data)]).toEqual([200, expect.stringContaining('"price_tao":"7"')]);
        expect(body.meta['datasets']).toMatchObject({ pools: { run_id: run } });
      }
    });

    it('go on in age and change in trust while the rows stay, whoever has asked before', async () => {
      const ask = async () => (await get('/api/v1/subnets')).body as { data: unknown; meta: Record<string, number> };
      const before = await ask();
      const states = dataSource.getRepository(DatasetState);
      await states.update({ dataset: 'subnets' }, { upstreamAt: new Date(Date.now() - 300_000) });
      const later = await ask();
      expect([later.data, later.meta['trust']]).toEqual([before.data, 'ok']);
      expect(before.meta['age_seconds']).toBeLessThan(300);
      expect(later.meta['age_seconds']).toBeGreaterThanOrEqual(300);
      await states.update({ dataset: 'subnets' }, { protectedSince: new Date() });
      const protectedSince = await ask();
      expect([protectedSince.data, protectedSince.meta['trust']]).toEqual([before.data, 'protected']);
    });

    it.each(['/api/v1/subnets?limit=2', '/api/v1/subnets/1'])('answer HEAD of %s as GET, without rows', async (url) => {
      for (const _ of ['prepared now', 'before']) {
        const full = await app.inject({ method: 'GET', url });
        const head = await app.inject({ method: 'HEAD', url });
        expect([head.statusCode, head.body, head.headers['etag']]).toEqual([200, '', full.headers['etag']]);
        expect(head.headers['content-type']).toBe('application/json; charset=utf-8');
        expect(Number(full.headers['content-length'])).toBe(full.rawPayload.length);
      }
    });

    it('leave out what TaoStats no longer has', async () => {
      await dataSource.getRepository(Subnet).update({ netuid: 4 }, { removedAt: new Date() });
      await dataSource.getRepository(Pool).update({ netuid: 4 }, { removedAt: new Date() });
      await synced('subnets');
      expect((await get('/api/v1/subnets')).body.total).toBe(4);
      const gone = await get('/api/v1/subnets/4');
      expect([gone.status, gone.body.code]).toEqual([404, 'subnets/not-found']);
    });

    it('filter, sort and lead on to the next page', async () => {
      const first = await get('/api/v1/subnets?sort=price&order=desc&startup=false&limit=2');
      const page = (answer: Answer) => (answer.body.data as { netuid: number }[]).map((row) => row.netuid);
      expect([page(first), first.body.total]).toEqual([[4, 3], 4]);
      const [, next = ''] = /^<(.+)>; rel="next"$/.exec(first.headers['link'] ?? '') ?? [];
      const second = await get(next);
      expect([page(second), second.body.next_cursor, second.headers['link']]).toEqual([[0, 1], null, undefined]);
    });

    it('tell a reader that has the same rows so, until rows or trust change', async () => {
      const paths = ['/api/v1/subnets?limit=2', '/api/v1/subnets/1', '/api/v1/subnets/1/history'];
      const tags = await Promise.all(paths.map(async (path) => (await get(path)).headers['etag'] ?? ''));
      expect(new Set(tags).size).toBe(3);
      for (const [index, path] of paths.entries()) {
        const again = await get(path, { 'if-none-match': tags[index] ?? '' });
        expect([again.status, again.body, again.headers['x-data-trust']]).toEqual([304, {}, 'ok']);
      }
      expect((await get('/api/v1/subnets?limit=3', { 'if-none-match': tags[0] ?? '' })).status).toBe(200);
      await synced('pools', 0, { protectedSince: new Date() });
      for (const [index, path] of paths.entries()) {
        expect((await get(path, { 'if-none-match': tags[index] ?? '' })).status).toBe(200);
      }
    });

    it('tell of root what was withheld and why', async () => {
      const { body } = await get('/api/v1/subnets/0');
      expect(body.data).toMatchObject({ registration_block: null, withheld: { net_flow_1_day: 'root_has_no_flow' } });
    });

    it.each([
      ['/api/v1/subnets?limit=0', 'limit'],
      ['/api/v1/subnets?limit=201', 'limit'],
      ['/api/v1/subnets?sort=colour', 'sort'],
      ['/api/v1/subnets?order=up', 'order'],
      ['/api/v1/subnets?netuid=1,x', 'netuid'],
      ['/api/v1/subnets?nonsense=1', 'nonsense'],
      ['/api/v1/subnets?cursor=abc', 'cursor'],
      ['/api/v1/subnets/65536', 'netuid'],
      ['/api/v1/subnets/1.0', 'netuid'],
      ['/api/v1/subnets/1/history?from=yesterday', 'from'],
      ['/api/v1/subnets/1/history?to=2026-02-30', 'to'],
      ['/api/v1/subnets/1/history?from=2026-02-01&to=2026-02-01', 'from'],
      ['/api/v1/subnets/1/history?cursor=W10', 'cursor'],
      ['/api/v1/subnets/1/history?resolution=week', 'resolution'],
      ['/api/v1/subnets/1/history?points=1', 'points'],
      ['/api/v1/subnets/1/history?points=1001', 'points'],
      ['/api/v1/subnets/1/history?points=100&resolution=day', 'resolution'],
      ['/api/v1/subnets/1/history?points=100&cursor=W10', 'cursor'],
      ['/api/v1/prices/tao?asset=btc', 'asset'],
    ])('refuse %s and name %s', async (path, field) => {
      const { status, headers, body } = await get(path);
      expect([status, headers['content-type']]).toEqual([400, 'application/problem+json; charset=utf-8']);
      expect(body.errors?.map((error) => error.field)).toEqual([field]);
    });
  });

  describe('for the history of a subnet', () => {
    const blocks = (answer: Answer) => (answer.body.data as { block_number: number }[]).map((row) => row.block_number);

    beforeEach(async () => {
      await storeSubnets(3);
      await synced('pools');
      await synced('subnets');
      await storeHistory(1, [90, 100, 101, 102, 2000]);
      await storeHistory(2, [500]);
    });

    it('answer the points of the current generation, newest first, across months', async () => {
      const answer = await get('/api/v1/subnets/1/history');
      expect(blocks(answer)).toEqual([2000, 102, 101]);
      expect((answer.body.data as unknown[])[0]).toEqual({
        at: '2026-02-01T09:20:00.000Z',
        block_number: 2000,
        price_tao: '0.2000',
        tao_reserve: '1.000000000',
        alpha_reserve: '2.000000000',
        alpha_staked: '3.000000000',
        market_cap_tao: null,
        liquidity_tao: null,
        volume_24_hours_tao: null,
        startup: null,
        registration_block: null,
        bucket: null,
      });
      expect(answer.body).toMatchObject({ resolution: 'raw', step_seconds: null, raw_from: null });
    });

    it('include former users of the netuid only when asked', async () => {
      expect(blocks(await get('/api/v1/subnets/1/history?generation=all'))).toEqual([2000, 102, 101, 100, 90]);
    });

    it('keep to a window that includes its start and not its end', async () => {
      const window = 'from=2026-01-31T01:41:00Z&to=2026-01-31T01:42:00Z';
      expect(blocks(await get(`/api/v1/subnets/1/history?${window}`))).toEqual([101]);
    });

    it.each(['asc', 'desc'])('lead through every point once, %s', async (order) => {
      const seen: number[] = [];
      let path: string | undefined = `/api/v1/subnets/1/history?generation=all&limit=2&order=${order}`;
      while (path !== undefined) {
        const answer = await get(path);
        seen.push(...blocks(answer));
        path = /^<(.+)>; rel="next"$/.exec(answer.headers['link'] ?? '')?.[1];
      }
      const expected = [90, 100, 101, 102, 2000];
      expect(seen).toEqual(order === 'asc' ? expected : expected.reverse());
    });

    it('answer one point for each hour with any, its last observation and the run of its price', async () => {
      const answer = await get('/api/v1/subnets/1/history?resolution=hour&generation=all&order=asc');
      expect(answer.body).toMatchObject({ resolution: 'hour', step_seconds: 3_600, next_cursor: null });
      expect(answer.body.data).toMatchObject([
        {
          block_number: 102,
          price_tao: '0.102',
          bucket: {
            from: '2026-01-31T01:00:00.000Z',
            to: '2026-01-31T02:00:00.000Z',
            observations: 4,
            price_first_tao: '0.90',
            price_high_tao: '0.90',
            price_low_tao: '0.100',
          },
        },
        { block_number: 2000, bucket: { from: '2026-02-01T09:00:00.000Z', observations: 1 } },
      ]);
    });

    it.each(['hour', 'day'])(
      'lead through every %s once, and take no cursor of another resolution',
      async (resolution) => {
        const path = `/api/v1/subnets/1/history?generation=all&limit=1&resolution=${resolution}`;
        const first = await get(path);
        const [, next = ''] = /^<(.+)>; rel="next"$/.exec(first.headers['link'] ?? '') ?? [];
        const second = await get(next);
        expect([blocks(first), blocks(second), second.body.next_cursor]).toEqual([[2000], [102], null]);
        const other = await get(next.replace(`resolution=${resolution}`, 'resolution=raw'));
        expect([other.status, other.body.code]).toEqual([400, 'request/invalid-cursor']);
      },
    );

    it('have every observation in a number of points that holds them', async () => {
      const answer = await get('/api/v1/subnets/1/history?generation=all&points=5&order=asc&to=2026-02-01T10:00:00Z');
      expect([answer.body, blocks(answer)]).toMatchObject([
        { resolution: 'raw', next_cursor: null },
        [90, 100, 101, 102, 2000],
      ]);
    });

    it('have hours or days in steps in a smaller number, and nothing where nothing was observed', async () => {
      const window = 'generation=all&order=asc&from=2026-01-31&to=2026-02-02';
      const quarters = await get(`/api/v1/subnets/1/history?${window}&points=4`);
      expect(quarters.body).toMatchObject({ resolution: 'hour', step_seconds: 43_200 });
      expect(quarters.body.data).toMatchObject([
        { block_number: 102, bucket: { from: '2026-01-31T00:00:00.000Z', observations: 4, price_high_tao: '0.90' } },
        { block_number: 2000, bucket: { from: '2026-02-01T00:00:00.000Z', observations: 1 } },
      ]);
      const days = await get(`/api/v1/subnets/1/history?${window}&points=2`);
      expect(days.body).toMatchObject({ resolution: 'day', step_seconds: 86_400 });
      expect(blocks(days)).toEqual([102, 2000]);
    });

    it('have no observation of a former user of the netuid in any point', async () => {
      const answer = await get('/api/v1/subnets/1/history?points=2&to=2026-02-02');
      expect(blocks(answer)).toEqual([2000, 102]);
    });

    it('have the newest observation though its clock is ahead of ours', async () => {
      const ahead = Math.ceil((Date.now() - Date.UTC(2026, 0, 31)) / 60_000) + 60;
      await storeHistory(1, [ahead]);
      for (const query of ['', '?points=1000', '?resolution=day']) {
        expect(blocks(await get(`/api/v1/subnets/1/history${query}`))[0]).toBe(ahead);
      }
    });

    it('reach from the first day to the newest without a window, however far one is asked for', async () => {
      const whole = await get('/api/v1/subnets/1/history?generation=all&points=1000');
      const wider = await get('/api/v1/subnets/1/history?generation=all&points=1000&from=2021-01-01&to=2099-01-01');
      expect([blocks(whole).length, wider.body.data]).toEqual([blocks(wider).length, whole.body.data]);
    });

    it('say from when on every observation is kept, and take older points from hours and days alone', async () => {
      await dataSource.query("INSERT INTO history_retention VALUES ('pool_history', '2026-02-01T00:00:00Z')");
      await dataSource.query('DROP TABLE pool_history_2026_01');
      const raw = await get('/api/v1/subnets/1/history?generation=all');
      expect([blocks(raw), raw.body]).toMatchObject([[2000], { raw_from: '2026-02-01T00:00:00.000Z' }]);
      const points = await get('/api/v1/subnets/1/history?generation=all&points=1000&from=2026-01-31&to=2026-02-02');
      expect([blocks(points), points.body]).toMatchObject([[2000, 102], { resolution: 'hour' }]);
    });

    it('answer an empty list for a subnet without any', async () => {
      expect(blocks(await get('/api/v1/subnets/0/history'))).toEqual([]);
    });
  });

  it('answer the price of TAO with every digit and its moment', async () => {
    await synced('tao_price', 30, { upstreamAt: new Date(Date.now() - 90_000) });
    await dataSource.getRepository(TaoPrice).insert({
      symbol: 'TAO',
      price: '279.843716593217',
      lastUpdated: new Date('2026-01-01T00:00:00Z'),
      runId: newId(),
      missingSnapshots: 0,
    });
    const { status, headers, body } = await get('/api/v1/prices/tao');
    expect(status).toBe(200);
    expect(body.data).toMatchObject({
      price_usd: '279.843716593217',
      measured_at: '2026-01-01T00:00:00.000Z',
      market_cap_usd: null,
    });
    expect(body.meta['age_seconds']).toBeGreaterThanOrEqual(90);
    expect((await get('/api/v1/prices/tao', { 'if-none-match': headers['etag'] ?? '' })).status).toBe(304);
  });
});
