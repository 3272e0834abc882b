import { NET_UNSTAKE_BLOCK } from './chain';
import { DEMO_WALLETS, type RunningSimulator, startSimulator } from './index';

interface KeyText {
  ss58: string;
}
interface Delegation {
  id: string;
  action: string;
  amount: string;
  alpha: string;
  fee: string;
  netuid: number;
  extrinsic_id: string;
  is_transfer: true | null;
  block_number: number;
  delegate: KeyText;
  slippage: string;
}
interface Transfer {
  from: KeyText;
  to: KeyText;
  amount: string;
  fee: string;
}
interface Account {
  block_number: number;
  balance_free: string;
  balance_staked: string;
  balance_staked_alpha_as_tao: string;
  balance_staked_root: string;
  balance_reserved: string;
  balance_liquidity: string;
  balance_total: string;
  alpha_balances: { netuid: number; hotkey: string; balance: string; balance_as_tao: string }[];
}

const START = new Date('2026-10-10T12:00:00Z');
const DAY_SECONDS = 86_400;

describe('the ledger of the simulated wallets', () => {
  let simulator: RunningSimulator;

  beforeAll(async () => {
    simulator = await startSimulator({ startAt: START, speed: 0, generation: 'string' });
  });

  afterAll(() => simulator.close());

  async function all<T>(path: string): Promise<T[]> {
    const rows: T[] = [];
    for (let page: number | null = 1; page !== null;) {
      const answer = await fetch(`${simulator.url}${path}&limit=200&page=${page}`, { headers: { authorization: 'k' } });
      const body = (await answer.json()) as { data: T[]; pagination: { next_page: number | null } };
      rows.push(...body.data);
      page = body.pagination.next_page;
    }
    return rows;
  }

  const account = async (address: string): Promise<Account> => {
    const [row] = await all<Account>(`/api/account/latest/v1?address=${address}`);
    if (row === undefined) throw new Error('not indexed');
    return row;
  };

  it('shows three wallets with 40 positions, two of them on one subnet through two hotkeys', async () => {
    const positions = (await Promise.all(DEMO_WALLETS.map(account))).flatMap((row) => row.alpha_balances);
    expect(positions).toHaveLength(40);
    const [treasury] = DEMO_WALLETS;
    const on64 = (await account(treasury ?? '')).alpha_balances.filter((position) => position.netuid === 64);
    expect(new Set(on64.map((position) => position.hotkey)).size).toBe(2);
  });

  it('keeps the identities of an account to the rao, and the sum of its positions', async () => {
    for (const address of DEMO_WALLETS) {
      const row = await account(address);
      const rao = (field: keyof Account): bigint => BigInt(row[field] as string);
      expect(rao('balance_staked')).toBe(rao('balance_staked_alpha_as_tao') + rao('balance_staked_root'));
      expect(rao('balance_total')).toBe(
        rao('balance_free') + rao('balance_staked') + rao('balance_reserved') + rao('balance_liquidity'),
      );
      const sum = row.alpha_balances.reduce((total, position) => total + BigInt(position.balance_as_tao), 0n);
      expect(sum).toBe(rao('balance_staked'));
    }
  });

  it.each(DEMO_WALLETS)(
    'explains the free TAO of %s by its rows and its extrinsic fees, after a further month',
    async (address) => {
      for (let day = 0; day < 30; day += 1) simulator.advance(DAY_SECONDS);
      const delegations = await all<Delegation>(`/api/delegation/v1?nominator=${address}`);
      const transfers = await all<Transfer>(`/api/transfer/v1?address=${address}`);
      let cash = 0n;
      for (const row of delegations) {
        if (row.is_transfer === true) continue;
        cash += row.action === 'UNDELEGATE' ? BigInt(row.amount) : -BigInt(row.amount);
      }
      for (const row of transfers) {
        if (row.to.ss58 === address) cash += BigInt(row.amount);
        if (row.from.ss58 === address) cash -= BigInt(row.amount) + BigInt(row.fee);
      }
      const residual = BigInt((await account(address)).balance_free) - cash;
      const extrinsics = new Set(delegations.map((row) => row.extrinsic_id)).size;
      const liquidated = delegations.some((row) => row.netuid === 31 && row.amount === '0');
      // What is left is the fee of each extrinsic, and the payout of the subnet that was taken away.
      expect(residual).toBeGreaterThanOrEqual(-1_069_370n * BigInt(extrinsics));
      if (!liquidated) expect(residual).toBeLessThan(0n);
      else expect(residual).toBeGreaterThan(0n);
    },
  );

  it('leaves emission as the only residual of a position: never negative, and what the posted yield allows', async () => {
    const [treasury] = DEMO_WALLETS;
    const row = await account(treasury ?? '');
    const delegations = await all<Delegation>(`/api/delegation/v1?nominator=${treasury}`);
    for (const position of row.alpha_balances) {
      const events = delegations.filter(
        (event) => event.netuid === position.netuid && event.delegate.ss58 === position.hotkey,
      );
      const put = events.reduce((sum, event) => sum + signedAlpha(event), 0n);
      const earned = BigInt(position.balance) - put;
      expect(earned).toBeGreaterThanOrEqual(0n);
      const everPutIn = events.filter((event) => event.action === 'DELEGATE').map((event) => BigInt(event.alpha));
      expect(earned).toBeLessThan(everPutIn.reduce((sum, alpha) => sum + alpha, 0n));
    }
  });

  it('tells moves, transfers, swapped hotkeys and liquidations as upstream does', async () => {
    const rows = (
      await Promise.all(DEMO_WALLETS.map((address) => all<Delegation>(`/api/delegation/v1?nominator=${address}`)))
    ).flat();
    const swapped = rows.filter((row) => row.id.startsWith('hotkey-swap-'));
    expect(new Set(swapped.map((row) => row.slippage))).toEqual(new Set(['200', '-200']));
    expect(swapped.every((row) => row.amount === '0' && row.fee === '0')).toBe(true);
    expect(rows.some((row) => row.is_transfer === true)).toBe(true);
    expect(rows.every((row) => row.is_transfer === true || row.is_transfer === null)).toBe(true);
    expect(rows.some((row) => row.netuid === 31 && row.amount === '0')).toBe(true);
    expect(new Set(rows.map((row) => row.id)).size).toBe(rows.length);
    const moved = rows.filter((row) => row.netuid === 64 && row.fee === '0' && row.is_transfer === null);
    const [first] = moved.filter((row) => row.action === 'UNDELEGATE');
    const counterpart = moved.find((row) => row.extrinsic_id === first?.extrinsic_id && row.action === 'DELEGATE');
    expect(counterpart).toMatchObject({ alpha: first?.alpha, amount: first?.amount });
  });

  it('answers an address that it does not know with no rows and no error', async () => {
    const stranger = '5C4hrfjw9DjXZTzV3MwzrrAr9P1MJhSrvWGWqi1eSuyUpnhM';
    expect(await all(`/api/account/latest/v1?address=${stranger}`)).toEqual([]);
    expect(await all(`/api/dtao/stake_balance/latest/v1?coldkey=${stranger}`)).toEqual([]);
  });

  it('has 21 rows of stake history on a day of a mining position, and one on a quiet day of another', async () => {
    const [treasury, , mining] = DEMO_WALLETS;
    const rowsOfDay = async (coldkey: string, index: number): Promise<number> => {
      const position = (await account(coldkey)).alpha_balances[index];
      const day = Date.UTC(2026, 5, 3) / 1000;
      const rows = await all(
        `/api/dtao/stake_balance/history/v1?coldkey=${coldkey}&hotkey=${position?.hotkey}&netuid=${position?.netuid}` +
          `&timestamp_start=${day}&timestamp_end=${day + DAY_SECONDS - 1}`,
      );
      return rows.length;
    };
    expect(await rowsOfDay(mining ?? '', 0)).toBe(21);
    expect(await rowsOfDay(treasury ?? '', 3)).toBe(1);
  });

  it('has a row of account history for each of the last 365 days', async () => {
    const rows = await all<Account>(`/api/account/history/v1?address=${DEMO_WALLETS[0]}`);
    expect(rows.length).toBeGreaterThanOrEqual(365);
    const steps = rows.slice(1).map((row, index) => (rows[index]?.block_number ?? 0) - row.block_number);
    expect(new Set(steps)).toEqual(new Set([7_200]));
  });
});

function signedAlpha(event: Delegation): bigint {
  const alpha = BigInt(event.alpha);
  if (event.action === 'DELEGATE') return alpha;
  return event.block_number >= NET_UNSTAKE_BLOCK ? -(alpha + BigInt(event.fee)) : -alpha;
}
