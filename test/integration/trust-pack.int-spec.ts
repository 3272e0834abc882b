import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { Test } from '@nestjs/testing';
import { DataSource } from 'typeorm';
import { CacheModule } from '../../src/cache';
import { ProblemFilter } from '../../src/common';
import { ConfigModule, type Environment } from '../../src/config';
import { DatabaseModule, DatabaseReadiness } from '../../src/database';
import { Drain, HealthModule, TrustSnapshot } from '../../src/health';
import { CallMetrics, MetricsModule, UpstreamGauge } from '../../src/metrics';
import { freePort } from '../support/free-port';
import { TcpRelay } from '../support/tcp-relay';
import { type TestDatabase, connect, createTestDatabase } from '../support/test-database';
import { upstreamSnapshot } from '../support/trust-inputs';

jest.setTimeout(60_000);

interface PackBody {
  generated_at: string;
  api_health: { total_calls: number };
  datasets: Record<string, Record<string, unknown>>;
  overall_health: { status: string; issues: { code: string; since: string; subject: string | null }[] };
}

interface HealthBody {
  status: string;
  data_stale: boolean;
  components: Record<string, { status: string }>;
}

/** The service without sync and TaoStats: what probes, health and the trust pack need. */
class Service {
  private constructor(readonly app: NestFastifyApplication) {}

  static async start(environment: Environment): Promise<Service> {
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
    app.useGlobalFilters(new ProblemFilter());
    await app.init();
    await app.getHttpAdapter().getInstance().ready();
    return new Service(app);
  }

  async ready(): Promise<this> {
    await this.app.get(DatabaseReadiness).whenReady();
    await this.look(2);
    return this;
  }

  /** Looks as often as it takes for an issue to open (1) or to clear (2). */
  async look(times = 1): Promise<void> {
    for (let i = 0; i < times; i += 1) {
      // One that is on its way may have read before the test's last statement.
      await this.app.get(TrustSnapshot).look();
      await this.app.get(TrustSnapshot).look();
    }
  }

  async get<T>(url: string): Promise<{ status: number; body: T }> {
    const answer = await this.app.inject({ method: 'GET', url });
    return { status: answer.statusCode, body: answer.json<T>() };
  }

  async pack(): Promise<PackBody> {
    return (await this.get<PackBody>('/api/v1/trust-pack')).body;
  }

  stop(): Promise<void> {
    return this.app.close();
  }
}

