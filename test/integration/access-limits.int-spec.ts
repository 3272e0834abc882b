import { Logger } from '@nestjs/common';
import { ClientCounts } from '../../src/access/client-counts.service';
import { ClientCountRepository, UnitOfWork } from '../../src/database';
import { EventLoopLag, PrometheusMetrics } from '../../src/metrics';
import { AccessApp, AUTH_TOKENS } from '../support/access-app';
import { FakeClock } from '../support/fake-clock';
import { testSettings } from '../support/test-settings';
import { connect, createTestDatabase, type TestDatabase } from '../support/test-database';
import type { DataSource } from 'typeorm';

const MINUTE = 60_000;

describe('the counts of a caller', () => {
  let database: TestDatabase;
  let dataSource: DataSource;
  let clock: FakeClock;
  const metrics = new PrometheusMetrics(testSettings(), new EventLoopLag(new FakeClock()));

  beforeAll(async () => {
    Logger.overrideLogger(false);
    database = await createTestDatabase();
    dataSource = await connect(database);
  });
  afterAll(async () => {
    if (dataSource.isInitialized) await dataSource.destroy();
    await database.drop();
  });
  beforeEach(async () => {
    await dataSource.query('TRUNCATE client_counts');
    clock = new FakeClock();
  });

  const replica = (): ClientCounts =>
    new ClientCounts(new ClientCountRepository(new UnitOfWork(dataSource)), metrics, clock);
  const admitted = (counts: ClientCounts, times: number, client = 'address 203.0.113.7'): number =>
    Array.from({ length: times }, () => counts.admit(client, 10, MINUTE)).filter((each) => each.admitted).length;

  it('hold over two replicas after one exchange', async () => {
    const [one, two] = [replica(), replica()];
    expect([admitted(one, 6), admitted(two, 3)]).toEqual([6, 3]);
    await one.exchange();
    await two.exchange();
    expect(admitted(two, 5)).toBe(1);
    await two.exchange();
    expect(admitted(one, 5)).toBe(4);
    expect(two.admit('address 203.0.113.7', 10, MINUTE).admitted).toBe(false);
  });

  it('are apart for each caller, and no address is stored', async () => {
    const counts = replica();
    expect([admitted(counts, 12, 'address 203.0.113.7'), admitted(counts, 12, 'address 203.0.113.8')]).toEqual([
      10, 10,
    ]);
    await counts.exchange();
    const rows: { client: string }[] = await dataSource.query('SELECT client FROM client_counts');
    expect(rows).toHaveLength(2);
    expect(JSON.stringify(rows)).not.toContain('203.0.113');
  });

  it('say how long to wait, and admit again after it', async () => {
    const counts = replica();
    admitted(counts, 10);
    const refused = counts.admit('address 203.0.113.7', 10, MINUTE);
    expect(refused.admitted).toBe(false);
    await clock.advance(refused.waitMs + 1);
    expect(admitted(counts, 1)).toBe(1);
  });

  it('stay with each replica while PostgreSQL is away, and are told to the others when it is back', async () => {
    const repository = new ClientCountRepository(new UnitOfWork(dataSource));
    let isAway = true;
    const flaky = {
      add: (...given: Parameters<ClientCountRepository['add']>) =>
        isAway ? Promise.reject(new Error('away')) : repository.add(...given),
    };
    const counts = new ClientCounts(flaky as ClientCountRepository, metrics, clock);
    expect(admitted(counts, 6)).toBe(6);
    expect(await counts.exchange()).toBe(false);
    expect(admitted(counts, 6)).toBe(4);
    isAway = false;
    expect(await counts.exchange()).toBe(true);
    const other = replica();
    admitted(other, 1);
    await other.exchange();
    expect(admitted(other, 5)).toBe(0);
  });

  it('keep only what is still read', async () => {
    const counts = replica();
    admitted(counts, 3);
    await counts.exchange();
    await clock.advance(5 * MINUTE);
    admitted(counts, 1);
    await counts.exchange();
    expect(await dataSource.query('SELECT hits FROM client_counts')).toEqual([{ hits: 1 }]);
  });

  it('hold memory down when a flood invents addresses: newcomers share one count', () => {
    const counts = replica();
    const flood = Array.from({ length: 10_500 }, (_, index) => counts.admit(`address ${index}`, 10, MINUTE));
    expect(flood.slice(0, 10_000).every((each) => each.admitted)).toBe(true);
    expect(flood.slice(10_000).filter((each) => each.admitted)).toHaveLength(10);
  });
});

describe('a service that limits its callers', () => {
  let app: AccessApp;

  beforeAll(async () => {
    const environment = {
      AUTH_TOKENS,
      CLIENT_REQUESTS_PER_MINUTE: '20',
      CLIENT_CHANGES_PER_MINUTE: '5',
      TRUSTED_PROXY_HOPS: '1',
    };
    app = await AccessApp.start({ environment });
  });
  afterAll(() => app.stop());

  const statuses = async (times: number, ask: () => Promise<Response>): Promise<number[]> => {
    const seen: number[] = [];
    for (let index = 0; index < times; index += 1) seen.push((await ask()).status);
    return seen;
  };

  it('answers 429 with the time to wait to the caller who asks too often, and to nobody else', async () => {
    const seen = await statuses(25, () => app.as('read', '/api/v1/trust-pack'));
    expect([seen.filter((status) => status === 200).length, seen.at(-1)]).toEqual([20, 429]);
    const refused = await app.as('read', '/api/v1/trust-pack');
    expect(refused.headers.get('content-type')).toContain('application/problem+json');
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
    const problem = (await refused.json()) as { code: string; retry_after_seconds: number };
    expect(problem.code).toBe('access/too-many-requests');
    expect((await app.as('admin', '/api/v1/trust-pack')).status).toBe(200);
    expect((await app.fetch('/livez')).status).toBe(200);
  });

  it('counts changes apart from reads', async () => {
    const seen = await statuses(7, () => app.as('sync', '/api/v1/tasks/sync', { method: 'POST' }));
    expect(seen).toEqual([202, 202, 202, 202, 202, 429, 429]);
    expect((await app.as('sync', '/api/v1/trust-pack')).status).toBe(200);
  });

  it('limits those whom it refuses, each address by itself', async () => {
    const ask = (address: string) => () =>
      app.fetch('/api/v1/trust-pack', { headers: { authorization: 'Bearer guess', 'x-forwarded-for': address } });
    const seen = await statuses(22, ask('203.0.113.1'));
    expect([seen[0], seen.at(-1)]).toEqual([401, 429]);
    expect(await statuses(1, ask('203.0.113.2'))).toEqual([401]);
  });

  it('limits an IPv6 caller by the network that it owns', async () => {
    const ask = (address: string) => () => app.fetch('/api/v1/trust-pack', { headers: { 'x-forwarded-for': address } });
    for (let host = 1; host <= 20; host += 1) await ask(`2001:db8:1:2::${host}`)();
    expect(await statuses(1, ask('2001:db8:1:2:ffff::1'))).toEqual([429]);
    expect(await statuses(1, ask('2001:db8:1:3::1'))).toEqual([401]);
  });

  it('counts what no route answers', async () => {
    const seen = await statuses(22, () => app.as('admin', '/no/such/route'));
    expect([seen[0], seen.at(-1)]).toEqual([404, 429]);
  });
});
