import type { AccountBalances, StakeEventRow, StakeReading, WalletReading } from '../analysis';
import { ExactDecimal } from '../common';
import type { Account, Position } from '../database';
import type { AccountPayload, DelegationPayload, StakeBalancePayload } from '../taostats';

const ROOT = 0;
const DAYS_PER_YEAR = 365;

/** What is stored of a wallet. */
export function toStoredReading(account: Account, positions: readonly Position[]): WalletReading {
  const stake = positions.map((position): StakeReading => ({
    hotkey: position.hotkey,
    netuid: position.netuid,
    alphaRao: raoOf(position.balance),
    valueRao: raoOf(position.balanceAsTao),
    blockNumber: position.blockNumber,
    at: position.upstreamAt,
  }));
  const balances = toBalances(account.address, {
    free: account.balanceFree,
    reserved: account.balanceReserved,
    staked: account.balanceStaked,
    stakedAlpha: account.balanceStakedAlphaAsTao,
    stakedRoot: account.balanceStakedRoot,
    liquidity: account.balanceLiquidity,
    total: account.balanceTotal,
  });
  return toReading(stake, balances, { blockNumber: account.blockNumber, at: account.upstreamAt });
}

/** The second reading of a wallet; without `stake` the positions are those of the account's own answer. */
export function toLiveReading(account: AccountPayload, stake: readonly StakeBalancePayload[] | null): WalletReading {
  const at = new Date(account.timestamp);
  const balances = toBalances(account.address.ss58, {
    free: account.balance_free,
    reserved: account.balance_reserved,
    staked: account.balance_staked,
    stakedAlpha: account.balance_staked_alpha_as_tao,
    stakedRoot: account.balance_staked_root,
    liquidity: account.balance_liquidity,
    total: account.balance_total,
  });
  const listed = (account.alpha_balances ?? []).map((row): StakeReading => ({
    hotkey: row.hotkey,
    netuid: row.netuid,
    alphaRao: BigInt(row.balance),
    valueRao: BigInt(row.balance_as_tao),
    blockNumber: account.block_number,
    at,
  }));
  const own = toReading(listed, balances, { blockNumber: account.block_number, at });
  // Stake balances always list root: what is not among them is not there.
  const rows = stake?.map((row): StakeReading => ({
    hotkey: row.hotkey.ss58,
    netuid: row.netuid,
    alphaRao: BigInt(row.balance),
    valueRao: BigInt(row.balance_as_tao),
    blockNumber: row.block_number,
    at: new Date(row.timestamp),
  }));
  return rows === undefined ? own : { ...own, stake: withoutZeros(rows) };
}

/** Stake of an account's own answer; root stake that it counts and does not list is one row. */
function toReading(
  listed: readonly StakeReading[],
  account: AccountBalances,
  { blockNumber, at }: { blockNumber: number; at: Date },
): WalletReading {
  const stake = withoutZeros(listed);
  const rootRao = account.stakedRootRao;
  const listsRoot = stake.some(({ netuid }) => netuid === ROOT);
  if (!listsRoot && rootRao > 0n) {
    stake.push({ hotkey: null, netuid: ROOT, alphaRao: rootRao, valueRao: rootRao, blockNumber, at });
  }
  return { coldkey: account.coldkey, stake, account, listsRoot, blockNumber, at };
}

function withoutZeros(stake: readonly StakeReading[]): StakeReading[] {
  return stake.filter((row) => row.alphaRao > 0n);
}

/** An event that is not stored yet, as the ledger reads stored ones. */
export function toStakeEvent(payload: DelegationPayload): StakeEventRow {
  return {
    id: payload.id,
    blockNumber: payload.block_number,
    timestamp: new Date(payload.timestamp),
    action: payload.action,
    nominator: payload.nominator.ss58,
    delegate: payload.delegate.ss58,
    netuid: payload.netuid,
    amount: payload.amount,
    alpha: payload.alpha,
    fee: payload.fee,
    slippage: payload.slippage,
    extrinsicId: payload.extrinsic_id,
    isTransfer: payload.is_transfer,
    transferAddress: payload.transfer_address?.ss58 ?? null,
  };
}

/** Yield of one day as a fraction, from an APY; a little more than compounding gives. Null where nothing is earned. */
export function dailyYield(apy: string): string | null {
  const daily = new ExactDecimal(apy).div(DAYS_PER_YEAR);
  return daily.gt(0) ? daily.toFixed() : null;
}

type Figures = Record<'free' | 'staked' | 'total', string> &
  Record<'reserved' | 'stakedAlpha' | 'stakedRoot' | 'liquidity', string | null>;

/** An absent part counts as nothing, which the total then proves or disproves. */
function toBalances(coldkey: string, figures: Figures): AccountBalances {
  const stakedRao = raoOf(figures.staked);
  const stakedRootRao = raoOf(figures.stakedRoot ?? '0');
  return {
    coldkey,
    freeRao: raoOf(figures.free),
    reservedRao: raoOf(figures.reserved ?? '0'),
    stakedRao,
    stakedAlphaAsTaoRao: figures.stakedAlpha === null ? stakedRao - stakedRootRao : raoOf(figures.stakedAlpha),
    stakedRootRao,
    liquidityRao: raoOf(figures.liquidity ?? '0'),
    totalRao: raoOf(figures.total),
  };
}

function raoOf(text: string): bigint {
  return BigInt(new ExactDecimal(text).floor().toFixed());
}
