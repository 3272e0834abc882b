import { encodeAddress } from '@dedot/utils';
import type { RunningSimulator, WalletAction } from '../simulator';
import { OUTSIDE } from '../simulator/model/cast';
import { TreasuryWorld } from '../support/treasury-world';

jest.setTimeout(180_000);

const addressOf = (first: number): string =>
  encodeAddress(
    Uint8Array.from({ length: 32 }, (_, index) => first + index),
    42,
  );
const EXCHANGE = OUTSIDE[0].ss58;
const [TRADER, VAULT, STRANGER] = [addressOf(40), addressOf(50), addressOf(60)] as [string, string, string];
const [HOTKEY, OTHER] = [addressOf(70), addressOf(80)] as [string, string];
const DAY_MS = 86_400_000;
const DAYS = 31;
const raoText = (tao: number): string => String(BigInt(tao) * 1_000_000_000n);

/** What the wallets do on each day of the month; nothing on the others. */
const MONTH: Record<number, WalletAction[]> = {
  0: [
    { action: 'fund', wallet: TRADER, from: EXCHANGE, amount: raoText(120) },
    { action: 'fund', wallet: VAULT, from: EXCHANGE, amount: raoText(20) },
  ],
  2: [
    { action: 'stake', wallet: TRADER, hotkey: HOTKEY, netuid: 1, amount: raoText(30) },
    { action: 'stake', wallet: TRADER, hotkey: HOTKEY, netuid: 0, amount: raoText(10) },
  ],
  3: [{ action: 'stake', wallet: TRADER, hotkey: HOTKEY, netuid: 9, amount: raoText(8) }],
  4: [{ action: 'stake', wallet: TRADER, hotkey: HOTKEY, netuid: 11, amount: raoText(5) }],
  5: [{ action: 'stake', wallet: TRADER, hotkey: OTHER, netuid: 1, amount: raoText(5) }],
  8: [{ action: 'unstake', wallet: TRADER, hotkey: HOTKEY, netuid: 1, amount: raoText(20) }],
  10: [{ action: 'stake', wallet: TRADER, hotkey: HOTKEY, netuid: 7, amount: raoText(12) }],
  12: [
    { action: 'move', wallet: TRADER, hotkey: OTHER, netuid: 1, amount: 'all', toHotkey: HOTKEY, toNetuid: 1 },
    { action: 'move', wallet: TRADER, hotkey: HOTKEY, netuid: 7, amount: raoText(3), toHotkey: OTHER, toNetuid: 19 },
  ],
  15: [{ action: 'transfer', wallet: TRADER, to: STRANGER, amount: raoText(4) }],
  17: [{ action: 'transfer', wallet: TRADER, to: VAULT, amount: raoText(6) }],
  // Of this end upstream writes nothing, of the next one a row without TAO.
  18: [{ action: 'deregister', netuid: 9, quiet: true }],
  20: [{ action: 'transfer_stake', wallet: TRADER, hotkey: HOTKEY, netuid: 7, amount: raoText(2), to: VAULT }],
  22: [{ action: 'fund', wallet: TRADER, from: EXCHANGE, amount: raoText(9) }],
  23: [{ action: 'deregister', netuid: 11 }],
  25: [{ action: 'unstake', wallet: TRADER, hotkey: OTHER, netuid: 19, amount: 'all' }],
  27: [{ action: 'transfer_stake', wallet: TRADER, hotkey: HOTKEY, netuid: 1, amount: raoText(2), to: STRANGER }],
  // One of the two whole days that a reconciliation closes.
  30: [{ action: 'unstake', wallet: TRADER, hotkey: HOTKEY, netuid: 1, amount: raoText(500) }],
};

/** A month and six hours ago, but not so late on a day that the first actions would fall onto the next. */
function startOfMonth(now: Date): Date {
  const start = now.getTime() - DAYS * DAY_MS - 6 * 3_600_000;
  return new Date(DAY_MS - (start % DAY_MS) < 900_000 ? start - 1_800_000 : start);
}

/** What each wallet was paid for each subnet that ended, in rao. */
type Payouts = Map<string, bigint>;

function liveThroughTheMonth(simulator: RunningSimulator, payouts: Payouts): void {
  for (let day = 0; day < DAYS; day += 1) {
    for (const action of MONTH[day] ?? []) act(simulator, action, payouts);
    simulator.advance(DAY_MS / 1000);
  }
}

