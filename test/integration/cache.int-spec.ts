import { createClient } from 'redis';
import { cacheKey, type ReadThroughCache as Cache, type Stamped } from '../../src/cache';
import { MemoryEntries } from '../../src/cache/memory-entries';
import { ReadThroughCache } from '../../src/cache/read-through-cache.service';
import { RedisEntries } from '../../src/cache/redis-entries';
import { Logger } from '@nestjs/common';
import { SystemClock } from '../../src/common';
import type { CacheMetrics } from '../../src/metrics';
import { FakeClock } from '../support/fake-clock';
import { type Redis, startRedis } from '../support/redis-server';

const NAMESPACE = '/api/dtao/pool/latest/v1';
const TTL_MS = 60_000;

class Counts {
  hits = 0;
  misses = 0;
  failures = 0;
  stale = 0;
  readonly metrics = {
    hit: () => (this.hits += 1),
    miss: () => (this.misses += 1),
    failure: () => (this.failures += 1),
    stale: () => (this.stale += 1),
  } as unknown as CacheMetrics;
}

/** Answers that tell which call they came from. */
class Upstream {
  calls = 0;

  constructor(private readonly clock: { nowMs(): number }) {}

  readonly fetch = async (): Promise<Stamped<{ price: string; call: number }>> => {
    this.calls += 1;
    const call = this.calls;
    await new Promise((resolve) => setImmediate(resolve));
    const fetchedAt = new Date(this.clock.nowMs());
    return { value: { price: '0.0853797768549170136737598244', call }, fetchedAt, upstreamAt: new Date(0) };
  };
}

/** Real time that can be moved ahead, for a Redis that counts real time itself. */
class ShiftedClock extends SystemClock {
  shiftMs = 0;

  override nowMs(): number {
    return super.nowMs() + this.shiftMs;
  }
}

interface Subject {
  cache: Cache;
  counts: Counts;
  upstream: Upstream;
  passTime(ms: number): Promise<void>;
}

