import { Logger } from '@nestjs/common';
import { ENDPOINTS, type FetchRequest } from '../../src/taostats';
import { EvilServer, json, rows } from '../support/evil-server';
import { eventually, taostatsRig } from '../support/taostats-rig';

const FLOW = { netuid: 64, tao_flow: '1' };
const GOOD = rows([FLOW]);
const REQUEST: FetchRequest = { priority: 'scheduled', deadlineMs: 600_000, cache: 'bypass' };
const LIMITED = { status_code: 429, message: 'Rate Limited. Try Again Later.' };

describe('pauses, gates and breakers of the client', () => {
  let evil: EvilServer;

  beforeAll(async () => {
    Logger.overrideLogger(false);
    evil = await EvilServer.start();
  });

  afterAll(async () => {
    await evil.close();
    Logger.overrideLogger(['log', 'warn', 'error']);
  });

  type Rig = ReturnType<typeof taostatsRig>;
  const ask = (rig: Rig, more: Partial<FetchRequest> = {}): ReturnType<Rig['client']['fetchAll']> =>
    rig.client.fetchAll(ENDPOINTS.taoFlows, { ...REQUEST, ...more });

  /** Lets the client work until it sleeps on a pause: deadline of the call and the pause itself. */
  const untilPaused = (rig: Rig, attempts: number): Promise<void> =>
    eventually(() => rig.attempts.length === attempts && rig.clock.sleeping === 2);

  it('waits as long as Retry-After asks, then asks again with a token of its own', async () => {
    evil.play(json(LIMITED, 429, { 'retry-after': '30' }), GOOD);
    const rig = taostatsRig(evil.url);
    const answer = ask(rig);
    await untilPaused(rig, 1);
    await rig.clock.advance(30_000);
    expect(evil.seen).toHaveLength(1);
    await rig.clock.advance(6000);
    await expect(answer).resolves.toMatchObject({ rows: [FLOW], calls: 2 });
    expect(rig.gates.log).toHaveLength(2);
    expect(rig.attempts.map((attempt) => attempt.outcome)).toEqual(['rate_limited', 'ok']);
  });

  it('waits a minute where the 429 says nothing, two where it comes again', async () => {
    evil.play(json(LIMITED, 429), json(LIMITED, 429), GOOD);
    const rig = taostatsRig(evil.url);
    const answer = ask(rig);
    await untilPaused(rig, 1);
    await rig.clock.advance(60_000);
    expect(evil.seen).toHaveLength(1);
    await rig.clock.advance(8000);
    await untilPaused(rig, 2);
    await rig.clock.advance(120_000);
    expect(evil.seen).toHaveLength(2);
    await rig.clock.advance(15_000);
    await expect(answer).resolves.toMatchObject({ calls: 3 });
  });

  it('treats a 429 inside a 200 as a 429', async () => {
    evil.play(json(LIMITED));
    const rig = taostatsRig(evil.url);
    await expect(ask(rig, { deadlineMs: 5000 })).rejects.toMatchObject({ code: 'taostats/rate-limited' });
    expect(rig.attempts).toMatchObject([{ outcome: 'rate_limited', status: 429 }]);
  });

  it('fails at once when the pause is longer than a call may sleep, and keeps the whole pause', async () => {
    evil.play(json(LIMITED, 429, { 'retry-after': '3600' }));
    const rig = taostatsRig(evil.url);
    const startMs = rig.clock.nowMs();
    const error: unknown = await ask(rig).catch((reason: unknown) => reason);
    expect(error).toMatchObject({ code: 'taostats/rate-limited' });
    expect((error as { retryAt: Date }).retryAt.getTime()).toBeGreaterThanOrEqual(startMs + 3_601_000);
    await expect(ask(rig)).rejects.toMatchObject({ code: 'taostats/rate-limited' });
    expect(evil.seen).toHaveLength(1);
    await rig.status.refresh();
    expect(rig.gauge.upstreamSnapshot()).toMatchObject({
      pauseReason: 'rate_limited',
      pauseClamped: false,
      learnedLimit: 42,
    });
    expect(rig.gauge.upstreamSnapshot()?.blockedUntil?.getTime()).toBeGreaterThanOrEqual(startMs + 3_601_000);
  });

  it('cuts a hostile wait to a day and shows that it did', async () => {
    evil.play(json(LIMITED, 429, { 'retry-after': '9'.repeat(30) }));
    const rig = taostatsRig(evil.url);
    await expect(ask(rig)).rejects.toMatchObject({ retryAt: new Date(rig.clock.nowMs() + 24 * 3_600_000) });
    await rig.status.refresh();
    expect(rig.gauge.upstreamSnapshot()).toMatchObject({ pauseClamped: true });
  });

  it('counts a Retry-After that cannot be read', async () => {
    evil.play(json(LIMITED, 429, { 'retry-after': 'soon' }));
    const rig = taostatsRig(evil.url);
    await expect(ask(rig, { deadlineMs: 1000 })).rejects.toMatchObject({ code: 'taostats/rate-limited' });
    await rig.status.refresh();
    expect(rig.gauge.upstreamSnapshot()?.invalidRetryAfterTotal).toBe(1);
  });

  it('backs off instead of obeying when ENABLE_RETRY_AFTER is false', async () => {
    evil.play(json(LIMITED, 429, { 'retry-after': '3600' }), GOOD);
    const rig = taostatsRig(evil.url, {
      enableRetryAfter: false,
      apiInitialBackoffSeconds: 1,
      apiMaxBackoffSeconds: 60,
    });
    const answer = ask(rig);
    await untilPaused(rig, 1);
    await rig.clock.advance(1000);
    await expect(answer).resolves.toMatchObject({ calls: 2 });
  });

  it('does not repeat a 429 for used-up credits, and keeps all calls back for 15 minutes', async () => {
    evil.play(json({ status_code: 429, message: 'Insufficient credits. remaining: 0' }, 429));
    const rig = taostatsRig(evil.url);
    await expect(ask(rig)).rejects.toMatchObject({ code: 'taostats/quota-exhausted' });
    await expect(ask(rig)).rejects.toMatchObject({ code: 'taostats/quota-exhausted' });
    expect(evil.seen).toHaveLength(1);
    await rig.status.refresh();
    expect(rig.gauge.upstreamSnapshot()?.quotaExhaustedUntil).toEqual(new Date(rig.clock.nowMs() + 900_000));
    evil.play(GOOD);
    await rig.clock.advance(900_000);
    await expect(ask(rig)).resolves.toMatchObject({ rows: [FLOW] });
    await rig.status.refresh();
    expect(rig.gauge.upstreamSnapshot()).toMatchObject({
      quotaExhaustedUntil: null,
      keyState: 'ok',
      pauseReason: null,
    });
  });

  it('parks a rejected key and tries it again after 15 minutes', async () => {
    evil.play(json({}, 401));
    const rig = taostatsRig(evil.url);
    await expect(ask(rig)).rejects.toMatchObject({ code: 'taostats/auth-rejected' });
    await expect(rig.client.fetchAll(ENDPOINTS.pools, REQUEST)).rejects.toMatchObject({
      code: 'taostats/auth-rejected',
    });
    expect(evil.seen).toHaveLength(1);
    await rig.status.refresh();
    expect(rig.gauge.upstreamSnapshot()).toMatchObject({ keyState: 'rejected', pauseReason: 'auth' });
    evil.play(GOOD);
    await rig.clock.advance(900_000);
    await expect(ask(rig)).resolves.toMatchObject({ rows: [FLOW] });
  });

  it('remembers an endpoint that the plan does not include, and asks the others on', async () => {
    evil.play(json({}, 403), rows([]));
    const rig = taostatsRig(evil.url);
    await expect(ask(rig)).rejects.toMatchObject({ code: 'taostats/plan-gated' });
    await expect(ask(rig)).rejects.toMatchObject({ code: 'taostats/plan-gated' });
    await expect(rig.client.fetchAll(ENDPOINTS.pools, REQUEST)).resolves.toMatchObject({ rows: [] });
    expect(evil.seen).toHaveLength(2);
    await rig.status.refresh();
    expect(rig.gauge.upstreamSnapshot()).toMatchObject({ planGated: ['/api/dtao/tao_flow/v1'], keyState: 'ok' });
  });

  it('takes a 403 where every plan is served for a rejected key', async () => {
    evil.play(json({}, 403));
    const rig = taostatsRig(evil.url);
    await expect(rig.client.fetchAll(ENDPOINTS.pools, REQUEST)).rejects.toMatchObject({
      code: 'taostats/auth-rejected',
    });
  });

  it('opens the breaker of one class of endpoints after five failures and leaves the others alone', async () => {
    evil.play(json({}, 500));
    const rig = taostatsRig(evil.url, { apiMaxRetries: 9 });
    await expect(ask(rig)).rejects.toMatchObject({ code: 'taostats/unavailable' });
    expect(evil.seen).toHaveLength(5);
    await expect(ask(rig)).rejects.toMatchObject({ code: 'taostats/breaker-open' });
    expect(evil.seen).toHaveLength(5);
    await rig.status.refresh();
    expect(rig.gauge.upstreamSnapshot()?.breakers).toEqual([
      { scope: 'subnet', state: 'open', until: new Date(rig.clock.nowMs() + 60_000) },
    ]);
    evil.play(rows([]));
    await expect(rig.client.fetchAll(ENDPOINTS.pools, REQUEST)).resolves.toMatchObject({ rows: [] });
    await rig.clock.advance(60_000);
    evil.play(GOOD);
    await expect(ask(rig)).resolves.toMatchObject({ rows: [FLOW] });
  });

  it('never sends more than the limit in any 61 s, retries included', async () => {
    evil.play(GOOD);
    const rig = taostatsRig(evil.url, { taostatsRateLimitPerMinute: 5 });
    const answers = Promise.all(Array.from({ length: 12 }, () => ask(rig, { priority: 'interactive' })));
    for (const expected of [5, 10, 12]) {
      await eventually(() => rig.attempts.length === expected);
      // Nothing is left but deadlines and one wait for a token.
      await eventually(() => rig.clock.sleeping === 12 - expected + (expected < 12 ? 1 : 0));
      expect(evil.seen).toHaveLength(expected);
      await rig.clock.advance(61_000);
    }
    await answers;
    const stamps = rig.gates.log.map((entry) => entry.atMs);
    stamps.forEach((atMs, index) => expect((stamps[index + 5] ?? Infinity) - atMs).toBeGreaterThanOrEqual(61_000));
  });

  it('sends nothing while PostgreSQL is away', async () => {
    evil.play(GOOD);
    const rig = taostatsRig(evil.url);
    rig.gates.isAway = true;
    await expect(ask(rig)).rejects.toMatchObject({ code: 'taostats/limiter-unavailable' });
    expect(evil.seen).toHaveLength(0);
    rig.gates.isAway = false;
    await expect(ask(rig)).resolves.toMatchObject({ rows: [FLOW] });
  });

  it('keeps a pause that it could not store, and stores it before anything else goes out', async () => {
    const rig = taostatsRig(evil.url);
    evil.play((response, request, socket) => {
      rig.gates.isAway = true;
      json(LIMITED, 429, { 'retry-after': '3600' })(response, request, socket);
    });
    await expect(ask(rig)).rejects.toMatchObject({ code: 'taostats/rate-limited' });
    rig.gates.isAway = false;
    await expect(ask(rig)).rejects.toMatchObject({ code: 'taostats/rate-limited' });
    expect(evil.seen).toHaveLength(1);
  });
});
