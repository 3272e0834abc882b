import { Logger } from '@nestjs/common';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { Test } from '@nestjs/testing';
import type { DataSource } from 'typeorm';
import { CacheModule } from '../../src/cache';
import { SystemClock } from '../../src/common';
import { ConfigModule } from '../../src/config';
import {
  DatabaseModule,
  DatabaseReadiness,
  UnitOfWork,
  UpstreamGateRepository,
  UpstreamSpendRepository,
} from '../../src/database';
import { HealthModule, TrustSnapshot } from '../../src/health';
import { MetricsModule, UpstreamGauge } from '../../src/metrics';
import { SyncScheduler } from '../../src/sync/sync-scheduler.service';
import { SyncWorkers } from '../../src/sync/sync-workers.service';
import { keyScopeOf } from '../../src/taostats';
import { AttemptLimiter } from '../../src/taostats/pace/attempt-limiter.service';
import { SyncRig } from '../support/sync-rig';
import { type TestDatabase, connect, createTestDatabase } from '../support/test-database';
import { testSettings } from '../support/test-settings';
import { upstreamSnapshot } from '../support/trust-inputs';

jest.setTimeout(60_000);

const KEY = keyScopeOf(testSettings());
const SCOPES = { key: KEY, breaker: 'breaker', identity: 'identity', plan: 'plan' };
const TEN_MINUTES_MS = 600_000;

