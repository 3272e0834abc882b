import { TcpRelay } from '../support/tcp-relay';
import { createTestDatabase, type TestDatabase } from '../support/test-database';
import { TreasuryWorld } from '../support/treasury-world';

interface Run {
  state: string;
  reason_code: string | null;
}

describe('a service whose PostgreSQL goes away', () => {
  let database: TestDatabase;
  let relay: TcpRelay;
  let world: TreasuryWorld;

  beforeAll(async () => {
    database = await createTestDatabase();
    relay = await TcpRelay.start(database.url);
    world = await TreasuryWorld.start({ DATABASE_URL: relay.url });
    await world.firstSync();
  });

  afterAll(async () => {
    await world.stop();
    await relay.stop();
    await database.drop();
  });

  it('lives on in the middle of a run, closes the run when PostgreSQL is back, and goes on by itself', async () => {
    await world.fault({ match: '/api/dtao/pool/latest', times: 1, fault: { kind: 'latency', ms: 1_000 } });
    const { run_ids: ids } = await world.service.json<{ run_ids: string[] }>('/api/v1/tasks/sync?datasets=pools', {
      method: 'POST',
    });
    const path = `/api/v1/runs/${ids[0]}`;
    await world.service.until<Run>(path, (run) => run.state === 'running');
    await relay.cut();
    await world.service.until('/livez', () => true);
    await world.service.until<{ msg: string }>('/livez', () =>
      world.service.log().some((line) => String(line['msg']).includes('could not look')),
    );
    await relay.restore();
    const run = await world.service.until<Run>(path, (candidate) => candidate.state !== 'running');
    expect(['applied', 'confirmed', 'failed']).toContain(run.state);
    const again = await world.sync('pools');
    expect(['applied', 'confirmed']).toContain(again.state);
  });
});