function act(simulator: RunningSimulator, action: WalletAction, payouts: Payouts): void {
  if (action.action !== 'deregister') {
    simulator.act(action);
    return;
  }
  const freeOf = (wallet: string): bigint =>
    simulator.world.ledger.accounts.get(wallet)?.freeAt(simulator.world.head()) ?? 0n;
  const before = [TRADER, VAULT].map(freeOf);
  simulator.act(action);
  [TRADER, VAULT].forEach((wallet, index) => {
    payouts.set(`${wallet}/${action.netuid}`, freeOf(wallet) - (before[index] ?? 0n));
  });
}

interface Total {
  [column: string]: string | null;
}

interface Earnings {
  data: {
    complete: boolean;
    missing: { input: string; reason: string }[];
    total: Total | null;
    subnets: {
      netuid: number;
      state: string;
      reason: string | null;
      estimated: boolean;
      parts: Record<string, string> | null;
      emission_alpha: string | null;
    }[];
    rejected_events: unknown[];
    window: { start_at: string; end_at: string };
  };
}

interface Wallet {
  data: { history: Record<string, { state: string; completeness: number | null }> };
}

const rao = (text: string | null | undefined): bigint => BigInt((text ?? '').replace('.', ''));

describe('a month of stakes, unstakes, moves, transfers and subnets that end', () => {
  const payouts: Payouts = new Map();
  let world: TreasuryWorld;
  let from: string;

  beforeAll(async () => {
    // Each action takes a block of its own, and after the month some hours more go by: all of it is past in the end.
    const startAt = startOfMonth(new Date());
    // The first midnight after the wallets got their TAO, before they staked any.
    from = new Date(Math.ceil(startAt.getTime() / DAY_MS) * DAY_MS).toISOString();
    world = await TreasuryWorld.start(
      { WALLET_ADDRESSES: `${TRADER},${VAULT}` },
      { startAt, speed: 0, activity: false, prepare: (simulator) => liveThroughTheMonth(simulator, payouts) },
    );
    for (const wallet of [TRADER, VAULT]) {
      await world.service.until<Wallet>(`/api/v1/wallets/${wallet}`, ({ data }) =>
        Object.values(data.history).every((progress) => progress.state === 'complete'),
      );
    }
    // At the first start wallets may be read before pools and subnets are: the month ends on a state that is read after them.
    await world.firstSync();
    await settle();
  });

  /** Records a new state of everything, and then the events up to it. */
  async function settle(): Promise<void> {
    world.simulator.advance(600);
    for (const dataset of ['subnets', 'pools', 'positions']) await world.sync(dataset);
    // Events are known to whole seconds, blocks have milliseconds: a minute later they are known beyond that state.
    world.simulator.advance(60);
    for (const dataset of ['subnets', 'pools', 'delegation_events', 'transfers']) await world.sync(dataset);
  }

  afterAll(() => world?.stop());

  const get = <Body>(path: string): Promise<Body> => world.service.json<Body>(`/api/v1${path}`);
  const summary = (query = ''): Promise<Earnings> => get<Earnings>(`/earnings/summary?from=${from}${query}`);

  it('closes to the rao over all wallets: what flowed in and out is what the script says', async () => {
    const { data } = await summary();
    expect([data.complete, data.missing, data.rejected_events]).toEqual([true, [], []]);
    expect(data.total).toMatchObject({ closure_rao: '0' });
    const total = data.total ?? {};
    expect(rao(total['end_tao'])).toBe(
      rao(total['start_tao']) + rao(total['external_flows_tao']) + rao(total['earnings_tao']),
    );
    expect(total['start_tao']).toBe('140.000000000');
    for (const { parts } of data.subnets) {
      expect(rao(parts?.['earnings_tao'])).toBe(
        rao(parts?.['price_tao']) + rao(parts?.['emission_tao']) - rao(parts?.['trading_cost_tao']),
      );
    }
  });

  it('ends with what the accounts say that there is', async () => {
    const { data } = await summary();
    const accounts = await get<{ data: { total_tao: string }[] }>('/accounts');
    const sum = accounts.data.reduce((total, account) => total + rao(account.total_tao), 0n);
    const difference = sum - rao(data.total?.['end_tao']);
    // Upstream rounds each position's value; ours is their sum.
    expect(difference < 10n && difference > -10n).toBe(true);
  });

  it('leaves nothing unexplained but the fees of extrinsics', async () => {
    const total = (await summary()).data.total ?? {};
    const unexplained = rao(total['unexplained_tao']);
    expect(unexplained <= 0n).toBe(true);
    expect(unexplained > -50_000_000n).toBe(true);
  });

  it('has only emission where nobody traded against the alpha, and never a loss of it', async () => {
    const { subnets } = (await summary()).data;
    expect(subnets.map((subnet) => [subnet.netuid, subnet.state])).toEqual([
      [0, 'known'],
      [1, 'known'],
      [7, 'known'],
      [9, 'known'],
      [11, 'known'],
      [19, 'known'],
    ]);
    for (const { emission_alpha } of subnets) expect(rao(emission_alpha) >= -30n).toBe(true);
  });

  interface Series {
    data: { complete: boolean; missing: { input: string }[]; total: Total | null }[];
  }

  it('is the sum of its days', async () => {
    const whole = (await summary(`&wallet=${VAULT}`)).data.total ?? {};
    const { data } = await get<Series>(`/earnings/timeseries?from=${from}&wallet=${VAULT}`);
    expect(data.length).toBeGreaterThanOrEqual(30);
    expect(data.map((window) => window.complete)).not.toContain(false);
    const sum = (column: string): bigint => data.reduce((total, window) => total + rao(window.total?.[column]), 0n);
    expect(sum('earnings_tao')).toBe(rao(whole['earnings_tao']));
    expect(sum('external_flows_tao')).toBe(rao(whole['external_flows_tao']));
  });

  it('does not make days up on which it held stake that it left before anybody looked', async () => {
    const { data } = await get<Series>(`/earnings/timeseries?from=${from}&wallet=${TRADER}`);
    const unknown = data.flatMap((window, day) => (window.complete ? [] : [day]));
    // From the first of the stakes that were given up or taken away, to the end of the last one.
    expect([unknown[0], unknown.at(-1)]).toEqual([2, 24]);
    expect(data.filter((window) => !window.complete).map((window) => window.total)).toEqual(unknown.map(() => null));
    const inputs = new Set(data.flatMap((window) => window.missing.map(({ input }) => input)));
    expect(inputs).toEqual(new Set([1, 9, 11, 19].map((netuid) => `subnet ${netuid} of ${TRADER}`)));
  });

  it('is explained by lines that add up', async () => {
    const { data } = await get<{
      data: { complete: boolean; from_tao: string; to_tao: string; lines: { tao: string; cause: string }[] };
    }>(`/changes?since=${from}`);
    expect(data.complete).toBe(true);
    expect(rao(data.from_tao) + data.lines.reduce((sum, line) => sum + rao(line.tao), 0n)).toBe(rao(data.to_tao));
    expect(data.lines.map((line) => line.cause)).toEqual(
      expect.arrayContaining(['price', 'emission', 'trading_cost', 'deposit', 'withdrawal', 'stake_transfer']),
    );
  });

  it('knows the transfers between own wallets as flows of each, and of neither together', async () => {
    const [all, trader, vault] = await Promise.all([
      summary(),
      summary(`&wallet=${TRADER}`),
      summary(`&wallet=${VAULT}`),
    ]);
    const flows = (answer: Earnings | undefined): bigint => rao(answer?.data.total?.['external_flows_tao']);
    expect(flows(vault) > 6_000_000_000n).toBe(true);
    expect(flows(all)).toBe(flows(trader) + flows(vault));
    const earned = (answer: Earnings | undefined): bigint => rao(answer?.data.total?.['earnings_tao']);
    expect(earned(all)).toBe(earned(trader) + earned(vault));
  });

  const flowsOf = ({ data }: Earnings, netuid: number): bigint =>
    rao(data.subnets.find((subnet) => subnet.netuid === netuid)?.parts?.['flows_tao']);

  it.each([
    [9, 'of which upstream writes nothing', 8],
    [11, 'of which upstream writes a row without TAO', 5],
  ])('books the end of subnet %i at its payout to the rao, %s', async (netuid, _, paid) => {
    const payout = payouts.get(`${TRADER}/${netuid}`) ?? 0n;
    expect(payout > 0n).toBe(true);
    const all = await summary();
    expect(flowsOf(all, netuid)).toBe(BigInt(paid) * 1_000_000_000n - payout);
    expect(all.data.subnets.find((subnet) => subnet.netuid === netuid)?.estimated).toBe(false);
  });

  interface Basis {
    data: Record<string, string | number | boolean>[];
    complete: boolean;
    missing: unknown[];
    total: Record<string, string>;
  }

  it('has a cost basis that closes to the rao in every position, with the payouts realised and lots carried along', async () => {
    for (const method of ['fifo', 'average']) {
      const { data, complete, missing } = await get<Basis>(`/cost-basis?method=${method}`);
      expect([complete, missing]).toEqual([true, []]);
      expect(new Set(data.map((row) => row['closure_rao']))).toEqual(new Set(['0']));
    }
    const { data } = await get<Basis>('/cost-basis');
    const rowOf = (wallet: string, netuid: number): Basis['data'][number] =>
      data.find((row) => row['wallet'] === wallet && row['netuid'] === netuid) ?? {};
    expect(rao(String(rowOf(TRADER, 9)['realised_tao']))).toBe((payouts.get(`${TRADER}/9`) ?? 0n) - 8_000_000_000n);
    expect(rowOf(VAULT, 7)).toMatchObject({ in_tao: '0.000000000', basis_complete: true });
    expect(rowOf(VAULT, 7)['carried_in_tao']).toBe(rowOf(TRADER, 7)['carried_out_tao']);
    expect(rao(String(rowOf(VAULT, 7)['carried_in_tao'])) > 0n).toBe(true);
  });

  it('does not know a subnet that has just ended, and books it once its payment has been seen', async () => {
    act(world.simulator, { action: 'deregister', netuid: 7, quiet: true }, payouts);
    await settle();
    const early = (await summary()).data;
    expect([early.complete, early.total]).toEqual([false, null]);
    const reason = early.subnets.find((subnet) => subnet.netuid === 7 && subnet.state === 'unknown')?.reason;
    expect(reason).toContain('no balance of the wallet from after its payment is known yet');
    world.simulator.advance(7_200);
    await settle();
    const { data } = await summary();
    expect([data.complete, data.missing]).toEqual([true, []]);
    expect(data.total).toMatchObject({ closure_rao: '0' });
    for (const wallet of [TRADER, VAULT]) {
      const basis = await get<Basis>(`/cost-basis?wallet=${wallet}&netuid=7`);
      const out = basis.data.reduce((sum, row) => sum + rao(String(row['out_tao'])), 0n);
      // The trader has also sold a part of it by a move to another subnet.
      expect(out >= (payouts.get(`${wallet}/7`) ?? 0n) && out > 0n).toBe(true);
      if (wallet === VAULT) expect(out).toBe(payouts.get(`${VAULT}/7`));
    }
  });

  interface Reconciliation {
    data: {
      state: string;
      verdict: string;
      evidence: { check: string; severity: string; subject: string; difference: string }[];
    };
  }

  async function brokenLedgers(): Promise<{ subject: string; lostRao: bigint }[]> {
    const { run_id } = await world.service.json<{ run_id: string }>('/api/v1/reconciliation/run', { method: 'POST' });
    const ended = await world.service.until<Reconciliation>(
      `/api/v1/reconciliation/runs/${run_id}`,
      ({ data }) => data.state === 'finished',
    );
    const found = ended.data.evidence.filter(({ check, severity }) => check === 'R7' && severity === 'fail');
    return found.map(({ subject, difference }) => ({ subject, lostRao: -BigInt(difference) }));
  }

  it('breaks the reconciliation when alpha left a subnet and no event tells of it', async () => {
    expect(await brokenLedgers()).toEqual([]);
    const [lost] = await world.rows(
      `DELETE FROM delegation_events WHERE id =
         (SELECT id FROM delegation_events WHERE netuid = 1 AND action = 'UNDELEGATE' ORDER BY block_number DESC LIMIT 1)
       RETURNING alpha`,
    );
    await world.rows('UPDATE event_cursors SET updated_at = clock_timestamp()');
    const [broken, ...others] = await brokenLedgers();
    expect(others).toEqual([]);
    expect(broken?.subject).toMatch(/^subnet 1 /);
    // Less a day's emission, which nobody can tell from it.
    expect((broken?.lostRao ?? 0n) * 100n > BigInt(lost?.['alpha'] ?? 0) * 80n).toBe(true);
  });
});
