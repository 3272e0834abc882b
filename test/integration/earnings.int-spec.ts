import { ALICE, blockOf, BOB, day, EarningsWorld, HOTKEY, rao, raoText, STRANGER } from '../support/earnings-world';

jest.setTimeout(60_000);

interface Total {
  [column: string]: string | boolean | null;
}

interface Earnings {
  data: {
    window: Record<string, string | null>;
    complete: boolean;
    missing: { input: string; reason: string }[];
    total: Total | null;
    subnets: {
      netuid: number;
      state: string;
      reason: string | null;
      parts: Record<string, string> | null;
      emission_alpha: string | null;
    }[];
    rejected_events: { id: string }[];
  };
  meta: { trust: string };
}

interface Changes {
  data: {
    complete: boolean;
    from_tao: string;
    to_tao: string;
    lines: { cause: string; netuid: number | null; tao: string; text: string }[];
  };
}

describe('what the treasury earned', () => {
  let world: EarningsWorld;

  beforeAll(async () => {
    world = await EarningsWorld.start();
  });

  beforeEach(() => world.clear());

  afterAll(() => world?.stop());

  const summary = async (query_ = ''): Promise<Earnings> =>
    (await world.service.get<Earnings>(`/earnings/summary?from=2026-10-01&to=2026-10-03${query_}`)).body;

  it('is end less start less flows, and the sum of its causes, to the rao', async () => {
    await world.twoDays();
    const { data, meta } = await summary();
    expect([data.complete, data.missing, meta.trust]).toEqual([true, [], 'ok']);
    expect(data.total).toMatchObject({
      start_tao: '110.000000000',
      end_tao: '109.119000000',
      external_flows_tao: '-4.000000000',
      earnings_tao: '3.119000000',
      price_tao: '3.000000000',
      emission_tao: '0.120000000',
      trading_cost_tao: '0.000000000',
      cash_cost_tao: '0.001000000',
      unexplained_tao: '0.000000000',
      closure_rao: '0',
    });
    expect(data.subnets).toEqual([
      expect.objectContaining({ netuid: 1, state: 'known', emission_alpha: '10.000000000' }),
    ]);
    expect(data.window).toMatchObject({ start_at: day(0).toISOString(), end_at: day(2).toISOString() });
  });

  it('is the sum of its days', async () => {
    await world.twoDays();
    const { body } = await world.service.get<{ data: { window: Record<string, string>; total: Total }[] }>(
      '/earnings/timeseries?from=2026-10-01&to=2026-10-03',
    );
    expect(body.data.map(({ window }) => [window['from'], window['to']])).toEqual([
      [day(0).toISOString(), day(1).toISOString()],
      [day(1).toISOString(), day(2).toISOString()],
    ]);
    const whole = (await summary()).data.total;
    expect(body.data.reduce((sum, { total }) => sum + rao(total['earnings_tao']), 0n)).toBe(
      rao(whole?.['earnings_tao']),
    );
    expect(body.data.map(({ total }) => total['closure_rao'])).toEqual(['0', '0']);
  });

  it('is unknown, not zero, over a day without a recorded state; the next one has it', async () => {
    await world.follow(ALICE, 3);
    await world.state(ALICE, 0, 100, { 1: { alpha: 1_000, value: 10 } });
    await world.state(ALICE, 2, 100, { 1: { alpha: 1_010, value: 10.1 } });
    await world.state(ALICE, 3, 100, { 1: { alpha: 1_020, value: 10.2 } });
    const { body } = await world.service.get<{ data: Earnings['data'][] }>(
      '/earnings/timeseries?from=2026-10-01&to=2026-10-04',
    );
    expect(body.data.map(({ complete, total }) => [complete, total?.['earnings_tao'] ?? null])).toEqual([
      [false, null],
      [true, '0.100000000'],
      [true, '0.100000000'],
    ]);
    const reason = `no state of it was recorded between ${day(0).toISOString()} and ${day(1).toISOString()}`;
    expect(body.data[0]?.missing).toEqual([{ input: `wallet ${ALICE}`, reason }]);
    expect(body.data[1]?.window['start_at']).toBe(day(0).toISOString());
  });

  it('explains a change by lines that add up', async () => {
    await world.twoDays();
    const { data } = (await world.service.get<Changes>('/changes?since=2026-10-01')).body;
    expect(data.complete).toBe(true);
    expect(rao(data.from_tao) + data.lines.reduce((sum, line) => sum + rao(line.tao), 0n)).toBe(rao(data.to_tao));
    expect(data.lines.map((line) => line.cause)).toEqual(['withdrawal', 'price', 'emission', 'transfer_fee']);
    expect(data.lines[1]?.text).toBe('SN1 price: +3.000000000 TAO');
  });

  it('of all wallets knows no flow between them', async () => {
    await world.twoDays();
    await world.follow(BOB, 3);
    await world.state(BOB, 0, 5, {});
    await world.transfer(1.5, ALICE, BOB, 2);
    await world.state(ALICE, 2.1, 82.999, { 1: { alpha: 2_010, value: 24.12 } });
    await world.state(BOB, 2.1, 7, {});
    const window = '/earnings/summary?from=2026-10-01&to=2026-10-03T12:00:00Z';
    const all = (await world.service.get<Earnings>(window)).body.data;
    expect(all.total).toMatchObject({ external_flows_tao: '-4.000000000', unexplained_tao: '0.000000000' });
    const own = (await world.service.get<Earnings>(`${window}&wallet=${BOB}`)).body.data;
    expect(own.total).toMatchObject({ external_flows_tao: '2.000000000', earnings_tao: '0.000000000' });
  });

  it('is unknown, and nothing else, where the start is not known', async () => {
    await world.twoDays();
    await world.query('DELETE FROM nav_snapshots WHERE at < $1', [day(1)]);
    const { data } = await summary();
    expect([data.complete, data.total]).toEqual([false, null]);
    expect(data.missing[0]?.reason).toContain('no state of it is known at 2026-10-01');
  });

  it('ends where events are known, and is unknown over a gap in them', async () => {
    await world.twoDays();
    await world.query('UPDATE event_cursors SET complete_to = $1', [day(1)]);
    const short = (await summary()).data;
    expect(short.window).toMatchObject({ to: day(1).toISOString(), end_at: day(1).toISOString() });
    await world.query('UPDATE event_cursors SET complete_to = $1', [day(3)]);
    await world.gap('transfers', 1, 1.5);
    const { data } = await summary();
    expect([data.total, data.missing.map(({ reason }) => reason)]).toEqual([
      null,
      [`its events from ${day(1).toISOString()} to ${day(1.5).toISOString()} are missing: unreadable`],
    ]);
  });

  it('lists an event that cannot be read, and lets the others stand', async () => {
    await world.twoDays();
    await world.event(1.2, { action: 'DELEGATE', netuid: 2, tao: 1, alpha: null });
    const { data } = await summary();
    expect(data.rejected_events).toHaveLength(1);
    expect(data.subnets[0]?.state).toBe('known');
  });

  it('comes from the days of the history where nothing was recorded, and does not guess a day that is missing', async () => {
    await world.follow(ALICE, 3);
    const account = async (number: number, cash: number, staked: number, seen = false): Promise<unknown> =>
      world.query(
        `INSERT INTO account_history (address, day, block_number, upstream_at, balance_free, balance_reserved,
           balance_staked, balance_liquidity, balance_total, origin, positions_seen_at, run_id)
         VALUES ($1, $2::timestamptz::date, $3, $2, $4, 0, $7, 0, $4, 'history', CASE WHEN $5 THEN $2 END, $6)`,
        [
          ALICE,
          new Date(day(number).getTime() - 12_000),
          blockOf(number),
          raoText(cash),
          seen,
          world.newId(),
          raoText(staked),
        ],
      );
    const position = async (netuid: number, number: number, alpha: number, value: number): Promise<unknown> =>
      world.query(
        `INSERT INTO position_history (coldkey, hotkey, netuid, day, registration_block_number, block_number, upstream_at,
           balance, balance_as_tao, origin, run_id)
         VALUES ($1, $2, $3, $4::timestamptz::date, $5, $6, $4, $7, $8, 'history', $9)`,
        [
          ALICE,
          HOTKEY,
          netuid,
          new Date(day(number).getTime() - 12_000),
          netuid === 1 ? 50 : 60,
          blockOf(number),
          raoText(alpha),
          raoText(value),
          world.newId(),
        ],
      );
    await account(0, 10, 1);
    await account(2, 9, 2.23);
    await position(1, 0, 100, 1);
    await position(1, 2, 110, 1.21);
    // Subnet 2 was bought in between: nothing before it, because the ledger goes back to the first block.
    await world.event(1, { action: 'DELEGATE', netuid: 2, tao: 1, alpha: 50 });
    await position(2, 2, 51, 1.02);
    const { data } = await summary();
    expect(data.total).toMatchObject({ earnings_tao: '0.230000000', unexplained_tao: '0.000000000', closure_rao: '0' });
    await world.query('DELETE FROM position_history WHERE netuid = 1 AND day = $1', ['2026-10-02']);
    const gap = (await summary()).data;
    expect([gap.total, gap.subnets.map(({ state: known }) => known)]).toEqual([null, ['unknown', 'known']]);
  });

  it('is refused for what is no question', async () => {
    await world.twoDays();
    const codes = await Promise.all(
      [
        `/earnings/summary?wallet=${STRANGER}`,
        '/earnings/summary?wallet=nonsense',
        '/earnings/summary?from=2026-10-03&to=2026-10-01',
        '/earnings/summary?from=tomorrow',
        '/earnings/timeseries?from=2025-02-13&interval=minute',
        '/changes?since=2126-01-01',
      ].map(async (path) => (await world.service.get(path)).status),
    );
    expect(codes).toEqual([404, 400, 400, 400, 400, 400]);
  });

  it('of a wallet that was never synced is unknown', async () => {
    await world.query(`INSERT INTO wallets (address, origin) VALUES ($1, 'request')`, [ALICE]);
    const { data, meta } = await summary();
    expect([data.complete, data.total, meta.trust]).toEqual([false, null, 'unknown']);
    expect(data.missing).toEqual([{ input: `wallet ${ALICE}`, reason: 'its events were never read' }]);
  });

  it('of nobody is not zero', async () => {
    const { data } = await summary();
    expect([data.total, data.missing]).toEqual([null, [{ input: 'wallets', reason: 'no wallet is followed' }]]);
  });
});