describe('health and the trust pack', () => {
  let database: TestDatabase;
  let direct: DataSource;
  let services: Service[];

  const start = async (environment: Environment = {}): Promise<Service> => {
    const service = await Service.start({ DATABASE_URL: database.url, ...environment });
    services.push(service);
    return service;
  };

  /** A dataset whose last success is `minutes` old; null: never. */
  const dataset = (name: string, minutes: number | null): Promise<unknown> =>
    direct.query(
      `INSERT INTO dataset_states (dataset, interval_seconds, next_due_at, is_core, record_count, last_success_at)
       VALUES ($1, 600, clock_timestamp() + interval '5 minutes', true, 129,
               clock_timestamp() - $2::double precision * interval '1 minute')
       ON CONFLICT (dataset) DO UPDATE SET last_success_at = excluded.last_success_at`,
      [name, minutes],
    );

  beforeEach(async () => {
    database = await createTestDatabase();
    direct = await connect(database);
    services = [];
  });

  afterEach(async () => {
    for (const service of services) await service.stop();
    await direct.destroy();
    await database.drop();
  });

  it('is never healthy before the first sync', async () => {
    const service = await (await start()).ready();
    expect((await service.pack()).overall_health.issues).toEqual([expect.objectContaining({ code: 'no_datasets' })]);
    await dataset('pools', null);
    await service.look(2);
    expect((await service.pack()).overall_health).toMatchObject({
      status: 'degraded',
      issues: [{ code: 'dataset_never_synced', subject: 'pools' }],
    });
    expect((await service.get<HealthBody>('/api/v1/health')).body.data_stale).toBe(true);
    expect((await service.get('/healthz/freshness')).status).toBe(503);
  });

  it('is healthy once everything is fresh, and says so everywhere', async () => {
    await dataset('pools', 1);
    const service = await (await start()).ready();
    expect((await service.pack()).overall_health).toMatchObject({ status: 'healthy', issues: [] });
    const { status, body } = await service.get<HealthBody>('/api/v1/health');
    expect([status, body.status, body.data_stale]).toEqual([200, 'healthy', false]);
    expect(Object.values(body.components).map((component) => component.status)).not.toContain('down');
    expect((await service.get('/healthz/freshness')).status).toBe(200);
    for (const probe of ['/livez', '/readyz', '/startupz', '/api/v1/health/livez', '/api/v1/health/ready']) {
      expect(await service.get(probe)).toMatchObject({ status: 200, body: { status: 'ok' } });
    }
    const text = await service.app.inject({ method: 'GET', url: '/readyz?verbose' });
    expect(text.body).toContain('[+]database ok\n');
  });

  it('says in short what the newest pack says, also to who has asked before', async () => {
    await dataset('pools', 1);
    const service = await (await start()).ready();
    const short = async () => (await service.get<HealthBody>('/api/v1/health')).body;
    expect(await short()).toMatchObject({ status: 'healthy', data_stale: false });
    await dataset('pools', 600);
    await service.look(2);
    expect(await short()).toMatchObject({ status: (await service.pack()).overall_health.status, data_stale: true });
    const { headers } = await service.app.inject({ method: 'GET', url: '/api/v1/health' });
    expect(headers).toMatchObject({ 'content-type': 'application/json; charset=utf-8', 'cache-control': 'no-store' });
  });

  it('keeps the beginning of an issue over a restart and over replicas', async () => {
    await dataset('pools', null);
    const first = await (await start()).ready();
    const began = (await first.pack()).overall_health.issues[0]?.since;
    const second = await (await start()).ready();
    await first.stop();
    services.splice(services.indexOf(first), 1);
    const third = await (await start()).ready();
    for (const service of [second, third]) {
      expect((await service.pack()).overall_health.issues[0]?.since).toBe(began);
    }
    await dataset('pools', 1);
    await third.look(2);
    expect(await direct.query('SELECT key FROM trust_issues')).toEqual([]);
  });

  it('is live and not ready without PostgreSQL, and its trust pack says why', async () => {
    const service = await start({ DATABASE_URL: `postgres://nobody@127.0.0.1:${await freePort()}/x` });
    await service.look();
    expect((await service.get('/livez')).status).toBe(200);
    for (const url of ['/readyz', '/startupz']) {
      const { statusCode, headers } = await service.app.inject({ method: 'GET', url });
      expect([url, statusCode, headers['retry-after']]).toEqual([url, 503, '5']);
    }
    expect((await service.pack()).overall_health).toMatchObject({
      status: 'critical',
      issues: [{ code: 'database_down' }],
    });
    const { status, body } = await service.get<HealthBody>('/api/v1/health');
    expect([status, body.status]).toEqual([503, 'critical']);
  });

  it('goes on answering with the last known datasets while PostgreSQL is cut off, and recovers', async () => {
    await dataset('pools', 1);
    const relay = await TcpRelay.start(database.url);
    const service = await (await start({ DATABASE_URL: relay.url })).ready();
    await relay.cut();
    await service.look();
    const pack = await service.pack();
    expect(pack.datasets['pools']).toMatchObject({ record_count: 129, is_stale: false });
    expect(pack.overall_health).toMatchObject({ status: 'critical', issues: [{ code: 'database_down' }] });
    await relay.restore();
    await service.look(2);
    expect((await service.pack()).overall_health.status).toBe('healthy');
    await service.stop();
    services = [];
    await relay.stop();
  });

  it('stays ready while Redis is down, and says so', async () => {
    await dataset('pools', 1);
    const service = await (await start({ REDIS_URL: `redis://127.0.0.1:${await freePort()}` })).ready();
    expect((await service.get('/readyz')).status).toBe(200);
    const { status, body } = await service.get<HealthBody>('/api/v1/health');
    expect([status, body.status, body.components['cache']?.status]).toEqual([200, 'degraded', 'down']);
  });

  it('is not ready while PostgreSQL is frozen, and its trust pack answers all the same', async () => {
    await dataset('pools', 1);
    const relay = await TcpRelay.start(database.url);
    const service = await (await start({ DATABASE_URL: relay.url })).ready();
    relay.freeze();
    expect((await service.get('/readyz')).status).toBe(503);
    expect((await service.get('/livez')).status).toBe(200);
    expect((await service.pack()).datasets['pools']).toMatchObject({ record_count: 129 });
    relay.thaw();
    await service.stop();
    services = [];
    await relay.stop();
  });

  it('resets the counters for this machine and for nobody else', async () => {
    const service = await (await start()).ready();
    service.app
      .get(CallMetrics)
      .recordAttempt({ endpoint: '/api/x', outcome: 'network', status: null, latencyMs: 1, attempt: 1 });
    const foreign = await service.app.inject({
      method: 'POST',
      url: '/api/v1/metrics/reset',
      remoteAddress: '10.1.2.3',
    });
    expect([foreign.statusCode, foreign.headers['content-type']]).toEqual([
      403,
      expect.stringContaining('problem+json'),
    ]);
    const own = await service.app.inject({ method: 'POST', url: '/api/v1/metrics/reset' });
    expect(own.json()).toMatchObject({ reset: true });
    expect((await service.pack()).api_health.total_calls).toBe(0);
  });

  it('shows datasets, budget and status to Prometheus', async () => {
    await dataset('pools', 1);
    const service = await (await start()).ready();
    service.app.get(UpstreamGauge).setUpstreamSnapshot(upstreamSnapshot({ learnedLimit: 5, usedInWindow: 2 }));
    await service.look();
    const { body, headers } = await service.app.inject({ method: 'GET', url: '/metrics' });
    expect(headers['content-type']).toContain('text/plain');
    for (const line of [
      'tao_trust_status{status="healthy"} 1',
      'tao_dataset_records{dataset="pools"} 129',
      'tao_dataset_warn_seconds{dataset="pools"} 900',
      'tao_upstream_budget_limit 5',
      'tao_upstream_budget_remaining 3',
      'tao_database_up 1',
      'tao_database_writable 1',
    ]) {
      expect(body).toContain(line);
    }
    expect(body).toMatch(/tao_dataset_last_success_timestamp_seconds\{dataset="pools"\} \d{10}/);
  });

  it('turns readiness off as soon as shutdown begins', async () => {
    const service = await (await start()).ready();
    service.app.get(Drain).onModuleDestroy();
    expect((await service.get('/readyz')).status).toBe(503);
    expect((await service.get('/livez')).status).toBe(200);
  });
});
