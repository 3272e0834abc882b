import { createServer, type Server } from 'node:http';
import { type AddressInfo, createServer as createTcpServer, type Server as TcpServer } from 'node:net';
import { guardedPost, type PostOptions } from '../../src/alerts/guarded-post';
import { type Resolve, TargetRefusedError } from '../../src/common';
import { AlertReceiver } from '../support/alert-receiver';
import { AlertRig } from '../support/alert-rig';

const SECRET = `whsec_${Buffer.alloc(32, 3).toString('base64')}`;

/** A name server that says for every name, question by question, what the test wants it to say. */
function names(...answers: string[][]): Resolve {
  const left = [...answers];
  return (_name, _options, callback) => {
    const addresses = left.length > 1 ? left.shift() : left[0];
    callback(
      null,
      (addresses ?? []).map((address) => ({ address, family: address.includes(':') ? 6 : 4 })),
    );
  };
}

describe('targets of alerts', () => {
  let receiver: AlertReceiver;

  beforeEach(async () => {
    receiver = await AlertReceiver.start();
  });

  afterEach(() => receiver.stop());

  const post = (url: string, options: Partial<PostOptions> = {}): Promise<string> =>
    guardedPost({ url, headers: {}, body: '{}' }, { allowPrivate: false, ...options }).then(
      ({ status }) => String(status),
      (error: unknown) =>
        error instanceof TargetRefusedError ? error.rule : String((error as { code?: string }).code),
    );

  it.each([
    ['http://127.0.0.1:PORT/', 'target/loopback-address'],
    ['http://2130706433:PORT/', 'target/loopback-address'],
    ['http://0x7f.1:PORT/', 'target/loopback-address'],
    ['http://[::ffff:127.0.0.1]:PORT/', 'target/loopback-address'],
    ['http://[::1]:PORT/', 'target/loopback-address'],
    ['http://localhost:PORT/', 'target/loopback-address'],
    ['https://localhost:PORT/', 'target/loopback-address'],
    ['https://10.0.0.1/', 'target/private-address'],
    ['https://192.168.0.1/', 'target/private-address'],
    ['https://[fd00::1]/', 'target/private-address'],
    ['http://169.254.169.254/latest/meta-data/', 'target/metadata-address'],
    ['https://[fe80::1]/', 'target/link-local-address'],
    ['https://0.0.0.0:PORT/', 'target/reserved-address'],
    ['http://93.184.216.34/', 'target/not-https'],
  ])('%s is refused by %s, and nothing is sent', async (url, rule) => {
    expect(await post(url.replace('PORT', String(receiver.port)))).toBe(rule);
    expect(receiver.received).toEqual([]);
  });

  it.each([
    ['http', ['127.0.0.1'], 'target/loopback-address'],
    ['https', ['::ffff:127.0.0.1'], 'target/loopback-address'],
    ['https', ['93.184.216.34', '10.0.0.1'], 'target/private-address'],
    ['https', ['169.254.169.254'], 'target/metadata-address'],
    ['https', ['64:ff9b::a9fe:a9fe'], 'target/metadata-address'],
    ['http', ['93.184.216.34'], 'target/not-https'],
  ])('%s to a name that resolves to %j is refused by %s', async (scheme, addresses, rule) => {
    const url = `${scheme}://hooks.example:${receiver.port}/`;
    expect(await post(url, { resolve: names(addresses) })).toBe(rule);
    expect(receiver.received).toEqual([]);
  });

  it('the address that is spoken to is the one that was judged: a name is looked up once', async () => {
    const url = `http://hooks.example:${receiver.port}/`;
    const resolve = names(['127.0.0.1'], ['169.254.169.254']);
    expect(await post(url, { resolve, allowPrivate: true })).toBe('200');
    expect(await post(url, { resolve, allowPrivate: true })).toBe('target/metadata-address');
    expect(receiver.received).toHaveLength(1);
  });

  it.each([301, 302, 307, 308])('a redirect (%i) is an answer and is not followed', async (status) => {
    receiver.answerNext({ status, headers: { location: receiver.url('/elsewhere') } });
    expect(await post(receiver.url(), { allowPrivate: true })).toBe(String(status));
    expect(receiver.received).toHaveLength(1);
  });

  it('nobody waits for a receiver that never answers', async () => {
    const silent: TcpServer = createTcpServer(() => undefined);
    await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve));
    const url = `http://127.0.0.1:${(silent.address() as AddressInfo).port}/`;
    expect(await post(url, { allowPrivate: true, limitMs: 50 })).toBe('ABORT_ERR');
    silent.close();
  });

  it('an answer without an end is cut off', async () => {
    let ended: () => void = () => undefined;
    const cut = new Promise<void>((resolve) => (ended = resolve));
    const endless: Server = createServer((request, response) => {
      request.resume();
      response.writeHead(200);
      const more = (): void => {
        while (response.write('x'.repeat(4096)) && !response.destroyed);
      };
      response.on('drain', more).on('close', ended);
      more();
    });
    await new Promise<void>((resolve) => endless.listen(0, '127.0.0.1', resolve));
    const url = `http://127.0.0.1:${(endless.address() as AddressInfo).port}/`;
    expect(await post(url, { allowPrivate: true })).toBe('200');
    await cut;
    endless.close();
  });
});

describe('a refused target', () => {
  let receiver: AlertReceiver;
  let rig: AlertRig;

  beforeAll(async () => {
    receiver = await AlertReceiver.start();
    rig = await AlertRig.start({
      ALERT_ALLOW_PRIVATE_TARGETS: 'false',
      ALERT_WEBHOOK_URLS: `ops=http://localhost:${receiver.port}/hooks/canary`,
      ALERT_WEBHOOK_SECRETS: SECRET,
    });
  });

  afterAll(async () => {
    await rig.stop();
    await receiver.stop();
  });

  it('is named with its rule by the list of channels', async () => {
    const { body } = await rig.ask<object>('GET', '/channels');
    expect(body).toEqual({
      data: [
        {
          name: 'ops',
          kind: 'webhook',
          target: `localhost:${receiver.port}`,
          enabled: true,
          refused: 'target/loopback-address',
          refused_because: 'it is this machine itself, which ALERT_ALLOW_PRIVATE_TARGETS would permit',
          last_delivery_at: null,
          last_outcome: null,
          last_error_code: null,
        },
      ],
    });
  });

  it('is named with its rule by the test and in the log, and nothing is sent', async () => {
    const { status, body } = await rig.ask<object>('POST', '/channels/ops/test');
    expect(status).toBe(200);
    const delivery = {
      channel: 'ops',
      kind: 'test',
      status: 'failed',
      attempts: 1,
      http_status: null,
      error_code: 'target/loopback-address',
      next_attempt_at: null,
    };
    expect(body).toMatchObject({
      data: delivery,
      message:
        'refused by target/loopback-address, nothing was sent: ' +
        'it is this machine itself, which ALERT_ALLOW_PRIVATE_TARGETS would permit',
    });
    expect((await rig.ask<object>('GET', '/deliveries')).body).toMatchObject({ data: [delivery] });
    expect(receiver.received).toEqual([]);
    expect(await rig.metric(/^tao_alert_deliveries_total\{kind="webhook",outcome="refused"\} 1$/)).toBeDefined();
  });
});
