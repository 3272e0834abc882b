import type { AccountPayload, AlphaBalance } from '../../src/taostats';
import { instantOf } from './fake-upstream';

/** Well-known development addresses with valid checksums. */
export const ALICE = '5GrwvaEF5zXb26Fz9rcQpDWS57CtERHpNehXCPcNoHGKutQY';
export const BOB = '5FHneW46xGXgs5mUiveU4sbTyGBzmstUspZC92UhjJM694ty';
export const HOTKEYS = [
  '5FLSigC9HGRKVhB9FiEo4Y3koPsNmBmLJbpXg2mp1hXcS59Y',
  '5DAAnrj7VHTznn2AWBemMuyBwZWs6FNFjdyVXUeYum3PTXFy',
] as const;

export interface Holding {
  hotkey: string;
  netuid: number;
  balance: bigint;
  asTao: bigint;
}

export interface AccountShape {
  block: number;
  holdings: readonly Holding[];
  free?: bigint;
  /** Whether the list of positions has the ones on root. */
  listsRoot?: boolean;
}

/** One row of `account/latest` whose parts add up. */
export function accountPayload(
  address: string,
  { block, holdings, free = 5_000_000_000n, listsRoot = true }: AccountShape,
): AccountPayload {
  const worth = (list: readonly Holding[]): bigint => list.reduce((sum, holding) => sum + holding.asTao, 0n);
  const root = worth(holdings.filter(({ netuid }) => netuid === 0));
  const alpha = worth(holdings.filter(({ netuid }) => netuid !== 0));
  const ago = {
    balance_free_24hr_ago: '0',
    balance_reserved_24hr_ago: '0',
    balance_staked_24hr_ago: '0',
    balance_staked_alpha_as_tao_24hr_ago: '0',
    balance_staked_root_24hr_ago: '0',
    balance_liquidity_24hr_ago: null,
    balance_total_24hr_ago: '0',
  };
  return {
    address: { ss58: address, hex: `0x${'0'.repeat(64)}` },
    network: 'finney',
    block_number: block,
    timestamp: instantOf(block),
    rank: 1_200,
    balance_free: String(free),
    balance_reserved: '0',
    balance_staked: String(alpha + root),
    balance_staked_alpha_as_tao: String(alpha),
    balance_staked_root: String(root),
    balance_liquidity: '0',
    balance_total: String(free + alpha + root),
    root_basket_claimable_tao: null,
    root_claim_type: 'Swap',
    created_on_date: '2024-03-23',
    created_on_network: 'finney',
    ...ago,
    alpha_balances: holdings
      .filter(({ netuid }) => listsRoot || netuid !== 0)
      .map(({ hotkey, netuid, balance, asTao }): AlphaBalance => ({
        balance: String(balance),
        balance_as_tao: String(asTao),
        hotkey,
        coldkey: address,
        netuid,
      })),
    alpha_balances_24hr_ago: [],
  };
}
