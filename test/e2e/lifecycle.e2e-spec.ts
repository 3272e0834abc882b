import { type Redis, startRedis } from '../support/redis-server';
import { TreasuryWorld } from '../support/treasury-world';

const TABLES = ['pools', 'pool_history', 'subnets', 'subnet_history', 'tao_prices'];

interface Pack {
  api_health: { total_calls: number };
  cache_health: { total_misses: number };
  datasets: Record<string, { last_success_at: string }>;
}

describe('a service that is killed, restarted and cut off', () => {
  let redis: Redis | null;
  let world: TreasuryWorld;

  beforeAll(async () => {
    redis = await startRedis();
    world = await TreasuryWorld.start(redis === null ? {} : { REDIS_URL: redis.url });
    await world.firstSync();
  });

  afterAll(async () => {
    await world.stop();
    await redis?.stop();
  });

  it('has all of a run or none of it after kill -9 in the middle, and takes the dataset up again', async () => {
    const before = await world.fingerprint(...TABLES);
    await world.fault({ match: '/api/dtao/pool/latest', times: 1, fault: { kind: 'latency', ms: 20_000 } });
    const { run_ids } = await world.service.json<{ run_ids: string[] }>('/api/v1/tasks/sync?datasets=pools', {
      method: 'POST',
    });
    await world.service.until<{ state: string }>(`/api/v1/runs/${run_ids[0]}`, (run) => run.state === 'running');
    await world.service.kill();
    expect(await world.fingerprint(...TABLES)).toBe(before);

    await world.clearFaults();
    await world.rows("UPDATE leases SET expires_at = clock_timestamp() - interval '1 second'");
    await world.service.restart();
    await world.service.until<{ state: string }>(`/api/v1/runs/${run_ids[0]}`, (run) => run.state === 'interrupted');
    const run = await world.sync('pools');
    expect(['applied', 'confirmed']).toContain(run.state);
  });

  it('keeps its counters and the age of its data over a restart', async () => {
    const before = await world.service.json<Pack>('/api/v1/trust-pack');
    expect(await world.service.stop()).toBe(0);
    await world.service.restart();
    const after = await world.service.until<Pack>(
      '/api/v1/trust-pack',
      (pack) => Object.keys(pack.datasets).length >= 3,
    );
    expect(after.api_health.total_calls).toBeGreaterThanOrEqual(before.api_health.total_calls);
    const synced = Object.entries(before.datasets).filter(([, dataset]) => dataset.last_success_at !== null);
    expect(synced.length).toBeGreaterThanOrEqual(3);
    for (const [name, dataset] of synced) {
      expect(Date.parse(after.datasets[name]?.last_success_at ?? '')).toBeGreaterThanOrEqual(
        Date.parse(dataset.last_success_at),
      );
    }
  });

  it('syncs, answers and stays ready while Redis is gone, and uses it again when it is back', async () => {
    if (redis === null) return;
    await redis.kill();
    const run = await world.sync('tao_price');
    expect(['applied', 'confirmed']).toContain(run.state);
    expect((await fetch(`${world.service.url}/readyz`)).status).toBe(200);
    const down = await world.service.until<{ components: { cache: { status: string } } }>(
      '/api/v1/health',
      (health) => health.components.cache.status !== 'up',
    );
    expect(down.components.cache.status).not.toBe('up');
    await redis.restart();
    await world.service.until<{ components: { cache: { status: string } } }>(
      '/api/v1/health',
      (health) => health.components.cache.status === 'up',
    );
  });

  it('ends with exit code 0 on SIGTERM', async () => {
    expect(await world.service.stop()).toBe(0);
    await world.service.restart();
  });
});
