import { AlertReceiver } from '../support/alert-receiver';
import { AlertRig, finding } from '../support/alert-rig';

const SECRET = `whsec_${Buffer.alloc(32, 3).toString('base64')}`;

interface Problem {
  code: string;
  detail: string;
  errors?: { field: string; message: string }[];
}

describe('the routes of alerts', () => {
  let receiver: AlertReceiver;
  let rig: AlertRig;

  beforeAll(async () => {
    receiver = await AlertReceiver.start();
    rig = await AlertRig.start({ ALERT_WEBHOOK_URLS: `ops=${receiver.url()}`, ALERT_WEBHOOK_SECRETS: SECRET });
    rig.findings = [
      finding({ since: new Date(rig.clock.ms - 60_000) }),
      finding({ key: 'database_down', code: 'database_down', subject: null, severity: 'critical' }),
      finding({
        key: 'upstream_plan_gated:/api/a b',
        code: 'upstream_plan_gated',
        subject: '/api/a b',
        severity: 'notice',
      }),
      finding({ key: 'upstream_paused', code: 'upstream_paused', subject: null, severity: 'notice' }),
    ];
    await rig.look();
  });

  afterAll(async () => {
    await rig.stop();
    await receiver.stop();
  });

  it('list the worst first, with when it began and when it is told next', async () => {
    const { body, headers } = await rig.ask<{ data: object[]; meta: object }>('GET', '');
    expect(headers['cache-control']).toBe('no-store');
    expect(body.meta).toEqual({
      as_of: new Date(rig.clock.ms).toISOString(),
      source: 'taostats',
      simulated: false,
      channels: 1,
      min_severity: 'warning',
    });
    const dueAt = new Date(rig.clock.ms + 30_000).toISOString();
    expect(body.data).toMatchObject([
      { key: 'database_down' },
      {},
      { key: 'upstream_paused', next_notification_at: null },
      { key: 'upstream_plan_gated:/api/a b' },
    ]);
    expect(body.data[1]).toEqual({
      key: 'dataset_stale:pools',
      code: 'dataset_stale',
      subject: 'pools',
      severity: 'warning',
      message: 'pools is stale.',
      since: new Date(rig.clock.ms - 60_000).toISOString(),
      resolved_at: null,
      notified_at: null,
      next_notification_at: dueAt,
      notifications: 0,
      muted_until: null,
      runbook: 'docs/runbook.md#dataset_stale',
    });
  });

  it('mute until a moment as well as for minutes', async () => {
    const until = new Date(rig.clock.ms + 7_200_000).toISOString();
    const { status, body } = await rig.ask<object>('POST', '/database_down/mute', { until });
    expect(status).toBe(200);
    expect(body).toMatchObject({ data: { key: 'database_down', muted_until: until } });
  });

  it('mute an alert whose key has what paths are made of', async () => {
    const key = 'upstream_plan_gated:/api/a b';
    const { body } = await rig.ask<object>('POST', `/${encodeURIComponent(key)}/mute`, { minutes: 1 });
    expect(body).toMatchObject({ data: { key, muted_until: new Date(rig.clock.ms + 60_000).toISOString() } });
  });

  it.each([
    [{}, 'minutes', 'one of them must be given'],
    [{ minutes: 5, until: '2030-01-01T00:00:00Z' }, 'minutes', 'one of them must be given'],
    [{ minutes: 0 }, 'minutes', 'must be a whole number from 1 to 43200'],
    [{ minutes: 1.5 }, 'minutes', 'must be a whole number'],
    [{ until: '2020-01-01T00:00:00Z' }, 'until', 'must be in the future'],
    [{ until: '2099-01-01T00:00:00Z' }, 'until', 'must be within 30 days'],
    [{ until: 'tomorrow' }, 'until', 'must be a date'],
    [{ hours: 1 }, 'hours', 'accepted: minutes, until'],
  ])('refuse to mute with %j', async (request, field, message) => {
    const { status, body } = await rig.ask<Problem>('POST', '/database_down/mute', request);
    expect(status).toBe(400);
    expect(body.code).toBe('request/invalid-body');
    expect(body.errors).toEqual([{ field, message: expect.stringContaining(message) as string }]);
  });

  it.each([
    ['POST', '/nothing/mute', { minutes: 1 }],
    ['DELETE', '/nothing/mute', undefined],
  ] as const)('say that there is no such alert: %s %s', async (method, path, request) => {
    const { status, body } = await rig.ask<Problem>(method, path, request);
    expect([status, body.code]).toEqual([404, 'alerts/not-found']);
  });

  it('name the channels that there are when one is asked for that is not', async () => {
    const { status, body } = await rig.ask<Problem>('POST', '/channels/nobody/test');
    expect([status, body.code]).toEqual([404, 'alerts/no-such-channel']);
    expect(body.detail).toBe('No channel nobody; there are: ops');
  });

  it('send a real test and answer what came of it, whatever it was', async () => {
    const sent = await rig.ask<{ data: object; message: string }>('POST', '/channels/ops/test');
    expect(sent.status).toBe(200);
    expect(sent.body).toMatchObject({ data: { status: 'delivered', http_status: 200, kind: 'test' } });
    expect(JSON.parse(receiver.take()[0]?.body ?? '')).toMatchObject({ type: 'alerts.test', data: { status: 'test' } });
    receiver.answerNext({ status: 403 });
    expect((await rig.ask<object>('POST', '/channels/ops/test')).body).toMatchObject({
      data: { status: 'failed', http_status: 403, error_code: 'delivery/http-403', next_attempt_at: null },
      message: 'the receiver answered 403',
    });
    await rig.sender.send();
    expect(receiver.take()).toHaveLength(1);
  });

  it('page through the log without repeating or hiding', async () => {
    interface Page {
      data: { id: string }[];
      next_cursor: string | null;
    }
    for (let test = 0; test < 3; test += 1) await rig.ask('POST', '/channels/ops/test');
    const all = (await rig.ask<Page>('GET', '/deliveries')).body.data.map(({ id }) => id);
    const seen: string[] = [];
    for (let cursor: string | null = ''; cursor !== null;) {
      const query: string = cursor === '' ? '?limit=2' : `?limit=2&cursor=${cursor}`;
      const { body }: { body: Page } = await rig.ask<Page>('GET', `/deliveries${query}`);
      seen.push(...body.data.map(({ id }) => id));
      cursor = body.next_cursor;
    }
    expect(seen).toEqual(all);
    expect(all.length).toBeGreaterThanOrEqual(5);
  });

  it('refuse a cursor of another list', async () => {
    const { status, body } = await rig.ask<Problem>('GET', '/deliveries?cursor=abc');
    expect([status, body.code]).toEqual([400, 'request/invalid-cursor']);
  });
});
