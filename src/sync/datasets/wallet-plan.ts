import type { Account, AccountHistory, Position, PositionHistory, WalletHoldings } from '../../database';
import type { AccountHistoryPayload, AccountPayload, AlphaBalance } from '../../taostats';
import type { AcceptedWallet, StoredWallet } from './wallet-answer';

const ROOT = 0;

export interface WalletPlan {
  address: string;
  accepted: AcceptedWallet;
  stored: StoredWallet;
  /** Registration blocks of a netuid's generations. */
  generations: ReadonlyMap<number, readonly number[]>;
  runId: string;
}

/** Registration block of the generation that a block falls into; null for root, and before the first one known. */
export function generationAt(registrations: readonly number[], blockNumber: number): number | null {
  const begun = registrations.filter((registration) => registration > 0 && registration <= blockNumber);
  return begun.length === 0 ? null : Math.max(...begun);
}

/** `2026-01-31`: the UTC day of a moment. */
export function dayOf(moment: Date): string {
  return moment.toISOString().slice(0, 10);
}

/** The rows that an accepted answer becomes: what it holds, and a zero for each held position that it covers and lacks. */
export function planWallet(plan: WalletPlan): WalletHoldings {
  const { accepted, address, runId } = plan;
  const account = { ...toAccount(accepted.account, runId), address };
  const positions = [...heldRows(plan), ...exitRows(plan)];
  const day = dayOf(account.upstreamAt);
  return {
    account,
    accountDay: {
      ...toAccountDay(accepted.account, runId),
      address,
      origin: 'snapshot',
      positionsSeenAt: account.upstreamAt,
    },
    positions,
    positionDays: positions.map(({ exitedAt: _exitedAt, ...figures }): Partial<PositionHistory> => ({
      ...figures,
      day,
      origin: 'snapshot',
    })),
  };
}

type PositionRow = Omit<Position, 'firstSeenAt'>;

function heldRows({ address, accepted, stored, generations, runId }: WalletPlan): PositionRow[] {
  const { account } = accepted;
  const before = new Map(stored.positions.map((position) => [keyOf(position), position]));
  return accepted.balances.flatMap((balance) => {
    const known = before.get(keyOf(balance));
    const isZero = BigInt(balance.balance) === 0n;
    // An explicit zero is an exit too: once, and only of what was held.
    if (isZero && (known === undefined || known.exitedAt !== null)) return [];
    const upstreamAt = new Date(account.timestamp);
    return {
      coldkey: address,
      hotkey: balance.hotkey,
      netuid: balance.netuid,
      registrationBlockNumber: registrationOf(balance, account, generations),
      blockNumber: account.block_number,
      upstreamAt,
      balance: balance.balance,
      balanceAsTao: isZero ? '0' : balance.balance_as_tao,
      exitedAt: isZero ? upstreamAt : null,
      runId,
    };
  });
}

function exitRows({ address, accepted, stored, runId }: WalletPlan): PositionRow[] {
  const { account, balances, covers } = accepted;
  const present = new Set(balances.map(keyOf));
  const upstreamAt = new Date(account.timestamp);
  return stored.positions
    .filter((position) => position.exitedAt === null && !present.has(keyOf(position)))
    .filter((position) => (position.netuid === ROOT ? covers.root : covers.alpha))
    .map((position) => ({
      coldkey: address,
      hotkey: position.hotkey,
      netuid: position.netuid,
      registrationBlockNumber: position.registrationBlockNumber,
      blockNumber: account.block_number,
      upstreamAt,
      balance: '0',
      balanceAsTao: '0',
      exitedAt: upstreamAt,
      runId,
    }));
}

function keyOf({ hotkey, netuid }: { hotkey: string; netuid: number }): string {
  return `${hotkey}/${netuid}`;
}

function registrationOf(
  { netuid }: AlphaBalance,
  { block_number }: AccountPayload,
  generations: WalletPlan['generations'],
): number | null {
  return generationAt(generations.get(netuid) ?? [], block_number);
}

/** The figures that an account has at any block, by the day of that block. */
export function toAccountDay(
  payload: AccountHistoryPayload,
  runId: string,
): Omit<AccountHistory, 'origin' | 'positionsSeenAt'> {
  const upstreamAt = new Date(payload.timestamp);
  return { address: payload.address.ss58, day: dayOf(upstreamAt), ...figuresOf(payload), runId };
}

function toAccount(payload: AccountPayload, runId: string): Account {
  return {
    address: payload.address.ss58,
    network: payload.network,
    ...figuresOf(payload),
    balanceFree24hrAgo: payload.balance_free_24hr_ago,
    balanceReserved24hrAgo: payload.balance_reserved_24hr_ago,
    balanceStaked24hrAgo: payload.balance_staked_24hr_ago,
    balanceStakedAlphaAsTao24hrAgo: payload.balance_staked_alpha_as_tao_24hr_ago,
    balanceStakedRoot24hrAgo: payload.balance_staked_root_24hr_ago,
    balanceLiquidity24hrAgo: payload.balance_liquidity_24hr_ago,
    balanceTotal24hrAgo: payload.balance_total_24hr_ago,
    createdOnDate: payload.created_on_date,
    createdOnNetwork: payload.created_on_network,
    runId,
  };
}

function figuresOf(payload: AccountHistoryPayload) {
  return {
    blockNumber: payload.block_number,
    upstreamAt: new Date(payload.timestamp),
    rank: payload.rank,
    balanceFree: payload.balance_free,
    balanceReserved: payload.balance_reserved,
    balanceStaked: payload.balance_staked,
    balanceStakedAlphaAsTao: payload.balance_staked_alpha_as_tao,
    balanceStakedRoot: payload.balance_staked_root,
    balanceLiquidity: payload.balance_liquidity,
    balanceTotal: payload.balance_total,
    rootBasketClaimableTao: payload.root_basket_claimable_tao,
    rootClaimType: payload.root_claim_type,
  };
}
