import { Webhook } from 'standardwebhooks';
import type { AlertGroup } from '../../src/alerts/alert-group';
import { AlertOutboxRepository } from '../../src/database';
import { AlertReceiver, type ReceivedPost } from '../support/alert-receiver';
import { AlertRig, finding } from '../support/alert-rig';

const SECRET = `whsec_${Buffer.alloc(32, 3).toString('base64')}`;
const NEXT_SECRET = `whsec_${Buffer.alloc(32, 5).toString('base64')}`;
const MINUTE = 60;
const HOUR = 3600;

interface View {
  key: string;
  resolved_at: string | null;
  notifications: number;
  notified_at: string | null;
  next_notification_at: string | null;
  muted_until: string | null;
}

interface Delivery {
  id: string;
  message_id: string;
  channel: string;
  kind: string;
  attempts: number;
  status: string;
  http_status: number | null;
  error_code: string | null;
  next_attempt_at: string | null;
}

const dataOf = ({ body }: ReceivedPost): AlertGroup => (JSON.parse(body) as { data: AlertGroup }).data;

describe('alerts', () => {
  let receiver: AlertReceiver;
  let rig: AlertRig;

  beforeEach(async () => {
    receiver = await AlertReceiver.start();
    rig = await AlertRig.start({ ALERT_WEBHOOK_URLS: `ops=${receiver.url()}`, ALERT_WEBHOOK_SECRETS: SECRET });
  });

  afterEach(async () => {
    await rig.stop();
    await receiver.stop();
  });

  const alerts = async (): Promise<View[]> => (await rig.ask<{ data: View[] }>('GET', '')).body.data;
  const deliveries = async (): Promise<Delivery[]> =>
    (await rig.ask<{ data: Delivery[] }>('GET', '/deliveries')).body.data;

  it('are signed so that the public library verifies them, and say what is wrong and where to read on', async () => {
    rig.findings = [finding()];
    await rig.look();
    await rig.pass(30);
    const [post] = receiver.take();
    const body = new Webhook(SECRET).verify(post?.body ?? '', post?.headers as Record<string, string>);
    expect(body).toMatchObject({
      type: 'alerts.firing',
      data: {
        status: 'firing',
        severity: 'warning',
        title: 'TAO Treasury: warning: pools is stale.',
        simulated: false,
        firing: [{ key: 'dataset_stale:pools', notification: 1, runbook: 'docs/runbook.md#dataset_stale' }],
      },
    });
    expect(() => new Webhook(NEXT_SECRET).verify(post?.body ?? '', post?.headers as Record<string, string>)).toThrow(
      'No matching signature',
    );
  });

  it('are one message, however many come at once', async () => {
    const storm = Array.from({ length: 500 }, (_, index) =>
      finding({
        key: `dataset_stale:d${index}`,
        subject: `d${index}`,
        severity: index === 499 ? 'critical' : 'warning',
      }),
    );
    rig.findings = storm.slice(0, 200);
    await rig.look();
    rig.clock.ms += 20_000;
    rig.findings = storm;
    await rig.look();
    expect(receiver.take()).toEqual([]);
    await rig.pass(60);
    const posts = receiver.take();
    expect(posts).toHaveLength(1);
    const group = dataOf(posts[0] as ReceivedPost);
    expect(group.title).toBe('TAO Treasury: 1 critical, 499 warning');
    expect(group.firing[0]?.severity).toBe('critical');
    expect(group.firing.length + group.more).toBe(500);
    expect(Buffer.byteLength(posts[0]?.body ?? '')).toBeLessThan(65_536);
  });

  it('come again after an hour, after six more and then daily, and once more when it is over', async () => {
    rig.findings = [finding()];
    await rig.look();
    await rig.pass(30);
    expect(receiver.take()).toHaveLength(1);
    for (const wait of [HOUR, 6 * HOUR, 24 * HOUR, 24 * HOUR]) {
      await rig.pass(wait - 2 * MINUTE);
      expect(receiver.take()).toEqual([]);
      await rig.pass(2 * MINUTE);
      expect(receiver.take()).toHaveLength(1);
    }
    expect(await alerts()).toMatchObject([{ notifications: 5 }]);
    rig.findings = [];
    await rig.pass(2 * MINUTE);
    // Five minutes lie between two messages.
    expect(receiver.take()).toEqual([]);
    await rig.pass(3 * MINUTE);
    const posts = receiver.take();
    expect(posts).toHaveLength(1);
    expect(dataOf(posts[0] as ReceivedPost)).toMatchObject({
      status: 'resolved',
      title: 'TAO Treasury: resolved: dataset_stale:pools',
      resolved: [{ key: 'dataset_stale:pools', notification: 5 }],
    });
    await rig.pass(48 * HOUR);
    expect(receiver.take()).toEqual([]);
    expect(await alerts()).toMatchObject([{ next_notification_at: null, resolved_at: expect.any(String) as string }]);
  });

  it('that are muted are listed and not sent; when the muting ends they are', async () => {
    rig.findings = [finding()];
    await rig.look();
    const muted = await rig.ask<{ data: View }>('POST', '/dataset_stale:pools/mute', { minutes: 60 });
    expect(muted.status).toBe(200);
    expect(muted.body.data.muted_until).toBe(new Date(rig.clock.ms + HOUR * 1000).toISOString());
    expect(muted.body.data.next_notification_at).toBe(muted.body.data.muted_until);
    await rig.pass(50 * MINUTE);
    expect(receiver.take()).toEqual([]);
    expect(await alerts()).toMatchObject([{ notifications: 0, resolved_at: null }]);
    expect((await rig.ask<{ data: View }>('DELETE', '/dataset_stale:pools/mute')).body.data.muted_until).toBeNull();
    await rig.look();
    expect(receiver.take()).toHaveLength(1);
  });

  it('are tried again after 5 s and 5 min, as late as the receiver asks for, with the same id', async () => {
    receiver.answerNext({ status: 500 }, { status: 503, headers: { 'retry-after': '1800' } });
    rig.findings = [finding()];
    await rig.look();
    await rig.pass(30);
    expect(await deliveries()).toMatchObject([{ attempts: 1, status: 'pending', error_code: 'delivery/http-500' }]);
    await rig.pass(10);
    const [second] = await deliveries();
    expect(second).toMatchObject({ attempts: 2, status: 'pending', http_status: 503 });
    expect(Date.parse(second?.next_attempt_at ?? '') - rig.clock.ms).toBe(1_800_000);
    await rig.pass(29 * MINUTE);
    expect(receiver.received).toHaveLength(2);
    await rig.pass(2 * MINUTE);
    const ids = receiver.take().map(({ headers }) => headers['webhook-id']);
    expect(ids).toHaveLength(3);
    expect(new Set(ids).size).toBe(1);
    expect(await deliveries()).toMatchObject([{ attempts: 3, status: 'delivered', http_status: 200 }]);
    expect(await rig.metric(/^tao_alert_deliveries_total\{kind="webhook",outcome="retried"\}/)).toMatch(/ 2$/);
  });

  it('that wait are counted for Prometheus, but not those for a channel that is configured no more', async () => {
    receiver.answerNext({ status: 500 });
    rig.findings = [finding()];
    await rig.look();
    await rig.pass(30);
    await rig.planner.plan(rig.findings, true);
    expect(await rig.metric(/^tao_alert_deliveries_waiting 1$/)).toBeDefined();
    const other = await AlertRig.start({ ALERT_SLACK_URLS: `other=${receiver.url()}` }, rig);
    await other.planner.plan(rig.findings, true);
    expect(await other.metric(/^tao_alert_deliveries_waiting 0$/)).toBeDefined();
    await other.stop({ keepDatabase: true });
  });

  it('have failed for good after nine attempts, and the log says so', async () => {
    receiver.answerNext(...Array.from({ length: 9 }, () => ({ status: 500 })));
    rig.findings = [finding({ key: 'nav_incomplete', code: 'nav_incomplete', subject: null })];
    await rig.look();
    await rig.pass(30);
    rig.findings = [];
    for (let attempt = 1; attempt < 9; attempt += 1) {
      rig.clock.ms += 25 * HOUR * 1000;
      await rig.sender.send();
    }
    expect((await deliveries()).find(({ attempts }) => attempts === 9)).toMatchObject({
      status: 'failed',
      error_code: 'delivery/http-500',
      next_attempt_at: null,
    });
  });

  it('that were committed by a process that died are sent once by the next, and those it had taken with the same id', async () => {
    rig.findings = [finding()];
    await rig.planner.plan(rig.findings, true);
    rig.clock.ms += 30_000;
    await rig.planner.plan(rig.findings, true);
    // Died after the commit, and before anything was sent.
    const next = await AlertRig.start(
      { ALERT_WEBHOOK_URLS: `ops=${receiver.url()}`, ALERT_WEBHOOK_SECRETS: SECRET },
      rig,
    );
    await next.sender.send();
    await next.sender.send();
    const [first, ...more] = receiver.take();
    expect(more).toEqual([]);
    // Died with the delivery taken: 60 s later it is taken over, under the same id.
    await next.store.query("UPDATE alert_deliveries SET status = 'pending', next_attempt_at = at");
    const now = new Date(rig.clock.ms);
    const claim = { now, claimedUntil: new Date(now.getTime() + 60_000), limit: 10 };
    const outbox = rig.app.get(AlertOutboxRepository, { strict: false });
    const [claimed] = await outbox.claim(['ops'], claim);
    await next.sender.send();
    expect(receiver.take()).toEqual([]);
    rig.clock.ms += 60_000;
    await next.sender.send();
    const again = receiver.take();
    expect(again.map(({ headers }) => headers['webhook-id'])).toEqual([first?.headers['webhook-id']]);
    // Who was slow and not dead does not overwrite what came of it.
    if (claimed === undefined) throw new Error('nothing was claimed');
    await outbox.settle(claimed, { status: 'failed', nextAttemptAt: null, httpStatus: null, errorCode: 'late' });
    expect(await deliveries()).toMatchObject([{ status: 'delivered' }]);
    await next.stop({ keepDatabase: true });
  });

  it('are planned and sent once by two replicas that look at the same time', async () => {
    const other = await AlertRig.start(
      { ALERT_WEBHOOK_URLS: `ops=${receiver.url()}`, ALERT_WEBHOOK_SECRETS: SECRET },
      rig,
    );
    rig.findings = other.findings = [finding()];
    await Promise.all([rig.look(), other.look()]);
    rig.clock.ms += 30_000;
    await Promise.all([rig.look(), other.look()]);
    await Promise.all([rig.look(), other.look()]);
    expect(receiver.take()).toHaveLength(1);
    await other.stop({ keepDatabase: true });
  });

  it('are waited for together, also where one cannot be written down', async () => {
    const two = await AlertRig.start({ ALERT_SLACK_URLS: `one=${receiver.url()},two=${receiver.url()}` }, rig);
    two.findings = [finding()];
    await two.planner.plan(two.findings, true);
    rig.clock.ms += 30_000;
    await two.planner.plan(two.findings, true);
    let written = false;
    const settle = jest.spyOn(two.app.get(AlertOutboxRepository, { strict: false }), 'settle');
    settle.mockRejectedValueOnce(new Error('the connection was lost'));
    settle.mockImplementationOnce(async () => {
      await new Promise((turn) => setImmediate(turn));
      written = true;
    });
    await expect(two.sender.send()).rejects.toThrow('the connection was lost');
    expect(written).toBe(true);
    await two.stop({ keepDatabase: true });
  });

  it('go to every channel in its own form, and a receiver that is gone gets no more', async () => {
    await rig.stop();
    rig = await AlertRig.start({
      ALERT_WEBHOOK_URLS: receiver.url('/hook'),
      ALERT_WEBHOOK_SECRETS: `${SECRET},${NEXT_SECRET}`,
      ALERT_SLACK_URLS: receiver.url('/services/T/B/slack'),
      ALERT_DISCORD_URLS: receiver.url('/api/webhooks/1/discord'),
      ALERT_TELEGRAM_URLS: receiver.url('/bot12:canary/sendMessage?chat_id=-100'),
    });
    rig.findings = [finding({ message: 'Pool <1> & *pools* @everyone.' })];
    await rig.look();
    await rig.pass(30);
    const by = new Map(receiver.take().map((post) => [post.path, post]));
    const jsonOf = (path: string): Record<string, unknown> =>
      JSON.parse(by.get(path)?.body ?? '{}') as Record<string, unknown>;
    expect(by.get('/hook')?.headers['webhook-signature']).toMatch(/^v1,\S+ v1,\S+$/);
    new Webhook(NEXT_SECRET).verify(by.get('/hook')?.body ?? '', by.get('/hook')?.headers as Record<string, string>);
    expect(jsonOf('/services/T/B/slack')['text']).toContain('Pool &lt;1&gt; &amp; *pools*');
    expect(jsonOf('/api/webhooks/1/discord')).toMatchObject({
      content: expect.stringContaining('\\*pools\\* \\@everyone') as string,
      allowed_mentions: { parse: [] },
    });
    expect(jsonOf('/bot12:canary/sendMessage')).toMatchObject({
      chat_id: '-100',
      text: expect.stringContaining('Pool <1> & *pools* @everyone.') as string,
    });
    receiver.answerNext(...Array.from({ length: 4 }, () => ({ status: 410 })));
    await rig.pass(HOUR);
    expect(receiver.take()).toHaveLength(4);
    const { body } = await rig.ask<{ data: { name: string; enabled: boolean; target: string }[] }>('GET', '/channels');
    expect(body.data.map(({ name, enabled }) => [name, enabled])).toEqual([
      ['webhook', false],
      ['slack', false],
      ['discord', false],
      ['telegram', false],
    ]);
    expect(JSON.stringify(body)).not.toMatch(/canary|services|chat_id/);
    await rig.pass(6 * HOUR);
    expect(receiver.take()).toEqual([]);
    await rig.ask('POST', '/channels/slack/test');
    receiver.take();
    await rig.pass(24 * HOUR);
    expect(receiver.take().map(({ path }) => path)).toEqual(['/services/T/B/slack']);
  });

  it('that come and go do not nag: coming back within the hour is no news', async () => {
    rig.findings = [finding()];
    await rig.look();
    await rig.pass(30);
    expect(receiver.take()).toHaveLength(1);
    for (let flap = 0; flap < 3; flap += 1) {
      rig.findings = [];
      await rig.pass(2 * MINUTE);
      rig.findings = [finding()];
      await rig.pass(2 * MINUTE);
    }
    expect(receiver.take().length).toBeLessThanOrEqual(1);
  });

  it('tell at once what becomes critical, and nothing of what was over before its group was', async () => {
    rig.findings = [finding(), finding({ key: 'cache_down', code: 'cache_down', subject: null })];
    await rig.look();
    rig.findings = [finding()];
    await rig.pass(50);
    expect(dataOf(receiver.take()[0] as ReceivedPost).firing.map(({ key }) => key)).toEqual(['dataset_stale:pools']);
    rig.findings = [finding({ severity: 'critical' })];
    await rig.pass(40);
    expect(receiver.take().map((post) => dataOf(post).severity)).toEqual(['critical']);
    rig.findings = [finding({ severity: 'warning' })];
    await rig.pass(2 * MINUTE);
    rig.findings = [finding({ severity: 'critical' })];
    await rig.pass(2 * MINUTE);
    expect(receiver.take()).toEqual([]);
  });

  it('are announced on the live stream when they begin, change and end', async () => {
    rig.findings = [finding()];
    await rig.look();
    await rig.pass(30);
    await rig.ask('POST', '/dataset_stale:pools/mute', { minutes: 5 });
    rig.findings = [];
    await rig.pass(70);
    const events = await rig.store.query<{ body: Record<string, unknown> }[]>(
      "SELECT body FROM live_events WHERE kind = 'alert' ORDER BY id",
    );
    expect(events.map(({ body }) => [body['key'], body['notified_at'] !== null, body['resolved_at'] !== null])).toEqual(
      [
        ['dataset_stale:pools', false, false],
        ['dataset_stale:pools', true, false],
        ['dataset_stale:pools', true, false],
        ['dataset_stale:pools', true, true],
      ],
    );
  });

  it('are forgotten a week after their end, after a day if nobody was told, and their messages after a month', async () => {
    rig.findings = [finding(), finding({ key: 'upstream_paused', code: 'upstream_paused', severity: 'notice' })];
    await rig.look();
    await rig.pass(30);
    rig.findings = [];
    await rig.pass(10 * MINUTE);
    await rig.pass(MINUTE);
    const keys = async (): Promise<string[]> => (await alerts()).map(({ key }) => key);
    const after = async (days: number): Promise<string[]> => {
      rig.clock.ms += days * 24 * HOUR * 1000;
      await rig.planner.prune();
      return keys();
    };
    expect(await after(0)).toHaveLength(2);
    expect(await after(2)).toEqual(['dataset_stale:pools']);
    expect(await after(6)).toEqual([]);
    expect(await deliveries()).toHaveLength(2);
    await after(23);
    expect(await deliveries()).toEqual([]);
  });

  it('tell nobody while there is no channel, and keep the list', async () => {
    await rig.stop();
    rig = await AlertRig.start({});
    rig.findings = [finding()];
    await rig.look();
    await rig.pass(60);
    expect(await alerts()).toMatchObject([{ notified_at: null, next_notification_at: null }]);
    expect(await deliveries()).toEqual([]);
  });
});
