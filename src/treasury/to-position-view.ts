import { floorRao, ROOT_NETUID } from '../analysis';
import { type DataSourceAge, ExactDecimal, formatTokens, parseRao, tokensOf } from '../common';
import type { Market, Pool, Position, PositionHistory } from '../database';
import type { PositionDayView, PositionView, SubnetHoldingView, UnpricedReason } from './position.view';

/** How the position's wallet stands. */
export interface PositionStanding {
  age: DataSourceAge;
  /** Block of the wallet's newest good answer. */
  confirmedBlock: number | null;
}

type Held = Pick<Position, 'netuid' | 'registrationBlockNumber' | 'balance'>;
/** Nothing is known of what the alpha is worth. */
export const NO_MARKET: Market = { pool: null, registrationBlock: null };

export function toPositionView(position: Position, market: Market | undefined, of: PositionStanding): PositionView {
  const { price, value, reason, pool } = valueOf(position, market ?? NO_MARKET);
  return {
    wallet: position.coldkey,
    hotkey: position.hotkey,
    netuid: position.netuid,
    subnet_name: pool?.name ?? null,
    registration_block: position.registrationBlockNumber,
    balance: tokensOf(position.balance),
    price_tao: price,
    value_tao: value,
    unpriced_reason: reason,
    upstream_value_tao: tokensOf(position.balanceAsTao),
    block_number: position.blockNumber,
    block_at: position.upstreamAt.toISOString(),
    confirmed_block_number: of.confirmedBlock,
    pool_block_number: pool?.blockNumber ?? null,
    pool_block_at: pool?.timestamp.toISOString() ?? null,
    first_seen_at: position.firstSeenAt.toISOString(),
    exited_at: position.exitedAt?.toISOString() ?? null,
    as_of: of.age.asOf?.toISOString() ?? null,
    trust: of.age.trust,
  };
}

/** All positions of one netuid together, priced as the generation that the netuid has now. */
export function toSubnetHoldingView(
  netuid: number,
  { positions, balance }: { positions: number; balance: string },
  market: Market,
): SubnetHoldingView {
  const { price, value, pool } = valueOf(
    { netuid, balance, registrationBlockNumber: market.registrationBlock },
    market,
  );
  return {
    netuid,
    positions,
    balance: tokensOf(balance),
    price_tao: price,
    value_tao: value,
    pool_block_number: pool?.blockNumber ?? null,
  };
}

export function toPositionDayView(day: PositionHistory): PositionDayView {
  return {
    day: day.day,
    wallet: day.coldkey,
    hotkey: day.hotkey,
    netuid: day.netuid,
    registration_block: day.registrationBlockNumber,
    balance: tokensOf(day.balance),
    value_tao: tokensOf(day.balanceAsTao),
    block_number: day.blockNumber,
    block_at: day.upstreamAt.toISOString(),
    origin: day.origin,
  };
}

interface Valuation {
  price: string | null;
  value: string | null;
  reason: UnpricedReason | null;
  pool: Pool | null;
}

/** Balance at the pool's marginal price, rounded down to a rao. Root is worth its TAO. */
function valueOf(held: Held, market: Market): Valuation {
  const { pool, registrationBlock } = market;
  // What is not held is worth nothing at any price.
  if (parseRao(held.balance) === 0n) return { price: null, value: tokensOf('0'), reason: null, pool };
  if (held.netuid === ROOT_NETUID) return { price: '1', value: tokensOf(held.balance), reason: null, pool };
  const ofFormer = held.registrationBlockNumber !== null && held.registrationBlockNumber !== registrationBlock;
  if (registrationBlock !== null && ofFormer) return unpriced('former_generation', null);
  if (pool === null) return unpriced('no_pool', null);
  if (pool.startupMode === true) return unpriced('startup', pool);
  const valueRao = floorRao(new ExactDecimal(held.balance).times(pool.price));
  return { price: pool.price, value: formatTokens(valueRao), reason: null, pool };
}

function unpriced(reason: UnpricedReason, pool: Pool | null): Valuation {
  return { price: null, value: null, reason, pool };
}
