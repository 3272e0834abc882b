import { createClient } from 'redis';
import { startRedis } from '../support/redis-server';
import { connect, createTestDatabase } from '../support/test-database';
import { testSettings } from '../support/test-settings';

describe('the test harness', () => {
  it('gives every suite a migrated database of its own and takes it away', async () => {
    const [one, two] = await Promise.all([createTestDatabase(), createTestDatabase()]);
    const dataSource = await connect(one);
    await dataSource.query('CREATE TABLE only_here (id int)');
    const other = await connect(two);
    const [found] = await other.query<{ name: string | null }[]>("SELECT to_regclass('only_here')::text AS name");
    const [schema] = await other.query<{ name: string | null }[]>(
      "SELECT to_regclass('schema_migrations')::text AS name",
    );
    expect([found?.name, schema?.name]).toEqual([null, 'schema_migrations']);
    await dataSource.destroy();
    await other.destroy();
    await one.drop();
    await two.drop();
    await expect(connect(one)).rejects.toThrow('does not exist');
  });

  it('gives a Redis that can be killed and brought back on the same address', async () => {
    const redis = await startRedis();
    if (redis === null) return;
    const ping = async (): Promise<string> => {
      const client = createClient({ url: redis.url, socket: { reconnectStrategy: false } });
      client.on('error', () => undefined);
      await client.connect();
      const answer = await client.ping();
      await client.disconnect();
      return answer;
    };
    expect(await ping()).toBe('PONG');
    await redis.kill();
    await expect(ping()).rejects.toThrow();
    await redis.restart();
    expect(await ping()).toBe('PONG');
    await redis.stop();
  });

  it('gives settings with the defaults of the service and the overrides of the test', () => {
    const settings = testSettings({ apiMaxRetries: 1 });
    expect([settings.apiMaxRetries, settings.apiMaxBackoffSeconds]).toEqual([1, 60]);
  });
});
