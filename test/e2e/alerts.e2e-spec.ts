import { Client } from 'pg';
import { Webhook } from 'standardwebhooks';
import { AlertReceiver } from '../support/alert-receiver';
import { freePort } from '../support/free-port';
import { ServiceProcess } from '../support/service-process';
import { createTestDatabase, type TestDatabase } from '../support/test-database';

const SECRET = `whsec_${Buffer.alloc(32, 3).toString('base64')}`;

interface Deliveries {
  data: { status: string; attempts: number; message_id: string }[];
}

describe('an alert that is being sent when its process is killed', () => {
  let database: TestDatabase;
  let receiver: AlertReceiver;
  let service: ServiceProcess;

  beforeAll(async () => {
    database = await createTestDatabase();
    receiver = await AlertReceiver.start();
    receiver.answerNext({ status: 0 });
    service = await ServiceProcess.start(await freePort(), {
      TAOSTATS_API_KEY: 'tao-test-key:00000000',
      // Nobody listens there, nor where Redis should be: that is what the alert is about.
      TAOSTATS_BASE_URL: `http://127.0.0.1:${await freePort()}`,
      ALLOW_INSECURE_UPSTREAM: 'true',
      REDIS_URL: `redis://127.0.0.1:${await freePort()}`,
      DATABASE_URL: database.url,
      ALERT_ALLOW_PRIVATE_TARGETS: 'true',
      ALERT_GROUP_SECONDS: '0',
      ALERT_WEBHOOK_URLS: `ops=${receiver.url()}`,
      ALERT_WEBHOOK_SECRETS: SECRET,
    });
  });

  afterAll(async () => {
    await service.stop();
    await receiver.stop();
    await database.drop();
  });

  it('is sent once more by the next process, with the same id', async () => {
    const first = await receiver.next();
    expect(new Webhook(SECRET).verify(first.body, first.headers as Record<string, string>)).toMatchObject({
      type: 'alerts.firing',
    });
    await service.kill();
    // A minute passes, after which what the dead process had taken is free again.
    await runSql(database.url, 'UPDATE alert_deliveries SET claimed_until = clock_timestamp()');
    await service.restart();
    const again = await receiver.next();
    expect(again.headers['webhook-id']).toBe(first.headers['webhook-id']);
    expect(again.body).toBe(first.body);
    const { data } = await service.until<Deliveries>('/api/v1/alerts/deliveries', (body) =>
      body.data.some(({ status }) => status === 'delivered'),
    );
    expect(data.filter(({ message_id: id }) => id === first.headers['webhook-id'])).toMatchObject([
      { status: 'delivered', attempts: 2 },
    ]);
  });
});

async function runSql(url: string, statement: string): Promise<void> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    await client.query(statement);
  } finally {
    await client.end();
  }
}
