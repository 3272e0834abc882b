import { createClient } from 'redis';
import type { ChaosCase } from './rig/chaos-case';
import type { ChaosWorld } from './rig/chaos-world';

const SLIPPAGE = '/api/dtao/slippage';
const GOOD = ['applied', 'confirmed'];
/** Beyond the twelve seconds for which a quote is kept, and beyond twice of them. */
const QUOTE_IS_OLD_SECONDS = 30;

/** Six megabytes, of which a slow reader takes a key every tenth of a second. */
const FILL = "for i = 1, 3000 do redis.call('SET', 'filler:' .. i, string.rep('x', 2000)) end";
const READING_SLOWLY = ['--key-load-delay', '100000', '--loading-process-events-interval-bytes', '1024'];

interface Quote {
  data: { upstream: { quote: { output: string } | null; error: { code: string } | null } | null };
}

interface CachePack {
  cache_health: { available: boolean; total_failures: number; total_hits: number };
}

const withoutRedis = (world: ChaosWorld): string | null =>
  world.redis === null ? 'there is no redis-server on the PATH' : null;
const withoutOwnRedis = (world: ChaosWorld): string | null =>
  withoutRedis(world) ?? (world.redis?.pid === null ? 'REDIS_URL leads to a server that is not ours to change' : null);

/** A person asks what TaoStats says of a trade: the one read that goes through the cache. */
async function quote(world: ChaosWorld): Promise<string> {
  const answer = await world.service.json<Quote>('/api/v1/subnets/1/slippage?direction=stake&amount=1');
  expect(answer.data.upstream?.error ?? null).toBeNull();
  return answer.data.upstream?.quote?.output ?? '';
}

async function command(world: ChaosWorld, ...parts: string[]): Promise<unknown> {
  const client = createClient({ url: world.redis?.url ?? '' });
  client.on('error', () => undefined);
  await client.connect();
  try {
    return await client.sendCommand(parts);
  } finally {
    await client.disconnect();
  }
}

const cacheOf = async (world: ChaosWorld): Promise<CachePack['cache_health']> =>
  (await world.service.json<CachePack>('/api/v1/trust-pack')).cache_health;

/** Syncs and quotes as if nothing were wrong, and asks TaoStats for the quote once. */
async function expectNoEffect(world: ChaosWorld): Promise<void> {
  await world.pass(QUOTE_IS_OLD_SECONDS);
  const asked = world.requests(SLIPPAGE).length;
  const first = await quote(world);
  expect(await quote(world)).toBe(first);
  expect(world.requests(SLIPPAGE)).toHaveLength(asked + 1);
  expect(GOOD).toContain((await world.scheduled('pools')).state);
  expect((await fetch(`${world.service.url}/readyz`)).status).toBe(200);
}

async function bringBack(world: ChaosWorld): Promise<void> {
  await world.redis?.restart();
  await world.eventually('Redis is used again', async () => (await cacheOf(world)).available);
}

