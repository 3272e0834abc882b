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
  readonly metrics = {
    hit: () => (this.hits += 1),
    miss: () => (this.misses += 1),
    failure: () => (this.failures += 1),
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

let keys = 0;
const newKey = (): string => cacheKey({ method: 'GET', path: NAMESPACE, params: { test: (keys += 1) } });

function memorySubject(): Subject {
  const clock = new FakeClock();
  const counts = new Counts();
  const cache = new ReadThroughCache(new MemoryEntries(), null, counts.metrics, clock);
  return { cache, counts, upstream: new Upstream(clock), passTime: (ms) => clock.advance(ms) };
}

async function redisSubject(url: string): Promise<Subject> {
  const clock = new ShiftedClock();
  const counts = new Counts();
  const cache = new ReadThroughCache(new RedisEntries(url, clock), new MemoryEntries(), counts.metrics, clock);
  await until(() => cache.state().available);
  const passTime = (ms: number): Promise<void> => {
    clock.shiftMs += ms;
    return Promise.resolve();
  };
  return { cache, counts, upstream: new Upstream(clock), passTime };
}

/** What every store has to promise. */
function promises(subject: () => Subject): void {
  const read = (key: string, more: { refresh?: boolean; ttlMs?: number } = {}) => {
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
    ['an entry without a time', 'SET', '{"v":1,"fetchedAt":"soon","upstreamAt":null,"value":1}'],
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