describe('the budget of the month', () => {
  let database: TestDatabase;
  let pools: [DataSource, DataSource];

  beforeAll(async () => {
    Logger.overrideLogger(false);
    database = await createTestDatabase();
    pools = [await connect(database), await connect(database)];
  });

  beforeEach(async () => {
    await pools[0].query(
      'TRUNCATE upstream_keys, upstream_grants, upstream_spend, dataset_demands, dataset_states, sync_runs',
    );
  });

  afterAll(async () => {
    for (const pool of pools) await pool.destroy();
    await database.drop();
  });

  /** Takes and settles so many tokens, as one replica would. */
  async function spend(pool: DataSource, attempts: number): Promise<void> {
    const settings = testSettings();
    const limiter = new AttemptLimiter(new UpstreamGateRepository(new UnitOfWork(pool)), settings, new SystemClock());
    for (let attempt = 0; attempt < attempts; attempt += 1) {
      const permit = await limiter.acquire({
        scopes: SCOPES,
        priority: 'interactive',
        signal: new AbortController().signal,
        deadlineAtMs: performance.now() + 5000,
        maxPauseMs: 1000,
        attemptMs: 1000,
      });
      const backoff = { initialMs: 1, multiplier: 1, maxMs: 1 };
      await limiter.settle(permit, { outcome: 'transient', askedMs: null, honourRetryAfter: true, backoff, random: 0 });
    }
  }

  const spending = async (): Promise<{ key: string; day: string; attempts: number }[]> =>
    (await new UpstreamSpendRepository().read(pools[0].manager)).spending;

  const today = (): string => new Date().toISOString().slice(0, 10);

  const intervals = async (): Promise<Record<string, number>> => {
    const rows = await pools[0].query<{ dataset: string; interval_seconds: number }[]>(
      'SELECT dataset, interval_seconds FROM dataset_states',
    );
    return Object.fromEntries(rows.map(({ dataset, interval_seconds: seconds }) => [dataset, seconds]));
  };

  /** Runs `work` with a scheduler that knows of so many credits a month. */
  async function withScheduler(credits: number, work: (rig: SyncRig) => Promise<void>): Promise<void> {
    const rig = await SyncRig.create(pools[0], { settings: { taostatsMonthlyCredits: credits } });
    try {
      await work(rig);
    } finally {
      await rig.module.get(SyncWorkers).beforeApplicationShutdown();
    }
  }

  /** Credits a month of which so many calls a day are left to the schedule today, whatever day it is. */
  const creditsFor = (callsPerDay: number): number => {
    const now = new Date();
    const daysLeft = (Date.UTC(now.getUTCFullYear(), now.getUTCMonth() + 1, 1) - now.getTime()) / 86_400_000;
    return Math.max(1, Math.round((callsPerDay * daysLeft) / 0.8));
  };

  const tick = (rig: SyncRig): Promise<void> => rig.module.get(SyncScheduler).tickOnce();

  it('counts every attempt of every replica once, failed ones too, and keeps the count when grants are pruned', async () => {
    await Promise.all([spend(pools[0], 2), spend(pools[1], 2)]);
    await pools[0].query(`UPDATE upstream_grants SET taken_at = taken_at - interval '1 hour'`);
    await pools[0].query('UPDATE upstream_keys SET blocked_until = DEFAULT, recent = DEFAULT');
    await spend(pools[1], 1);
    const [log] = await pools[0].query<{ count: string }[]>('SELECT count(*) FROM upstream_grants');
    expect(log?.count).toBe('1');
    expect((await spending()).map(({ key, day, attempts }) => ({ key, day, attempts }))).toEqual([
      { key: KEY, day: today(), attempts: 5 },
    ]);
  });

  it('reads the days of this month and yesterday, and no older ones', async () => {
    await pools[0].query(
      `INSERT INTO upstream_spend (key, day, attempts)
       SELECT 'k', (clock_timestamp() AT TIME ZONE 'UTC')::date - back, 1 FROM generate_series(0, 62) AS back`,
    );
    const days = (await spending()).map(({ day }) => day);
    const dayOfMonth = Number(today().slice(8));
    expect(days).toHaveLength(Math.max(dayOfMonth, 2));
    expect(days.at(-1)).toBe(today());
  });

  it('leaves the intervals as configured while the credits are not known', async () => {
    await withScheduler(0, async (rig) => {
      await tick(rig);
      expect(await intervals()).toMatchObject({ tao_price: 300, pools: 600, validators: 3600 });
    });
  });

  it('stretches them to the month, core and wallet data least, and tells what every dataset wants', async () => {
    await withScheduler(creditsFor(150), async (rig) => {
      await tick(rig);
      const inForce = await intervals();
      const rest = (inForce.validators ?? 0) / 3600;
      const favoured = (inForce.tao_price ?? 0) / 300;
      expect(rest).toBeGreaterThan(4);
      expect(favoured).toBeGreaterThan(1);
      expect(favoured).toBeLessThan(rest / 3);
      expect(inForce.accounts).toBe(inForce.positions);
      const { demands } = await new UpstreamSpendRepository().read(pools[0].manager);
      expect(demands).toEqual(
        expect.arrayContaining([{ dataset: 'tao_price', configuredSeconds: 300, callsPerRun: 1, rank: 'core' }]),
      );
    });
  });

  it('follows what was spent within ten minutes', async () => {
    await withScheduler(50_000, async (rig) => {
      await tick(rig);
      const before = await intervals();
      await pools[0].query('INSERT INTO upstream_spend (key, day, attempts) VALUES ($1, $2, 40000)', [KEY, today()]);
      await tick(rig);
      expect(await intervals()).toEqual(before);
      await rig.clock.advance(TEN_MINUTES_MS);
      await tick(rig);
      expect((await intervals()).tao_price).toBeGreaterThan(before.tao_price ?? Infinity);
    });
  });

  it('lets a dataset that waits for hours wait on when the plan is made anew', async () => {
    await withScheduler(0, async (rig) => {
      await tick(rig);
      await pools[0].query(
        `UPDATE dataset_states SET next_due_at = clock_timestamp() + interval '6 hours' WHERE dataset = 'tao_price'`,
      );
      await rig.clock.advance(TEN_MINUTES_MS);
      await tick(rig);
      expect(await rig.dueInSeconds('tao_price')).toBeGreaterThan(21_000);
    });
  });

  it('measures the calls of the newest runs that ended well', async () => {
    await pools[0].query(
      `INSERT INTO sync_runs (id, dataset, mode, trigger, state, calls, started_at, finished_at)
       SELECT ('00000000-0000-7000-8000-' || lpad(n::text, 12, '0'))::uuid, 'validators', 'refresh', 'schedule',
              CASE WHEN n = 12 THEN 'failed' ELSE 'applied' END, CASE WHEN n = 1 THEN 500 ELSE 3 END, now(), now()
         FROM generate_series(1, 12) AS n`,
    );
    const measured = await new UpstreamSpendRepository().measuredCalls(pools[0].manager, ['validators', 'pools']);
    expect([...measured]).toEqual([['validators', 3]]);
  });

  it('is answered with units and the time of the counts, over HTTP and in the trust pack alike', async () => {
    await withScheduler(0, tick);
    await spend(pools[0], 3);
    const app = await startHealth({ DATABASE_URL: database.url, TAOSTATS_MONTHLY_CREDITS: '10000' });
    try {
      const answer = await app.inject({ method: 'GET', url: '/api/v1/budget' });
      const pack = await app.inject({ method: 'GET', url: '/api/v1/trust-pack' });
      expect(answer.statusCode).toBe(200);
      const { budget, meta } = answer.json<{ budget: object; meta: object }>();
      expect(meta).toMatchObject({ source: 'taostats', simulated: false, as_of: expect.any(String) as string });
      expect(budget).toMatchObject({
        limits: { calls_per_minute: 60, credits_per_month: 10_000, reserve_share: 0.2 },
        spent: { credits_this_month: 3, credits_left: 9997 },
        plan: { applied: true },
        datasets: { pools: { configured_interval_seconds: 600, stale_at: null, outlook: 'unknown' } },
      });
      expect(pack.json<{ budget: object }>().budget).toMatchObject({ spent: { credits_this_month: 3 } });
      expect(answer.body).not.toContain(KEY.slice(-12));
    } finally {
      await app.close();
    }
  });
});

/** Health without sync and TaoStats, after its first look; the gauge names the key as the client would. */
async function startHealth(environment: Record<string, string>): Promise<NestFastifyApplication> {
  const module = await Test.createTestingModule({
    imports: [
      ConfigModule.register({ TAOSTATS_API_KEY: 'tao-test-key:00000000', ...environment }),
      MetricsModule,
      DatabaseModule.register(),
      CacheModule,
      HealthModule,
    ],
  }).compile();
  const app = module.createNestApplication<NestFastifyApplication>(new FastifyAdapter());
  app.useLogger(false);
  await app.init();
  await app.getHttpAdapter().getInstance().ready();
  await app.get(DatabaseReadiness).whenReady();
  app.get(UpstreamGauge).setUpstreamSnapshot(upstreamSnapshot({ keyScope: KEY }));
  await app.get(TrustSnapshot).look();
  await app.get(TrustSnapshot).look();
  return app;
}
