import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createServer as createTlsServer } from 'node:tls';
import { gzipSync } from 'node:zlib';
import { Logger } from '@nestjs/common';
import type { Resolve } from '../../src/common';
import { ENDPOINTS, type FetchRequest } from '../../src/taostats';
import { type Act, EvilServer, json, rows } from '../support/evil-server';
import { eventually, taostatsRig } from '../support/taostats-rig';

const FLOW = { netuid: 64, tao_flow: '-1243461428171' };
const REQUEST: FetchRequest = { priority: 'scheduled', deadlineMs: 120_000, cache: 'bypass' };
const GOOD = rows([FLOW]);
const KEY = 'tao-test-key:00000000';

describe('one attempt against TaoStats, and the next', () => {
  let evil: EvilServer;

  beforeAll(async () => {
    Logger.overrideLogger(false);
    evil = await EvilServer.start();
  });

  afterAll(async () => {
    await evil.close();
    Logger.overrideLogger(['log', 'warn', 'error']);
  });

  const ask = (
    rig: ReturnType<typeof taostatsRig>,
    more: Partial<FetchRequest> = {},
  ): ReturnType<typeof rig.client.fetchAll> => rig.client.fetchAll(ENDPOINTS.taoFlows, { ...REQUEST, ...more });

  it('sends the raw key, asks for JSON and gzip, and says who it is', async () => {
    evil.play(GOOD);
    await ask(taostatsRig(evil.url));
    expect(evil.seen[0]).toMatchObject({
      method: 'GET',
      headers: { authorization: KEY, accept: 'application/json', 'accept-encoding': 'gzip' },
    });
    expect(evil.seen[0]?.headers['user-agent']).toMatch(/^tao-treasury\//);
  });

  it('reads a compressed answer', async () => {
    evil.play((response) => {
      response.writeHead(200, { 'content-type': 'application/json', 'content-encoding': 'gzip' });
      response.end(gzipSync(JSON.stringify({ data: [FLOW], pagination: { total_items: 1 } })));
    });
    await expect(ask(taostatsRig(evil.url))).resolves.toMatchObject({ rows: [FLOW], calls: 1, origin: 'network' });
  });

  it('uses one connection for one call after another', async () => {
    const rig = taostatsRig(evil.url);
    evil.play(GOOD);
    const before = evil.connections;
    for (let index = 0; index < 5; index += 1) await ask(rig);
    expect(evil.connections - before).toBe(1);
  });

  describe.each<[string, Act, string, string, number]>([
    ['400', json({}, 400), 'permanent', 'taostats/bad-request', 1],
    ['404', json({}, 404), 'permanent', 'taostats/bad-request', 1],
    ['401', json({}, 401), 'auth', 'taostats/auth-rejected', 1],
    ['402', json({}, 402), 'plan_gated', 'taostats/plan-gated', 1],
    ['403', json({}, 403), 'plan_gated', 'taostats/plan-gated', 1],
    ['408', json({}, 408), 'transient', 'taostats/unavailable', 4],
    ['425', json({}, 425), 'transient', 'taostats/unavailable', 4],
    ['500', json('<html>', 500), 'transient', 'taostats/unavailable', 4],
    ['502', json('', 502), 'transient', 'taostats/unavailable', 4],
    ['503', json({}, 503), 'transient', 'taostats/unavailable', 4],
    ['521', json({}, 521), 'transient', 'taostats/unavailable', 4],
    ['a redirect', json({}, 302, { location: '/elsewhere' }), 'redirect', 'taostats/unavailable', 1],
    [
      'HTML in a 200',
      json('<html></html>', 200, { 'content-type': 'text/html' }),
      'bad_payload',
      'taostats/bad-payload',
      2,
    ],
    ['truncated JSON in a 200', json('{"data":[{"net'), 'bad_payload', 'taostats/bad-payload', 2],
    ['an empty 200', json(''), 'bad_payload', 'taostats/bad-payload', 2],
    ['a 204', (response) => response.writeHead(204).end(), 'bad_payload', 'taostats/bad-payload', 2],
    ['data: null', json({ data: null }), 'contract', 'taostats/contract', 1],
    ['no data', json({ pagination: {} }), 'contract', 'taostats/contract', 1],
    ['a list at the top', json([]), 'contract', 'taostats/contract', 1],
    ['an error inside a 200', json({ status_code: 500, message: 'x' }), 'transient', 'taostats/unavailable', 4],
    ['a plan error inside a 200', json({ status_code: 403, message: 'x' }), 'plan_gated', 'taostats/plan-gated', 1],
    ['a reset', (_response, _request, socket) => socket.resetAndDestroy(), 'network', 'taostats/unavailable', 4],
    [
      'a body that ends before its length',
      (response, _request, socket) => {
        response.writeHead(200, { 'content-type': 'application/json', 'content-length': '1000' });
        response.write('{"data":[');
        setImmediate(() => socket.destroy());
      },
      'bad_payload',
      'taostats/bad-payload',
      2,
    ],
  ])('%s', (_name, act, outcome, code, attempts) => {
    it(`is ${outcome}, is counted, and is asked ${attempts} times in all`, async () => {
      evil.play(act);
      const rig = taostatsRig(evil.url);
      await expect(ask(rig)).rejects.toMatchObject({ code });
      expect(evil.seen).toHaveLength(attempts);
      expect(rig.attempts.map((attempt) => attempt.outcome)).toEqual(Array(attempts).fill(outcome));
      expect(rig.attempts.map((attempt) => attempt.attempt)).toEqual(Array.from({ length: attempts }, (_, i) => i + 1));
      expect(rig.attempts[0]?.endpoint).toBe('/api/dtao/tao_flow/v1');
    });
  });

  it('takes the answer of a retry', async () => {
    evil.play(json({}, 503), json('', 200), GOOD);
    const rig = taostatsRig(evil.url);
    await expect(ask(rig)).resolves.toMatchObject({ rows: [FLOW], calls: 3 });
    expect(rig.gates.log).toHaveLength(3);
  });

  it('makes no retry when API_MAX_RETRIES is 0', async () => {
    evil.play(json({}, 503));
    await expect(ask(taostatsRig(evil.url, { apiMaxRetries: 0 }))).rejects.toMatchObject({
      code: 'taostats/unavailable',
    });
    expect(evil.seen).toHaveLength(1);
  });

  it('waits out the backoff between attempts, on the injected clock', async () => {
    evil.play(json({}, 503), GOOD);
    const rig = taostatsRig(evil.url, { apiInitialBackoffSeconds: 8, apiMaxBackoffSeconds: 8 });
    const answer = ask(rig);
    // Only the call's deadline and the backoff are left once the attempt is over.
    await eventually(() => rig.attempts.length === 1 && rig.clock.sleeping === 2);
    expect(evil.seen).toHaveLength(1);
    await rig.clock.advance(8000);
    await expect(answer).resolves.toMatchObject({ calls: 2 });
  });

  it('repeats once, and without counting it as an error, when a kept-alive socket turns out to be dead', async () => {
    const rig = taostatsRig(evil.url, { apiMaxRetries: 0 });
    evil.play(GOOD, (_response, _request, socket) => socket.destroy(), GOOD);
    await ask(rig);
    await expect(ask(rig)).resolves.toMatchObject({ rows: [FLOW] });
    expect(rig.attempts.map((attempt) => attempt.outcome)).toEqual(['ok', 'stale_socket', 'ok']);
  });

  it('never carries the key to where a redirect points', async () => {
    const other = await EvilServer.start();
    evil.play(json({}, 307, { location: `${other.url}/take` }));
    await expect(ask(taostatsRig(evil.url))).rejects.toMatchObject({ code: 'taostats/unavailable' });
    expect(other.seen).toHaveLength(0);
    await other.close();
  });

  it('cuts a gzip bomb at 8 MiB and does not ask for it again', async () => {
    const bomb = gzipSync(Buffer.alloc(64 * 1024 * 1024, 32));
    evil.play((response) => {
      response.writeHead(200, { 'content-type': 'application/json', 'content-encoding': 'gzip' });
      response.end(bomb);
    });
    const rig = taostatsRig(evil.url);
    await expect(ask(rig)).rejects.toMatchObject({
      code: 'taostats/bad-payload',
      message: expect.stringContaining('8 MiB') as string,
    });
    expect(evil.seen).toHaveLength(1);
  });

  it('ends an attempt whose body only drips, and one that never answers, at the limit of one attempt', async () => {
    const drips: Act = (response) => {
      response.writeHead(200, { 'content-type': 'application/json' });
      response.write('{');
    };
    for (const act of [drips, () => undefined]) {
      evil.play(act, GOOD);
      const rig = taostatsRig(evil.url);
      const answer = ask(rig);
      await eventually(() => evil.seen.length === 1 && rig.clock.sleeping === 2);
      await rig.clock.advance(40_000);
      await expect(answer).resolves.toMatchObject({ calls: 2 });
      expect(rig.attempts[0]).toMatchObject({
        outcome: 'network',
        error: { message: expect.stringContaining('one attempt') as string },
      });
    }
  });

  it('ends a silent answer at the read timeout', async () => {
    evil.play(() => undefined);
    const rig = taostatsRig(evil.url, { apiReadTimeoutSeconds: 0.05, apiMaxRetries: 0 });
    await expect(ask(rig)).rejects.toMatchObject({ code: 'taostats/unavailable' });
    expect(rig.attempts).toMatchObject([
      { outcome: 'network', error: { message: expect.stringContaining('ETIMEDOUT') as string } },
    ]);
  });

  it('ends the call at its deadline, whatever it is doing', async () => {
    evil.play(() => undefined);
    const rig = taostatsRig(evil.url);
    const answer = ask(rig, { deadlineMs: 3000 });
    const failed = expect(answer).rejects.toMatchObject({ code: 'taostats/deadline' });
    await eventually(() => evil.seen.length === 1);
    await rig.clock.advance(3000);
    await failed;
    await eventually(() => rig.attempts.length === 1);
    expect(rig.attempts[0]?.outcome).toBe('network');
  });

  it('gives a caller that aborts its own reason, and blames nobody', async () => {
    evil.play(() => undefined);
    const rig = taostatsRig(evil.url);
    const stop = new AbortController();
    const answer = ask(rig, { signal: stop.signal });
    const failed = expect(answer).rejects.toThrow('the service ends');
    await eventually(() => evil.seen.length === 1);
    stop.abort(new Error('the service ends'));
    await failed;
    await eventually(() => rig.attempts.length === 1);
    expect(rig.attempts[0]?.outcome).toBe('cancelled');
    expect([...rig.gates.gates.values()]).toEqual([]);
  });

  it('masks the key when a body repeats it', async () => {
    evil.play(rows([{ ...FLOW, tao_flow: KEY }]));
    const { rejected } = await ask(taostatsRig(evil.url));
    expect(rejected).toHaveLength(1);
    expect(JSON.stringify(rejected)).not.toContain('test-key');
  });

  it('gives a host that cannot be found as unavailable', async () => {
    await expect(ask(taostatsRig('http://127.0.0.1:1', { apiMaxRetries: 0 }))).rejects.toMatchObject({
      code: 'taostats/unavailable',
    });
  });

  it('ends a TLS handshake that stalls at the connect timeout', async () => {
    const silent = createServer(() => undefined);
    await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve));
    const url = `https://127.0.0.1:${(silent.address() as AddressInfo).port}`;
    const rig = taostatsRig(url, { apiConnectTimeoutSeconds: 0.05, apiMaxRetries: 0 });
    await expect(ask(rig)).rejects.toMatchObject({ code: 'taostats/unavailable' });
    expect(rig.attempts).toMatchObject([
      { outcome: 'network', error: { message: expect.stringContaining('ERR_CONNECT_TIMEOUT') as string } },
    ]);
    silent.close();
  });

  it.each(['127.0.0.1', '10.0.0.7', '169.254.169.254', '::ffff:192.168.1.1'])(
    'speaks to nobody when the name of TaoStats leads to %s, and says so',
    async (address) => {
      const before = evil.connections;
      const lies: Resolve = (_name, _options, done) => done(null, [{ address, family: address.includes(':') ? 6 : 4 }]);
      const rig = taostatsRig(`https://api.taostats.io:${new URL(evil.url).port}`, {}, lies);
      await expect(ask(rig)).rejects.toMatchObject({ code: 'taostats/untrusted-tls' });
      await expect(ask(rig)).rejects.toMatchObject({ code: 'taostats/breaker-open' });
      expect(rig.attempts.map((attempt) => attempt.outcome)).toEqual(['security']);
      expect(evil.connections).toBe(before);
    },
  );

  const certificate = selfSigned();
  (certificate === null ? it.skip : it)(
    'leaves a server whose certificate is not trusted alone at once, and says so',
    async () => {
      const untrusted = createTlsServer(certificate ?? {});
      await new Promise<void>((resolve) => untrusted.listen(0, '127.0.0.1', resolve));
      const rig = taostatsRig(`https://127.0.0.1:${(untrusted.address() as AddressInfo).port}`);
      await expect(ask(rig)).rejects.toMatchObject({ code: 'taostats/untrusted-tls' });
      await expect(ask(rig)).rejects.toMatchObject({ code: 'taostats/breaker-open' });
      expect(rig.attempts.map((attempt) => attempt.outcome)).toEqual(['security']);
      await rig.status.refresh();
      expect(rig.gauge.upstreamSnapshot()?.securityProblem).toContain('not trusted');
      untrusted.close();
    },
  );
});

/** A throw-away certificate that nobody vouches for; null, with one line, where there is no openssl. */
function selfSigned(): { key: Buffer; cert: Buffer } | null {
  const directory = mkdtempSync(join(tmpdir(), 'untrusted-'));
  const [key, cert] = [join(directory, 'key.pem'), join(directory, 'cert.pem')];
  const options = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-subj', '/CN=localhost'];
  try {
    execFileSync('openssl', ['req', '-x509', ...options, '-keyout', key, '-out', cert], { stdio: 'ignore' });
    return { key: readFileSync(key), cert: readFileSync(cert) };
  } catch {
    process.stderr.write('no openssl on the PATH: the untrusted certificate is not tested\n');
    return null;
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}