async function until(condition: () => boolean | Promise<boolean>): Promise<void> {
  const limit = Date.now() + 15_000;
  while (!(await condition())) {
    if (Date.now() > limit) throw new Error('it never came to be');
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

/** No jitter. */
const midway = (): number => 0.5;

let keys = 0;
const newKey = (): string => cacheKey({ method: 'GET', path: NAMESPACE, params: { test: (keys += 1) } });

function memorySubject(): Subject {
  const clock = new FakeClock();
  const counts = new Counts();
  const cache = new ReadThroughCache(new MemoryEntries(), null, counts.metrics, clock, midway);
  return { cache, counts, upstream: new Upstream(clock), passTime: (ms) => clock.advance(ms) };
}

async function redisSubject(url: string): Promise<Subject> {
  const clock = new ShiftedClock();
  const counts = new Counts();
  const redis = new RedisEntries(url, clock);
  const cache = new ReadThroughCache(redis, new MemoryEntries(), counts.metrics, clock, midway);
  await until(() => cache.state().available);
  const passTime = (ms: number): Promise<void> => {
    clock.shiftMs += ms;
    return Promise.resolve();
  };
  return { cache, counts, upstream: new Upstream(clock), passTime };
}

/** What every store has to promise. */
function promises(subject: () => Subject): void {
  const read = (key: string, more: { refresh?: boolean; ttlMs?: number; isNegative?: () => boolean } = {}) => {
    const { cache, upstream } = subject();
    return cache.read({ namespace: NAMESPACE, key, ttlMs: TTL_MS, fetch: upstream.fetch, ...more });
  };

  it('asks once, then answers the same digits with the same times', async () => {
    const { upstream, counts } = subject();
    const before = { ...counts };
    const key = newKey();
    const first = await read(key);
    const second = await read(key);
    expect([first.origin, second.origin]).toEqual(['network', 'cache']);
    expect({ ...second, origin: 'network' }).toEqual(first);
    expect(second.value.price).toBe('0.0853797768549170136737598244');
    expect(second.upstreamAt).toEqual(new Date(0));
    expect(upstream.calls).toBe(1);
    expect([counts.hits - before.hits, counts.misses - before.misses]).toEqual([1, 1]);
  });

  it('asks again once the answer is older than its reader allows', async () => {
    const key = newKey();
    await read(key);
    await subject().passTime(TTL_MS - 5_000);
    expect((await read(key)).origin).toBe('cache');
    expect((await read(key, { ttlMs: TTL_MS / 2 })).origin).toBe('network');
    await subject().passTime(TTL_MS);
    expect((await read(key)).origin).toBe('network');
  });

  it('neither reads nor stores with a time to live of nothing', async () => {
    const key = newKey();
    await read(key, { ttlMs: 0 });
    expect((await read(key)).value.call).toBe(2);
  });

  it('asks once for many who ask at once, and gives all of them the answer', async () => {
    const key = newKey();
    const answers = await Promise.all(Array.from({ length: 20 }, () => read(key)));
    expect(new Set(answers.map((answer) => answer.value.call))).toEqual(new Set([1]));
    expect(subject().upstream.calls).toBe(1);
  });

  it('gives the leader’s error to all who wait, stores nothing, and asks again afterwards', async () => {
    const { cache } = subject();
    const key = newKey();
    let calls = 0;
    const fetch = async (): Promise<never> => {
      calls += 1;
      await new Promise((resolve) => setImmediate(resolve));
      throw new Error(`refused ${calls}`);
    };
    const failing = () => cache.read({ namespace: NAMESPACE, key, ttlMs: TTL_MS, fetch });
    const answers = await Promise.allSettled([failing(), failing(), failing()]);
    expect(answers).toEqual(Array(3).fill({ status: 'rejected', reason: new Error('refused 1') }));
    expect((await read(key)).origin).toBe('network');
  });

  it('asks when told to refresh, and keeps what comes', async () => {
    const { counts } = subject();
    const key = newKey();
    await read(key);
    const before = { ...counts };
    expect((await read(key, { refresh: true })).value.call).toBe(2);
    expect([counts.hits, counts.misses]).toEqual([before.hits, before.misses]);
    expect(await read(key)).toMatchObject({ origin: 'cache', value: { call: 2 } });
  });

  it('forgets what is invalidated, also while it is on its way', async () => {
    const { cache } = subject();
    const key = newKey();
    await read(key);
    await cache.invalidate(key);
    const onItsWay = read(key);
    await until(() => subject().upstream.calls === 2);
    await cache.invalidate(key);
    await onItsWay;
    expect((await read(key)).value.call).toBe(3);
  });

  it('gives each reader a value of its own', async () => {
    const key = newKey();
    await read(key);
    const spoilt = await read(key);
    spoilt.value.price = 'spoilt';
    expect((await read(key)).value.price).not.toBe('spoilt');
  });

  describe('for a reader whom an old answer will do', () => {
    const ERROR_AGE_MS = 10 * TTL_MS;
    const asked = new Error('upstream is down');

    /** Reads as a person does: what is old comes at once, and beside it the question is asked again. */
    function readOld(key: string, fetch?: () => Promise<never>) {
      const { cache, upstream } = subject();
      const renew = () => cache.read({ ...request, refresh: true });
      const giveUp = new AbortController();
      const stale = {
        onErrorForMs: ERROR_AGE_MS,
        revalidate: () => renew(),
        giveUp: giveUp.signal,
        covers: (error: unknown) => error === asked,
      };
      const request = { namespace: NAMESPACE, key, ttlMs: TTL_MS, fetch: fetch ?? upstream.fetch, stale };
      return { answer: cache.read<{ price: string; call: number }>(request), giveUp };
    }
    const failing = (): Promise<never> => Promise.reject(asked);

    it('gives it at once up to twice its time, and has a newer one ready for the next', async () => {
      const { counts, upstream } = subject();
      const key = newKey();
      const first = await readOld(key).answer;
      await subject().passTime(TTL_MS + 1_000);
      const [hits, misses] = [counts.hits, counts.misses];
      const old = await readOld(key).answer;
      expect(old).toEqual({ ...first, origin: 'stale' });
      expect([counts.hits - hits, counts.misses - misses, counts.stale]).toEqual([0, 0, 1]);
      await until(() => upstream.calls === 2);
      await until(async () => (await readOld(key).answer).origin === 'cache');
    });

    it('asks beside an old answer once, however many read it', async () => {
      const key = newKey();
      await readOld(key).answer;
      await subject().passTime(TTL_MS + 1_000);
      await Promise.all(Array.from({ length: 10 }, () => readOld(key).answer));
      await until(async () => (await readOld(key).answer).origin === 'cache');
      expect(subject().upstream.calls).toBe(2);
    });

    it('asks first when the answer is older than that', async () => {
      const key = newKey();
      await readOld(key).answer;
      await subject().passTime(2 * TTL_MS + 1_000);
      expect(await readOld(key).answer).toMatchObject({ origin: 'network', value: { call: 2 } });
    });

    it('gives it when no newer one can be had, with the time at which it was fetched, up to its last age', async () => {
      const { counts } = subject();
      const key = newKey();
      const first = await readOld(key).answer;
      await subject().passTime(ERROR_AGE_MS - 5_000);
      expect(await readOld(key, failing).answer).toEqual({ ...first, origin: 'stale' });
      expect(counts.stale).toBe(1);
      await subject().passTime(10_000);
      await expect(readOld(key, failing).answer).rejects.toBe(asked);
    });

    it('gives it when the reader will not wait any longer', async () => {
      const key = newKey();
      await readOld(key).answer;
      await subject().passTime(3 * TTL_MS);
      const { answer, giveUp } = readOld(key, () => new Promise(() => undefined));
      giveUp.abort(asked);
      expect((await answer).origin).toBe('stale');
    });

    it('lets a failure through that is an answer in itself', async () => {
      const key = newKey();
      await readOld(key).answer;
      await subject().passTime(3 * TTL_MS);
      await expect(readOld(key, () => Promise.reject(new Error('no such subnet'))).answer).rejects.toThrow('no such');
    });

    it('never gives it to a reader who did not ask for it', async () => {
      const key = newKey();
      await readOld(key).answer;
      await subject().passTime(TTL_MS + 1_000);
      const { cache } = subject();
      await expect(cache.read({ namespace: NAMESPACE, key, ttlMs: TTL_MS, fetch: failing })).rejects.toBe(asked);
      expect(subject().counts.stale).toBe(0);
    });
  });

  it('believes that there is nothing for half a minute at most', async () => {
    const key = newKey();
    const nothing = { isNegative: () => true };
    await read(key, nothing);
    await subject().passTime(25_000);
    expect((await read(key)).origin).toBe('cache');
    await subject().passTime(6_000);
    expect((await read(key)).origin).toBe('network');
  });

  it('still answers when the value cannot be stored', async () => {
    const { cache, counts } = subject();
    const before = counts.failures;
    const fetch = () => Promise.resolve({ value: { rao: 1n }, fetchedAt: new Date(), upstreamAt: null });
    const answer = await cache.read({ namespace: NAMESPACE, key: newKey(), ttlMs: TTL_MS, fetch });
    expect(answer.value.rao).toBe(1n);
    expect(counts.failures).toBe(before + 1);
  });
}

describe('the cache in memory', () => {
  let subject: Subject;
  beforeEach(() => (subject = memorySubject()));
  promises(() => subject);

  it.each([
    ['early', 0, TTL_MS * 0.9],
    ['late', 1, TTL_MS * 1.1],
  ])('lets answers that came together grow old apart: %s', async (_name, random, ageMs) => {
    const clock = new FakeClock();
    const { metrics } = new Counts();
    const cache = new ReadThroughCache(new MemoryEntries(), null, metrics, clock, () => random);
    const { fetch } = new Upstream(clock);
    const read = () => cache.read({ namespace: NAMESPACE, key: 'k', ttlMs: TTL_MS, fetch });
    await read();
    await clock.advance(ageMs - 1_000);
    expect((await read()).origin).toBe('cache');
    await clock.advance(1_000);
    expect((await read()).origin).toBe('network');
  });

  it('is always available', () => {
    expect(subject.cache.state()).toEqual({ kind: 'memory', available: true, lastError: null });
  });
});

describe('the cache in Redis', () => {
  let redis: Redis | null = null;
  let subject: Subject;

  beforeAll(async () => {
    Logger.overrideLogger(false);
    redis = await startRedis();
  });

  beforeEach(async () => {
    subject = redis === null ? memorySubject() : await redisSubject(redis.url);
  });

  afterEach(() => subject.cache.onApplicationShutdown());
  afterAll(() => redis?.stop());

  promises(() => subject);

  const read = (key: string, from: Subject = subject) =>
    from.cache.read({ namespace: NAMESPACE, key, ttlMs: TTL_MS, fetch: from.upstream.fetch });

  async function command(...args: string[]): Promise<unknown> {
    const client = createClient({ url: redis?.url ?? '' });
    client.on('error', () => undefined);
    await client.connect();
    try {
      return await client.sendCommand(args);
    } finally {
      await client.disconnect();
    }
  }

  it('is shared by replicas', async () => {
    if (redis === null) return;
    const replica = await redisSubject(redis.url);
    const key = newKey();
    await read(key);
    expect((await read(key, replica)).origin).toBe('cache');
    await replica.cache.onApplicationShutdown();
  });

  it('asks each question once for all replicas that ask at once', async () => {
    if (redis === null) return;
    const replica = await redisSubject(redis.url);
    const key = newKey();
    const readers = [subject, replica, subject, replica].map((from) => read(key, from));
    const answers = await Promise.all(readers);
    expect(subject.upstream.calls + replica.upstream.calls).toBe(1);
    expect(new Set(answers.map(({ value }) => value.price)).size).toBe(1);
    expect(await command('EXISTS', `${key}:flight`)).toBe(0);
    await replica.cache.onApplicationShutdown();
  });

  it('leaves the question of a replica that failed, or died while it asked, to the next', async () => {
    if (redis === null) return;
    const replica = await redisSubject(redis.url);
    const key = newKey();
    let refuse = (): void => undefined;
    const fetch = (): Promise<never> =>
      new Promise((_resolve, reject) => (refuse = () => reject(new Error('refused'))));
    const refused = subject.cache.read({ namespace: NAMESPACE, key, ttlMs: TTL_MS, fetch });
    await until(async () => (await command('EXISTS', `${key}:flight`)) === 1);
    const following = read(key, replica);
    refuse();
    const [mine, theirs] = await Promise.allSettled([refused, following]);
    expect([mine.status, theirs.status]).toEqual(['rejected', 'fulfilled']);
    const orphan = newKey();
    await command('SET', `${orphan}:flight`, '1', 'PX', '80');
    expect((await read(orphan)).origin).toBe('network');
    expect(subject.upstream.calls).toBe(1);
    await replica.cache.onApplicationShutdown();
  });

  it('leaves nothing behind for ever', async () => {
    if (redis === null) return;
    const key = newKey();
    await read(key);
    expect(Number(await command('PTTL', key))).toBeGreaterThan(0);
  });

  it.each([
    ['no JSON', 'SET', 'not json'],
    ['JSON of somebody else', 'SET', '{"a":1}'],
    ['an entry of another version', 'SET', '{"v":0,"fetchedAt":"2026-01-01T00:00:00Z","upstreamAt":null,"value":1}'],
    [
      'an entry without a time',
      'SET',
      '{"v":2,"fetchedAt":"soon","upstreamAt":null,"value":1,"negative":false,"share":1}',
    ],
    ['an entry of the version before', 'SET', '{"v":1,"fetchedAt":"2026-01-01T00:00:00Z","upstreamAt":null,"value":1}'],
    ['a list', 'RPUSH', 'x'],
  ])('takes %s for a miss, and puts an answer in its place', async (_name, verb, garbage) => {
    if (redis === null) return;
    const key = newKey();
    await command(verb, key, garbage);
    expect((await read(key)).origin).toBe('network');
    expect(subject.counts).toMatchObject({ hits: 0, misses: 1, failures: 1 });
    expect((await read(key)).origin).toBe('cache');
    expect(subject.cache.state().available).toBe(true);
  });

  it('asks each question once when everything was flushed', async () => {
    if (redis === null) return;
    const key = newKey();
    await read(key);
    await command('FLUSHALL');
    await Promise.all(Array.from({ length: 10 }, () => read(key)));
    expect(subject.upstream.calls).toBe(2);
  });

  it('goes on reading, and counts, when Redis is full', async () => {
    if (redis?.pid == null) return;
    const key = newKey();
    await read(key);
    await command('CONFIG', 'SET', 'maxmemory', '1');
    const other = newKey();
    expect((await read(other)).origin).toBe('network');
    expect(subject.counts.failures).toBe(1);
    expect(subject.cache.state().available).toBe(true);
    expect((await read(key)).origin).toBe('cache');
    await command('CONFIG', 'SET', 'maxmemory', '0');
  });

  it('sits out a failover to a server that only reads', async () => {
    if (redis?.pid == null) return;
    await command('REPLICAOF', '127.0.0.1', '1');
    const key = newKey();
    expect((await read(key)).origin).toBe('network');
    expect(subject.cache.state().available).toBe(false);
    expect((await read(key)).origin).toBe('cache');
    await command('REPLICAOF', 'NO', 'ONE');
    await until(() => subject.cache.state().available);
    const stored = newKey();
    await read(stored);
    expect(await command('EXISTS', stored)).toBe(1);
  });

  it('answers from this process while Redis is frozen, and from Redis when it is back', async () => {
    if (redis === null) return;
    const key = newKey();
    await read(key);
    redis.freeze();
    try {
      expect((await read(key)).origin).toBe('cache');
      expect(subject.cache.state()).toMatchObject({ available: false, lastError: 'no answer within 100 ms' });
      expect((await read(newKey())).origin).toBe('network');
      expect(subject.counts.failures).toBeGreaterThanOrEqual(2);
    } finally {
      redis.thaw();
    }
    await until(() => subject.cache.state().available);
    expect(subject.cache.state().lastError).toBeNull();
    const stored = newKey();
    await read(stored);
    expect(await command('EXISTS', stored)).toBe(1);
  });

  it('answers while Redis is gone, keeps what was fetched meanwhile, and uses Redis again when it is back', async () => {
    if (redis === null) return;
    await redis.kill();
    await until(() => !subject.cache.state().available);
    const key = newKey();
    expect((await read(key)).origin).toBe('network');
    expect((await read(key)).origin).toBe('cache');
    expect(subject.cache.state().lastError).not.toBeNull();
    await redis.restart();
    await until(() => subject.cache.state().available);
    expect((await read(newKey())).origin).toBe('network');
    expect(subject.counts.hits).toBe(1);
  });

  it('boots without Redis, and finds it later', async () => {
    if (redis === null) return;
    await redis.kill();
    const clock = new ShiftedClock();
    const { metrics } = new Counts();
    const cache = new ReadThroughCache(new RedisEntries(redis.url, clock), new MemoryEntries(), metrics, clock);
    expect(cache.state()).toEqual({ kind: 'redis', available: false, lastError: 'not connected yet' });
    const upstream = new Upstream(clock);
    const answer = await cache.read({ namespace: NAMESPACE, key: newKey(), ttlMs: TTL_MS, fetch: upstream.fetch });
    expect(answer.origin).toBe('network');
    await redis.restart();
    await until(() => cache.state().available);
    await cache.onApplicationShutdown();
  });

  it('ends at once while Redis is frozen or gone', async () => {
    if (redis === null) return;
    const another = await redisSubject(redis.url);
    redis.freeze();
    await another.cache.onApplicationShutdown();
    redis.thaw();
    await redis.kill();
    await subject.cache.onApplicationShutdown();
    await redis.restart();
  });
});
