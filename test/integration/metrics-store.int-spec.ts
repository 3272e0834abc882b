import { Test, type TestingModule } from '@nestjs/testing';
import { DataSource } from 'typeorm';
import { CLOCK } from '../../src/common';
import { ConfigModule } from '../../src/config';
import { DatabaseModule, DatabaseReadiness, MetricsStore } from '../../src/database';
import { type AttemptRecord, CacheMetrics, CallMetrics, MetricsModule, SyncMetrics } from '../../src/metrics';
import { FakeClock } from '../support/fake-clock';
import { TcpRelay } from '../support/tcp-relay';
import { type TestDatabase, createTestDatabase } from '../support/test-database';

jest.setTimeout(60_000);

const PRICE = '/api/price/latest/v1';

/** One replica: the recorders and the store over the shared database. */
class Replica {
  private constructor(
    readonly module: TestingModule,
    readonly clock: FakeClock,
  ) {}

  static async start(url: string): Promise<Replica> {
    // Retention goes by the server's clock, so ours must begin where that one is.
    const clock = new FakeClock(Date.now());
    const module = await Test.createTestingModule({
      imports: [
        ConfigModule.register({ TAOSTATS_API_KEY: 'tao-test-key:00000000', DATABASE_URL: url }),
        MetricsModule,
        DatabaseModule.register(),
      ],
    })
      .overrideProvider(CLOCK)
      .useValue(clock)
      .compile();
    module.useLogger(false);
    await module.init();
    await module.get(DatabaseReadiness).whenReady();
    const replica = new Replica(module, clock);
    await replica.store.flush();
    return replica;
  }

  get store(): MetricsStore {
    return this.module.get(MetricsStore);
  }

  call(change: Partial<AttemptRecord> = {}): void {
    this.module
      .get(CallMetrics)
      .recordAttempt({ endpoint: PRICE, outcome: 'ok', status: 200, latencyMs: 120, attempt: 1, ...change });
  }

  get calls(): number {
    return this.store.reading().lifetime.api[PRICE]?.calls ?? 0;
  }

  query(sql: string): Promise<Record<string, string>[]> {
    return this.module.get(DataSource).query(sql);
  }

  stop(): Promise<void> {
    return this.module.close();
  }
}

describe('the metrics store', () => {
  let database: TestDatabase;
  let replicas: Replica[];

  const start = async (url = database.url): Promise<Replica> => {
    const replica = await Replica.start(url);
    replicas.push(replica);
    return replica;
  };

  beforeEach(async () => {
    database = await createTestDatabase();
    replicas = [];
  });

  afterEach(async () => {
    for (const replica of replicas) await replica.stop();
    await database.drop();
  });

  it('shows a count at once, before PostgreSQL has it', async () => {
    const replica = await start();
    replica.call({ outcome: 'rate_limited', status: 429 });
    expect(replica.store.reading()).toMatchObject({
      lifetime: { api: { [PRICE]: { calls: 1, rateLimits: 1 } } },
      last15Minutes: { api: { [PRICE]: { calls: 1 } } },
      recentErrors: [{ endpoint: PRICE, outcome: 'rate_limited', status: 429 }],
    });
  });

  it('keeps every counter over a restart, those of the last seconds included', async () => {
    const first = await start();
    first.call({ outcome: 'transient', status: 503, latencyMs: 40 });
    first.module.get(CacheMetrics).hit('pools');
    first.module.get(SyncMetrics).recordRun({ dataset: 'pools', state: 'protected', durationMs: 1500, rejected: 2 });
    const before = first.store.reading();
    await first.stop();
    replicas = [];
    const after = (await start()).store.reading();
    for (const part of ['lifetime', 'last15Minutes', 'lastHour', 'recentErrors', 'countingSince'] as const) {
      expect(after[part]).toEqual(before[part]);
    }
    expect(after.lifetime.sync['pools']).toMatchObject({ protected: 1, durationMsSum: 1500, rejected: 2 });
    expect(after.lifetime.api[PRICE]?.latencyBuckets[3]).toBe(1);
  });

  it('adds up what all replicas count in the same minute', async () => {
    const [one, two] = [await start(), await start()];
    for (let round = 0; round < 5; round += 1) {
      one.call();
      two.call({ outcome: 'network', status: null });
      await Promise.all([one.store.flush(), two.store.flush()]);
    }
    await one.store.flush();
    expect(one.store.reading().lifetime.api[PRICE]).toMatchObject({ calls: 10, ok: 5, errors: 5 });
    expect(one.store.reading().recentErrors).toHaveLength(5);
  });

  it('lets windows forget and the lifetime remember', async () => {
    const replica = await start();
    replica.call();
    await replica.store.flush();
    await replica.clock.advance(20 * 60_000);
    replica.call();
    await replica.store.flush();
    const counts = () => {
      const { lifetime, lastHour, last15Minutes } = replica.store.reading();
      return [lifetime, lastHour, last15Minutes].map((totals) => totals.api[PRICE]?.calls ?? 0);
    };
    expect(counts()).toEqual([2, 2, 1]);
    await replica.clock.advance(45 * 60_000);
    await replica.store.flush();
    expect(counts()).toEqual([2, 1, 0]);
  });

  it('loses no count while PostgreSQL is away, and answers meanwhile', async () => {
    const relay = await TcpRelay.start(database.url);
    const replica = await start(relay.url);
    replica.call();
    await replica.store.flush();
    await relay.cut();
    replica.call({ outcome: 'transient', status: 503 });
    await replica.store.flush();
    replica.call();
    await replica.store.flush();
    expect(replica.calls).toBe(3);
    await relay.restore();
    await replica.store.flush();
    expect(replica.calls).toBe(3);
    expect(await replica.query(`SELECT calls, errors FROM api_metric_totals`)).toEqual([{ calls: '3', errors: '1' }]);
    await replica.stop();
    replicas = [];
    await relay.stop();
  });

  it('resets every replica, and older counts never come back', async () => {
    const [one, two] = [await start(), await start()];
    one.call();
    two.call();
    await Promise.all([one.store.flush(), two.store.flush()]);
    two.call({ outcome: 'network', status: null });
    await one.store.reset();
    expect([one.calls, one.store.reading().recentErrors]).toEqual([0, []]);
    await two.store.flush();
    expect([two.calls, two.store.reading().recentErrors]).toEqual([0, []]);
    two.call();
    await two.store.flush();
    await one.store.flush();
    expect([one.calls, two.calls]).toEqual([1, 1]);
    expect(one.store.reading().countingSince).toEqual(two.store.reading().countingSince);
  });

  it('keeps minutes for two days, errors for one and at most a thousand', async () => {
    const replica = await start();
    await replica.query(`
      INSERT INTO cache_metric_minutes (minute, name, hits, misses, failures)
      SELECT clock_timestamp() - h * interval '1 hour', 'pools', 1, 0, 0 FROM generate_series(1, 60) h`);
    await replica.query(`
      INSERT INTO upstream_errors (at, endpoint, outcome, code, message, attempt)
      SELECT clock_timestamp() - CASE WHEN i <= 50 THEN interval '25 hours' ELSE interval '0' END, 'p', 'network', 'c', 'm', 1
        FROM generate_series(1, 1500) i`);
    await replica.clock.advance(60_000);
    await replica.store.flush();
    const [left] = await replica.query(
      'SELECT (SELECT count(*) FROM cache_metric_minutes) AS minutes, (SELECT count(*) FROM upstream_errors) AS errors',
    );
    expect(left).toEqual({ minutes: '47', errors: '1000' });
  });
});
