import type { DataSource } from 'typeorm';
import { SystemClock } from '../../src/common';
import { UnitOfWork, UpstreamGateRepository } from '../../src/database';
import { NoTurnError, RateLimitedError } from '../../src/taostats';
import { AttemptLimiter, type Ticket } from '../../src/taostats/pace/attempt-limiter.service';
import { type TestDatabase, connect, createTestDatabase } from '../support/test-database';
import { testSettings } from '../support/test-settings';

const LIMIT = 20;
const SCOPES = { key: 'key', breaker: 'breaker', identity: 'identity', plan: 'plan' };
const BACKOFF = { initialMs: 1000, multiplier: 2, maxMs: 60_000 };

describe('the limiter on PostgreSQL', () => {
  let database: TestDatabase;
  let pools: DataSource[];

  beforeAll(async () => {
    database = await createTestDatabase();
    pools = await Promise.all([connect(database), connect(database), connect(database)]);
  });

  afterEach(async () => {
    await pools[0]?.query('TRUNCATE upstream_keys, upstream_grants');
  });

  afterAll(async () => {
    await Promise.all(pools.map((pool) => pool.destroy()));
    await database.drop();
  });

  /** One replica: a limiter of its own on one of the pools. */
  const replica = (index = 0): AttemptLimiter => {
    const pool = pools[index % pools.length];
    if (pool === undefined) throw new Error('no pool');
    const settings = testSettings({ taostatsRateLimitPerMinute: LIMIT });
    return new AttemptLimiter(new UpstreamGateRepository(new UnitOfWork(pool)), settings, new SystemClock());
  };

  const ticket = (more: Partial<Ticket> = {}): Ticket => ({
    scopes: SCOPES,
    priority: 'interactive',
    signal: new AbortController().signal,
    deadlineAtMs: performance.now() + 2000,
    maxPauseMs: 300_000,
    attemptMs: 40_000,
    ...more,
  });

  const settleOk = async (
    limiter: AttemptLimiter,
    permit: Awaited<ReturnType<AttemptLimiter['acquire']>>,
  ): Promise<void> => {
    await limiter.settle(permit, {
      outcome: 'ok',
      askedMs: null,
      honourRetryAfter: true,
      backoff: BACKOFF,
      random: 0,
    });
  };

  it('grants ten replicas together exactly the limit, and tells the others when to come back', async () => {
    const ask = async (index: number): Promise<string> => {
      const limiter = replica(index);
      const outcomes = await Promise.all(
        Array.from({ length: 5 }, () =>
          limiter.acquire(ticket()).then(
            async (permit) => {
              await settleOk(limiter, permit);
              return 'granted';
            },
            (error: unknown) => (error instanceof NoTurnError ? error.code : 'unknown'),
          ),
        ),
      );
      return outcomes.join(' ');
    };
    const outcomes = (await Promise.all(Array.from({ length: 10 }, (_, index) => ask(index)))).join(' ').split(' ');
    expect(outcomes.filter((outcome) => outcome === 'granted')).toHaveLength(LIMIT);
    expect(outcomes.filter((outcome) => outcome === 'taostats/rate-limited')).toHaveLength(50 - LIMIT);
    const [log] = await (pools[0] as DataSource).query<{ count: string }[]>('SELECT count(*) FROM upstream_grants');
    expect(log?.count).toBe(String(LIMIT));
  });

  it('keeps a pause for every replica and every restart, by the clock of the database', async () => {
    const first = replica(0);
    const permit = await first.acquire(ticket());
    const standing = await first.settle(permit, {
      outcome: 'rate_limited',
      askedMs: 3_600_000,
      honourRetryAfter: true,
      backoff: BACKOFF,
      random: 0,
    });
    expect(standing.pauseMs).toBe(3_601_000);
    await expect(replica(1).acquire(ticket())).rejects.toBeInstanceOf(RateLimitedError);
    const [row] = await (pools[0] as DataSource).query<{ minutes: number }[]>(
      `SELECT round(extract(epoch FROM blocked_until - clock_timestamp()) / 60)::int AS minutes
         FROM upstream_keys WHERE scope = 'key'`,
    );
    expect(row?.minutes).toBe(60);
  });

  it('lets everybody through again once the row is reset to the epoch by hand', async () => {
    const limiter = replica();
    const permit = await limiter.acquire(ticket());
    const ending = { honourRetryAfter: true, backoff: BACKOFF, random: 0, askedMs: null };
    await limiter.settle(permit, { outcome: 'auth', ...ending });
    await expect(limiter.acquire(ticket())).rejects.toMatchObject({ code: 'taostats/auth-rejected' });
    await pools[0]?.query("UPDATE upstream_keys SET blocked_until = 'epoch'");
    await expect(limiter.acquire(ticket())).resolves.toMatchObject({ scopes: SCOPES });
  });

  it('grants nothing while the database is away, and says why', async () => {
    const limiter = replica();
    const closed = await connect(database);
    await closed.destroy();
    const lost = new AttemptLimiter(
      new UpstreamGateRepository(new UnitOfWork(closed)),
      testSettings({ taostatsRateLimitPerMinute: LIMIT }),
      new SystemClock(),
    );
    await expect(lost.acquire(ticket())).rejects.toMatchObject({ code: 'taostats/limiter-unavailable' });
    await expect(limiter.acquire(ticket())).resolves.toBeDefined();
  });

  it('forgets a caller that gave up while waiting, without taking a token for it', async () => {
    const limiter = replica();
    for (let index = 0; index < LIMIT; index += 1) await settleOk(limiter, await limiter.acquire(ticket()));
    const giveUp = new AbortController();
    const waiting = limiter.acquire(ticket({ signal: giveUp.signal, deadlineAtMs: performance.now() + 120_000 }));
    giveUp.abort(new Error('gone'));
    await expect(waiting).rejects.toThrow('gone');
    const [log] = await (pools[0] as DataSource).query<{ count: string }[]>('SELECT count(*) FROM upstream_grants');
    expect(log?.count).toBe(String(LIMIT));
  });

  it('reads all gates and the tokens in use at once', async () => {
    const limiter = replica();
    await settleOk(limiter, await limiter.acquire(ticket()));
    const state = await new UpstreamGateRepository(new UnitOfWork(pools[0] as DataSource)).read('key', 61_000);
    expect([...state.gates.keys()].sort()).toEqual(['breaker', 'identity', 'key', 'plan']);
    expect(state.grants.interactive).toHaveLength(1);
    expect(state.nowMs).toBeGreaterThan(state.grants.interactive[0] ?? Infinity);
  });
});
