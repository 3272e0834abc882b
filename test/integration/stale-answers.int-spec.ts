import { Logger } from '@nestjs/common';
import { ENDPOINTS, type FetchRequest } from '../../src/taostats';
import { EvilServer, json, rows } from '../support/evil-server';
import { eventually, taostatsRig } from '../support/taostats-rig';

const QUOTE: FetchRequest = {
  query: { netuid: 1, input_tokens: '1000', direction: 'tao_to_alpha' },
  priority: 'interactive',
  deadlineMs: 3_000,
  mayBeStale: true,
};
const { mayBeStale: _stale, ...SYNC } = QUOTE;
const TTL_MS = ENDPOINTS.slippage.ttlMs;
const HOUR_MS = 3_600_000;

const quote = (block: number): object => ({
  netuid: 1,
  block_number: block,
  timestamp: '2026-01-11T04:11:12.001Z',
  alpha_price: '0.0853797768549170136737598244',
  output_tokens: '11712',
  expected_output_tokens: '11720',
  slippage: '0.07',
  input_tokens: '1000',
  direction: 'tao_to_alpha',
});

describe('an answer of TaoStats that is older than answers are kept', () => {
  let evil: EvilServer;

  beforeAll(async () => {
    Logger.overrideLogger(false);
    evil = await EvilServer.start();
  });

  afterAll(async () => {
    await evil.close();
    Logger.overrideLogger(['log', 'warn', 'error']);
  });

  const ask = (rig: ReturnType<typeof taostatsRig>, request = QUOTE) =>
    rig.client.fetchAll(ENDPOINTS.slippage, request);

  it('is given at once, and the next reader gets a newer one', async () => {
    const rig = taostatsRig(evil.url);
    evil.play(rows([quote(1)]), rows([quote(2)]));
    const first = await ask(rig);
    await rig.clock.advance(TTL_MS * 1.5);
    const second = await ask(rig);
    expect(second).toMatchObject({ origin: 'stale', upstreamBlock: 1, fetchedAt: first.fetchedAt, calls: 0 });
    await eventually(() => evil.seen.length === 2);
    await eventually(() => rig.attempts.length === 2);
    expect(await ask(rig)).toMatchObject({ origin: 'cache', upstreamBlock: 2 });
  });

  it('is given while TaoStats fails, for an hour, and never to a sync', async () => {
    const rig = taostatsRig(evil.url, { apiMaxRetries: 0 });
    evil.play(rows([quote(1)]), json({}, 500));
    await ask(rig);
    await rig.clock.advance(HOUR_MS / 2);
    expect(await ask(rig)).toMatchObject({ origin: 'stale', upstreamBlock: 1 });
    await expect(ask(rig, SYNC)).rejects.toMatchObject({ code: 'taostats/unavailable' });
    await expect(ask(rig, { ...SYNC, cache: 'refresh' })).rejects.toMatchObject({ code: 'taostats/unavailable' });
    await rig.clock.advance(HOUR_MS / 2 + 1_000);
    await expect(ask(rig)).rejects.toMatchObject({ code: 'taostats/unavailable' });
  });

  it('is given when TaoStats takes longer than a person waits', async () => {
    const rig = taostatsRig(evil.url);
    evil.play(rows([quote(1)]), () => undefined);
    await ask(rig);
    await rig.clock.advance(HOUR_MS / 2);
    const asking = ask(rig);
    await eventually(() => evil.seen.length === 2);
    await rig.clock.advance(3_000);
    expect(await asking).toMatchObject({ origin: 'stale', upstreamBlock: 1 });
  });

  it('is counted, and is neither hit nor miss', async () => {
    const rig = taostatsRig(evil.url, { apiMaxRetries: 0 });
    evil.play(rows([quote(1)]), json({}, 500));
    await ask(rig);
    await rig.clock.advance(HOUR_MS / 2);
    await ask(rig);
    const counts = rig.ledger.now().cache[ENDPOINTS.slippage.path];
    expect(counts).toMatchObject({ stale: 1, hits: 0 });
  });

  it('does not stand in for a refusal, which is asked for once in half a minute', async () => {
    const rig = taostatsRig(evil.url);
    evil.play(json({}, 404), rows([quote(2)]));
    await expect(ask(rig)).rejects.toMatchObject({ code: 'taostats/bad-request' });
    await expect(ask(rig)).rejects.toMatchObject({ code: 'taostats/bad-request' });
    await expect(ask(rig, SYNC)).rejects.toMatchObject({ code: 'taostats/bad-request' });
    expect(evil.seen).toHaveLength(1);
    await rig.clock.advance(30_000);
    expect(await ask(rig)).toMatchObject({ origin: 'network', upstreamBlock: 2 });
  });
});
