import { BLOCKS_PER_DAY, dateOf, timestampOf } from '../chain';
import type { Json, JsonObject } from '../json';
import type { Account, Position } from '../model/account';
import type { World } from '../model/world';
import { valueAt } from '../numbers';
import { keyJson } from './subnet-rows';

interface Balances {
  free: bigint;
  reserved: bigint;
  alphaAsTao: bigint;
  root: bigint;
}

/** What one position is worth at the block's price, without slippage or fee. */
export function asTao(world: World, position: Position, block: number): bigint {
  return valueAt(position.balance(block), world.pools.price(position.netuid, block));
}

/** staked = alpha as TAO + root, total = free + staked + reserved + liquidity, to the rao and over the same positions. */
function balancesOf(world: World, account: Account, block: number): Balances {
  const sum = { free: account.freeAt(block), reserved: account.reserved, alphaAsTao: 0n, root: 0n };
  for (const position of account.held(block)) {
    const value = asTao(world, position, block);
    if (position.netuid === 0) sum.root += value;
    else sum.alphaAsTao += value;
  }
  return sum;
}

/** The newest row of an account. In a list the day-old figures and the positions are null. */
export function latestAccount(world: World, account: Account, view: { block: number; single: boolean }): JsonObject {
  const { block, single } = view;
  const now = balanceFields(balancesOf(world, account, block), '', String);
  return {
    address: keyJson(account.key),
    network: 'finney',
    block_number: block,
    timestamp: timestampOf(block),
    rank: rankOf(world, account),
    ...now,
    ...(single ? dayAgo(world, account, block - BLOCKS_PER_DAY) : nulls(now)),
    root_claim_type: 'Swap',
    root_basket_claimable_tao: claimable(account, block).toString(),
    created_on_date: dateOf(account.createdAt),
    created_on_network: 'finney',
    coldkey_swap: null,
    alpha_balances: single ? alphaBalances(world, account, block) : null,
    alpha_balances_24hr_ago: single ? alphaBalances(world, account, block - BLOCKS_PER_DAY) : null,
  };
}

/** The same balances at the end of a day; JSON integers in the newer generation. */
export function historicAccount(world: World, account: Account, block: number): JsonObject {
  const number = (amount: bigint): Json => (world.generation === 'string' ? amount.toString() : amount);
  return {
    address: keyJson(account.key),
    network: 'finney',
    block_number: block,
    timestamp: timestampOf(block),
    rank: rankOf(world, account),
    ...balanceFields(balancesOf(world, account, block), '', number),
    root_claim_type: 'Swap',
    created_on_date: dateOf(account.createdAt),
    created_on_network: 'finney',
    coldkey_swap: null,
  };
}

function balanceFields(balances: Balances, suffix: string, write: (amount: bigint) => Json): JsonObject {
  const { free, reserved, alphaAsTao, root } = balances;
  const staked = alphaAsTao + root;
  return {
    [`balance_free${suffix}`]: write(free),
    [`balance_reserved${suffix}`]: write(reserved),
    [`balance_staked${suffix}`]: write(staked),
    [`balance_staked_alpha_as_tao${suffix}`]: write(alphaAsTao),
    [`balance_staked_root${suffix}`]: write(root),
    [`balance_liquidity${suffix}`]: write(0n),
    [`balance_total${suffix}`]: write(free + staked + reserved),
  };
}

/** A wallet younger than a day has zeros here, and no liquidity figure: its whole deposit looks like profit. */
function dayAgo(world: World, account: Account, block: number): JsonObject {
  const known = block >= account.createdAt;
  const balances = known ? balancesOf(world, account, block) : { free: 0n, reserved: 0n, alphaAsTao: 0n, root: 0n };
  const fields = balanceFields(balances, '_24hr_ago', String);
  return known ? fields : { ...fields, balance_liquidity_24hr_ago: null };
}

function nulls(fields: JsonObject): JsonObject {
  return Object.fromEntries(Object.keys(fields).map((field) => [`${field}_24hr_ago`, null]));
}

function alphaBalances(world: World, account: Account, block: number): Json[] {
  return account
    .held(block)
    .filter((position) => position.netuid !== 0 || world.habits.rootInAlphaBalances)
    .map((position) => ({
      balance: position.balance(block).toString(),
      balance_as_tao: asTao(world, position, block).toString(),
      hotkey: position.hotkey.ss58,
      coldkey: account.key.ss58,
      netuid: position.netuid,
    }));
}

function claimable(account: Account, block: number): bigint {
  return account.held(block).reduce((sum, position) => sum + position.claimable(block), 0n);
}

function rankOf(world: World, account: Account): number {
  return 1_200 + [...world.ledger.accounts.keys()].indexOf(account.key.ss58) * 37;
}
