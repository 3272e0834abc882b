import { Client } from 'pg';
import { type RunningSimulator, startSimulator } from '../simulator';
import { freePort } from '../support/free-port';
import { ServiceProcess } from '../support/service-process';
import { createTestDatabase, type TestDatabase } from '../support/test-database';

jest.setTimeout(300_000);

const REPLICAS = 8;
const LIMIT_PER_MINUTE = 30;
const INTERVAL_SECONDS = 6;
/** Half as many again as a minute allows: then one whole minute lies behind. */
const REQUESTS = 45;
const WINDOW_MS = 60_000;

interface Pack {
  api_health: { total_calls: number; total_rate_limits: number };
}

describe('eight replicas on one PostgreSQL and one key', () => {
  let database: TestDatabase;
  let simulator: RunningSimulator;
  let client: Client;
  let replicas: ServiceProcess[] = [];

  beforeAll(async () => {
    database = await createTestDatabase();
    simulator = await startSimulator({ port: 0, ratePerMinute: LIMIT_PER_MINUTE });
    client = new Client({ connectionString: database.url });
    await client.connect();
    const minutes = String(INTERVAL_SECONDS / 60);
    const environment = {
      TAOSTATS_API_KEY: 'tao-test-key:00000000',
      TAOSTATS_BASE_URL: simulator.url,
      ALLOW_INSECURE_UPSTREAM: 'true',
      TAOSTATS_RATE_LIMIT_PER_MINUTE: String(LIMIT_PER_MINUTE),
      DATABASE_URL: database.url,
      PRICE_REFRESH_MINUTES: minutes,
      POOLS_REFRESH_MINUTES: minutes,
      SUBNETS_REFRESH_MINUTES: minutes,
    };
    const ports = await Promise.all(Array.from({ length: REPLICAS }, freePort));
    replicas = await Promise.all(ports.map((port) => ServiceProcess.start(port, environment)));
    while (simulator.log().length < REQUESTS) await new Promise((wake) => setTimeout(wake, 100));
    await Promise.all(replicas.slice(1).map((replica) => replica.stop()));
  });

  afterAll(async () => {
    await Promise.all(replicas.map((replica) => replica.stop()));
    await client.end();
    await simulator.close();
    await database.drop();
  });

  it('never send more than the limit in any minute, by the log of the upstream, and are never refused', () => {
    const log = simulator.log();
    const times = log.map(({ atMs }) => atMs).sort((a, b) => a - b);
    const spans = times.slice(LIMIT_PER_MINUTE).map((atMs, index) => atMs - (times[index] ?? 0));
    expect(spans.length).toBeGreaterThanOrEqual(REQUESTS - LIMIT_PER_MINUTE);
    expect(Math.min(...spans)).toBeGreaterThanOrEqual(WINDOW_MS);
    expect(log.filter(({ status }) => status !== 200)).toEqual([]);
  });

  it('share the work, and run no slot of a dataset twice', async () => {
    // A slot is over when its run was good; one that the end of its process cut short is made up for at once.
    const { rows } = await client.query<{ gap: number | null }>(
      `SELECT CASE WHEN before IN ('applied', 'confirmed') THEN extract(epoch FROM queued_at - begun)::float8 END AS gap
         FROM (SELECT queued_at, lag(started_at) OVER runs AS begun, lag(state) OVER runs AS before FROM sync_runs
                WHERE dataset IN ('tao_price', 'pools', 'subnets') AND started_at IS NOT NULL
               WINDOW runs AS (PARTITION BY dataset ORDER BY id)) AS slots`,
    );
    const gaps = rows.flatMap(({ gap }) => gap ?? []);
    expect(gaps.length).toBeGreaterThan(3);
    expect(Math.min(...gaps)).toBeGreaterThanOrEqual(INTERVAL_SECONDS);
    const { rows: owners } = await client.query('SELECT DISTINCT owner FROM sync_runs WHERE owner IS NOT NULL');
    expect(owners.length).toBeGreaterThan(1);
  });

  it('store each answer once', async () => {
    const { rows } = await client.query(
      `SELECT r.id FROM sync_runs r JOIN pool_history h ON h.run_id = r.id
        WHERE r.dataset = 'pools' GROUP BY r.id, r.rows_changed HAVING count(*) <> r.rows_changed`,
    );
    expect(rows).toEqual([]);
  });

  it('count together: what the last one says of calls is what the upstream saw', async () => {
    const [last] = replicas;
    const pack = await last?.until<Pack>('/api/v1/trust-pack', ({ api_health }) => {
      return api_health.total_calls === simulator.log().length;
    });
    expect(pack?.api_health.total_rate_limits).toBe(0);
  });
});
