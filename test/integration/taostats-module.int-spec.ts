import { Logger } from '@nestjs/common';
import { Test, type TestingModule } from '@nestjs/testing';
import { ConfigModule } from '../../src/config';
import { DatabaseModule, DatabaseReadiness } from '../../src/database';
import { MetricsLedger, MetricsModule, UpstreamGauge } from '../../src/metrics';
import { ENDPOINTS, TaostatsClient, TaostatsModule } from '../../src/taostats';
import { EvilServer, json, rows } from '../support/evil-server';
import { eventually } from '../support/taostats-rig';
import { type TestDatabase, createTestDatabase } from '../support/test-database';

const KEY = 'tao-canary-key:12345678';

describe('the TaoStats module on a real database', () => {
  let database: TestDatabase;
  let evil: EvilServer;
  let app: TestingModule;
  const lines: unknown[] = [];

  beforeAll(async () => {
    const keep = (...parts: unknown[]): void => void lines.push(parts);
    [database, evil] = await Promise.all([createTestDatabase(), EvilServer.start()]);
    app = await Test.createTestingModule({
      imports: [
        ConfigModule.register({
          TAOSTATS_API_KEY: KEY,
          TAOSTATS_BASE_URL: evil.url,
          ALLOW_INSECURE_UPSTREAM: 'true',
          DATABASE_URL: database.url,
        }),
        MetricsModule,
        DatabaseModule.register(),
        TaostatsModule,
      ],
    })
      .setLogger({ log: keep, warn: keep, error: keep, debug: keep })
      .compile();
    await app.init();
    await app.get(DatabaseReadiness).whenReady();
  });

  afterAll(async () => {
    await app.close();
    await evil.close();
    await database.drop();
    Logger.overrideLogger(['log', 'warn', 'error']);
  });

  it('fetches, counts, and shows where it stands', async () => {
    evil.play(rows([{ netuid: 64, tao_flow: '1' }]));
    const fetched = await app.get(TaostatsClient).fetchAll(ENDPOINTS.taoFlows, {
      priority: 'interactive',
      deadlineMs: 5000,
      query: { netuid: 64 },
    });
    expect(fetched).toMatchObject({ rows: [{ netuid: 64, tao_flow: '1' }], calls: 1, origin: 'network' });
    const gauge = app.get(UpstreamGauge);
    await eventually(() => gauge.upstreamSnapshot()?.usedInWindow === 1);
    expect(gauge.upstreamSnapshot()).toMatchObject({
      limitPerMinute: 60,
      learnedLimit: 60,
      blockedUntil: null,
      keyState: 'ok',
      breakers: [{ scope: 'subnet', state: 'closed' }],
    });
    const [totals] = [...app.get(MetricsLedger).peek().minutes.values()];
    expect(totals?.api['/api/dtao/tao_flow/v1']).toMatchObject({ calls: 1, ok: 1, errors: 0 });
  });

  it('logs one line for every attempt, and the key in none', async () => {
    lines.length = 0;
    evil.play(json({ message: `bad key ${KEY}` }, 400));
    await expect(
      app.get(TaostatsClient).fetchAll(ENDPOINTS.pools, { priority: 'interactive', deadlineMs: 5000 }),
    ).rejects.toMatchObject({ code: 'taostats/bad-request' });
    const attempts = lines
      .map((line) => JSON.stringify(line))
      .filter((line) => line.includes('TaoStats attempt failed'));
    expect(attempts).toHaveLength(1);
    expect(attempts[0]).toContain('"status":400');
    expect(JSON.stringify(lines)).not.toContain('canary');
  });
});
