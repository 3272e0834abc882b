import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { ScheduleModule } from '@nestjs/schedule';
import { Test } from '@nestjs/testing';
import { newId, ProblemFilter } from '../../src/common';
import { ConfigModule } from '../../src/config';
import { DatabaseReadiness, SyncRun } from '../../src/database';
import { MetricsModule } from '../../src/metrics';
import { TasksModule } from '../../src/tasks';
import { freePort } from '../support/free-port';
import { type TestDatabase, connect, createTestDatabase } from '../support/test-database';

jest.setTimeout(60_000);

interface Run {
  id: string;
  dataset: string;
  mode: string;
  trigger: string;
  state: string;
}

interface Answer {
  status: number;
  location: string | undefined;
  link: string | undefined;
  body: {
    run_ids: string[];
    runs: Run[];
    data: Run[];
    next_cursor: string | null;
    code: string;
    detail: string;
    errors?: { field: string }[];
  } & Run;
}

interface Ask {
  body?: string;
  contentType?: string;
}

describe('the task routes', () => {
  let database: TestDatabase;
  let app: NestFastifyApplication;

  beforeAll(async () => {
    database = await createTestDatabase();
    const module = await Test.createTestingModule({
      imports: [
        // Nobody listens there: runs stay open while their calls are retried.
        ConfigModule.register({
          TAOSTATS_API_KEY: 'tao-test-key:00000000',
          TAOSTATS_BASE_URL: `http://127.0.0.1:${await freePort()}`,
          ALLOW_INSECURE_UPSTREAM: 'true',
          API_INITIAL_BACKOFF_SECONDS: '60',
          DATABASE_URL: database.url,
        }),
        ScheduleModule.forRoot(),
        MetricsModule,
        TasksModule,
      ],
    }).compile();
    module.useLogger(false);
    app = module.createNestApplication<NestFastifyApplication>(new FastifyAdapter({ bodyLimit: 1024 }));
    app.useGlobalFilters(new ProblemFilter());
    await app.init();
    await app.get(DatabaseReadiness, { strict: false }).whenReady();
  });

  afterAll(async () => {
    await app.close();
    await database.drop();
  });

  async function send(method: 'GET' | 'POST', url: string, { body, contentType }: Ask = {}): Promise<Answer> {
    const answer = await app.inject({
      method,
      url,
      ...(body === undefined ? {} : { payload: body }),
      ...(contentType === undefined ? {} : { headers: { 'content-type': contentType } }),
    });
    const { location, link } = answer.headers as Record<string, string | undefined>;
    return { status: answer.statusCode, location, link, body: answer.json() };
  }

  const json = (value: unknown): Ask => ({ body: JSON.stringify(value), contentType: 'application/json' });
  const datasets = (answer: Answer): string[] => answer.body.runs.map((run) => run.dataset).sort();

  it('sync everything when nothing is said, and say where to look', async () => {
    const { status, location, body } = await send('POST', '/api/v1/tasks/sync');
    expect(status).toBe(202);
    expect(body.runs.map((run) => run.dataset)).toEqual(expect.arrayContaining(['pools', 'subnets', 'tao_price']));
    expect(body.run_ids).toEqual(body.runs.map((run) => run.id));
    expect(location).toBe(`/api/v1/runs/${body.run_ids[0]}`);
    expect((await send('GET', location ?? '')).body.id).toBe(body.run_ids[0]);
  });

  it('tell what each mode costs before it is asked for', async () => {
    const { tiers } = (await send('GET', '/api/v1/tasks/tiers')).body as unknown as {
      tiers: { mode: string; planned_calls: number; datasets: { dataset: string; planned_calls: number }[] }[];
    };
    const of = (mode: string) => tiers.find((tier) => tier.mode === mode);
    // The price, the pools, and one call for each of no wallets.
    expect(of('refresh')?.planned_calls).toBe(2);
    expect(of('refresh')?.datasets.map(({ dataset }) => dataset)).toEqual(['tao_price', 'pools', 'positions']);
    expect(of('full')?.datasets).toContainEqual({ dataset: 'subnets', planned_calls: 2, last_calls: null });
    expect(of('deep')?.datasets.map(({ dataset }) => dataset)).toEqual(
      expect.arrayContaining(['price_history', 'pool_history', 'validator_identity']),
    );
  });

  it('answer the open run to whoever asks for the same dataset meanwhile', async () => {
    const answers = await Promise.all([1, 2, 3].map(() => send('POST', '/api/v1/tasks/refresh?datasets=pools')));
    expect(new Set(answers.map((answer) => answer.body.run_ids.join())).size).toBe(1);
  });

  it.each<[string, string, Ask]>([
    ['the query', '?datasets=pools,tao_price', {}],
    ['the query, repeated', '?datasets=pools&datasets=tao_price', {}],
    ['a list in a JSON body', '', json({ datasets: ['tao_price', 'pools'], mode: 'refresh' })],
    ['text in a JSON body', '?mode=deep', json({ datasets: 'pools, tao_price' })],
    ['a form', '', { body: 'datasets=pools,tao_price', contentType: 'application/x-www-form-urlencoded' }],
  ])('take the datasets from %s', async (_name, query, ask) => {
    const answer = await send('POST', `/api/v1/tasks/sync${query}`, ask);
    expect([answer.status, datasets(answer)]).toEqual([202, ['pools', 'tao_price']]);
  });

  it.each<[string, string, Ask, string]>([
    ['an unknown dataset', '?datasets=pools,gold', {}, 'datasets'],
    ['no dataset at all', '', json({ datasets: [] }), 'datasets'],
    ['datasets that are numbers', '', json({ datasets: [1] }), 'datasets'],
    ['an unknown mode', '?mode=quick', {}, 'mode'],
    ['an unknown parameter', '?dataset=pools', {}, 'dataset'],
    ['an unknown field', '', json({ netuid: 1 }), 'netuid'],
    ['a body that is a list', '', json(['pools']), 'body'],
    ['a dataset in both places', '?datasets=pools', json({ datasets: 'pools' }), 'datasets'],
  ])('refuse %s and name the field', async (_name, query, ask, field) => {
    const { status, body } = await send('POST', `/api/v1/tasks/sync${query}`, ask);
    expect([status, body.errors?.map((error) => error.field)]).toEqual([400, [field]]);
  });

  it('say which datasets, modes and fields there are', async () => {
    const detail = async (query: string): Promise<string> =>
      (await send('POST', `/api/v1/tasks/sync${query}`)).body.detail;
    expect(await detail('?datasets=gold')).toContain('tao_price');
    expect(await detail('?mode=quick')).toContain('refresh, full, deep');
    expect(await detail('?dataset=pools')).toContain('datasets, mode');
  });

  it('refuse a body that is no JSON', async () => {
    const { status } = await send('POST', '/api/v1/tasks/sync', { body: '{', contentType: 'application/json' });
    expect(status).toBe(400);
  });

  describe('of the ledger', () => {
    const ids = Array.from({ length: 5 }, () => newId());

    beforeAll(async () => {
      const dataSource = await connect(database);
      const at = new Date('2026-01-01T00:00:00Z');
      await dataSource.getRepository(SyncRun).insert(
        ids.map((id, index) => ({
          id,
          dataset: index === 0 ? 'subnets' : 'pools',
          mode: 'refresh' as const,
          trigger: 'schedule' as const,
          state: 'fenced' as const,
          queuedAt: at,
          startedAt: at,
          finishedAt: new Date(at.getTime() + 934),
          upstreamBlock: '7295344',
          reasonCode: 'sync/fenced',
          phases: [{ phase: 'fetch', durationMs: 812 }],
        })),
      );
      await dataSource.destroy();
    });

    it('show a run whole', async () => {
      const { status, body } = await send('GET', `/api/v1/runs/${ids[0]}`);
      expect(status).toBe(200);
      expect(body).toMatchObject({
        id: ids[0],
        dataset: 'subnets',
        state: 'fenced',
        started_at: '2026-01-01T00:00:00.000Z',
        duration_ms: 934,
        upstream_block: 7295344,
        reason_code: 'sync/fenced',
        rows_seen: 0,
        phases: [{ phase: 'fetch', duration_ms: 812 }],
      });
    });

    it('lead from the newest run to the oldest, each once', async () => {
      const seen: string[] = [];
      for (let path: string | undefined = '/api/v1/runs?state=fenced&limit=2'; path !== undefined;) {
        const { body, link } = await send('GET', path);
        seen.push(...body.data.map((run) => run.id));
        path = /^<(.+)>; rel="next"$/.exec(link ?? '')?.[1];
      }
      expect(seen).toEqual([...ids].reverse());
    });

    it('filter by dataset and state', async () => {
      const { body } = await send('GET', '/api/v1/runs?dataset=subnets&state=fenced');
      expect([body.data.map((run) => run.id), body.next_cursor]).toEqual([[ids[0]], null]);
    });

    it('answer 404 for a run that never was', async () => {
      const { status, body } = await send('GET', `/api/v1/runs/${newId()}`);
      expect([status, body]).toEqual([
        404,
        expect.objectContaining({ code: 'runs/not-found', errors: [expect.objectContaining({ field: 'id' })] }),
      ]);
    });

    it('approve no run that was not refused, that never was, or that has no id', async () => {
      const approve = async (id: string): Promise<[number, string]> => {
        const { status, body } = await send('POST', `/api/v1/runs/${id}/approve`);
        return [status, body.code];
      };
      expect(await approve(ids[0] ?? '')).toEqual([409, 'runs/not-refused']);
      expect(await approve(newId())).toEqual([404, 'runs/not-found']);
      expect((await approve('not-an-id'))[0]).toBe(400);
    });

    it('say which run was approved', async () => {
      const dataSource = await connect(database);
      const id = newId();
      const at = new Date();
      await dataSource.getRepository(SyncRun).insert({
        ...{
          id,
          dataset: 'pools',
          mode: 'refresh' as const,
          trigger: 'schedule' as const,
          state: 'protected' as const,
        },
        ...{ queuedAt: at, startedAt: at, finishedAt: at, phases: [] },
        ...{ reasonCode: 'sync/shrunk', reason: 'pools: 40 of 129 stored rows are missing', refusalSha256: 'aa' },
      });
      await dataSource.query(
        `INSERT INTO dataset_states (dataset, interval_seconds, is_core, refused_sha256) VALUES ('pools', 600, true, 'aa')
         ON CONFLICT (dataset) DO UPDATE SET refused_sha256 = 'aa'`,
      );
      const { status, body } = await send('POST', `/api/v1/runs/${id}/approve`);
      expect([status, body.id, body.state]).toEqual([202, id, 'protected']);
      const [pools] = await dataSource.query<object[]>(
        "SELECT approved_sha256 FROM dataset_states WHERE dataset = 'pools'",
      );
      expect(pools).toEqual({ approved_sha256: 'aa' });
      await dataSource.destroy();
    });

    it.each([
      ['/api/v1/runs?limit=1000', 'limit'],
      ['/api/v1/runs?state=done', 'state'],
      ['/api/v1/runs?dataset=gold', 'dataset'],
      ['/api/v1/runs?cursor=abc', 'cursor'],
      ['/api/v1/runs?page=2', 'page'],
      ['/api/v1/runs/not-an-id', 'id'],
    ])('refuse %s and name %s', async (path, field) => {
      const { status, body } = await send('GET', path);
      expect([status, body.errors?.map((error) => error.field)]).toEqual([400, [field]]);
    });
  });
});