export const REDIS_CASES: readonly ChaosCase[] = [
  {
    id: 'R1',
    title: 'Redis absent at boot',
    notInjectable: withoutRedis,
    async inject(world) {
      await world.redis?.kill();
      await world.service.stop();
      await world.service.restart();
    },
    expect: expectNoEffect,
    remove: bringBack,
    shows: ['cache_down'],
    exempt: { I7: 'the process was restarted' },
  },
  {
    id: 'R2',
    title: 'Redis dies while an answer is on its way',
    notInjectable: withoutRedis,
    async inject(world) {
      await world.pass(QUOTE_IS_OLD_SECONDS);
      world.fault({ kind: 'latency', ms: 300 }, SLIPPAGE, { times: 1 });
      const asked = world.requests(SLIPPAGE).length;
      const quoted = quote(world);
      await world.redis?.kill();
      await quoted;
      // What was fetched is kept in the process.
      await quote(world);
      expect(world.requests(SLIPPAGE)).toHaveLength(asked + 1);
    },
    expect: expectNoEffect,
    remove: bringBack,
    shows: ['cache_down'],
  },
  {
    id: 'R3',
    title: 'Redis hangs',
    notInjectable: withoutRedis,
    inject: (world) => world.redis?.freeze(),
    expect: expectNoEffect,
    async remove(world) {
      world.redis?.thaw();
      await world.eventually('Redis is used again', async () => (await cacheOf(world)).available);
    },
    shows: ['cache_down'],
  },
  {
    id: 'R4',
    title: 'Redis is full',
    notInjectable: withoutOwnRedis,
    inject: async (world) => void (await command(world, 'CONFIG', 'SET', 'maxmemory', '1')),
    async expect(world) {
      const { total_failures: before } = await cacheOf(world);
      await world.pass(QUOTE_IS_OLD_SECONDS);
      await quote(world);
      expect(GOOD).toContain((await world.scheduled('pools')).state);
      await world.eventually('the failure is counted', async () => (await cacheOf(world)).total_failures > before);
      expect((await cacheOf(world)).available).toBe(true);
    },
    remove: async (world) => void (await command(world, 'CONFIG', 'SET', 'maxmemory', '0')),
    shows: { nothing: 'a full Redis still reads: what cannot be kept is counted as a failure of the cache' },
  },
  {
    id: 'R5',
    title: 'garbage, a wrong type and an old schema under our keys',
    notInjectable: withoutOwnRedis,
    async inject(world) {
      await world.pass(QUOTE_IS_OLD_SECONDS);
      await quote(world);
    },
    async expect(world) {
      const right = await quote(world);
      const { total_failures: before } = await cacheOf(world);
      const keys = ((await command(world, 'KEYS', '*slippage*')) as string[]) ?? [];
      expect(keys.length).toBeGreaterThan(0);
      for (const spoil of [
        ['SET', 'not json'],
        ['RPUSH', 'x'],
        ['SET', '{"v":1,"fetchedAt":"2026-01-01T00:00:00Z","upstreamAt":null,"value":{"rows":[]}}'],
      ] as const) {
        for (const key of keys) {
          await command(world, 'DEL', key);
          await command(world, spoil[0], key, spoil[1]);
        }
        expect(await quote(world)).toBe(right);
      }
      await world.eventually('three failures are counted', async () => {
        return (await cacheOf(world)).total_failures >= before + 3;
      });
    },
    shows: { nothing: 'garbage is a miss, and counted as a failure of the cache' },
  },
  {
    id: 'R6',
    title: 'failover: a server that only reads, and one that permits nothing',
    notInjectable: withoutOwnRedis,
    inject: async (world) => void (await command(world, 'REPLICAOF', '127.0.0.1', '1')),
    async expect(world) {
      await expectNoEffect(world);
      await command(world, 'REPLICAOF', 'NO', 'ONE');
      await world.eventually('Redis is used again', async () => (await cacheOf(world)).available);
      await command(world, 'ACL', 'SETUSER', 'default', '-get', '-set');
      await world.pass(QUOTE_IS_OLD_SECONDS);
      await quote(world);
      expect(GOOD).toContain((await world.scheduled('pools')).state);
    },
    async remove(world) {
      await command(world, 'ACL', 'SETUSER', 'default', '+get', '+set');
      await world.pass(QUOTE_IS_OLD_SECONDS);
      await world.eventually('answers are kept in Redis again', async () => {
        await quote(world);
        return ((await command(world, 'KEYS', '*slippage*')) as string[]).length > 0;
      });
    },
    shows: { nothing: 'connections are renewed within a second: reads go on, and writes are counted failures' },
  },
  {
    id: 'R6b',
    title: 'a server that is still reading what it holds (LOADING)',
    notInjectable: withoutOwnRedis,
    async inject(world) {
      await command(world, 'EVAL', FILL, '0');
      await command(world, 'SAVE');
      await world.redis?.kill();
      await world.redis?.restart(READING_SLOWLY);
      await expect(command(world, 'PING')).rejects.toThrow('LOADING');
    },
    expect: expectNoEffect,
    async remove(world) {
      await command(world, 'CONFIG', 'SET', 'key-load-delay', '0');
      await world.eventually('Redis is used again', async () => (await cacheOf(world)).available);
      await command(world, 'FLUSHALL');
      await command(world, 'SAVE');
    },
    shows: ['cache_down'],
  },
  {
    id: 'R7',
    title: 'everything in Redis expires at once',
    notInjectable: withoutRedis,
    inject: () => undefined,
    async expect(world) {
      await world.eventually('a flush without any other trouble of Redis', async () => {
        await world.eventually('Redis is used', async () => (await cacheOf(world)).available);
        const { total_failures: failures } = await cacheOf(world);
        await world.pass(QUOTE_IS_OLD_SECONDS);
        await quote(world);
        await command(world, 'FLUSHALL');
        const asked = world.requests(SLIPPAGE).length;
        world.fault({ kind: 'latency', ms: 200 }, SLIPPAGE, { times: 1 });
        const quotes = await Promise.all(Array.from({ length: 20 }, () => quote(world)));
        expect(new Set(quotes).size).toBe(1);
        // Where Redis was too slow as well, the answer was kept in the process.
        if ((await cacheOf(world)).total_failures > failures) return false;
        expect(world.requests(SLIPPAGE)).toHaveLength(asked + 1);
        return true;
      });
    },
    shows: { nothing: 'an empty cache costs one call for each question' },
  },
];
