import type { Curve } from './curve';
import {
  MAXIMUM_PRICE,
  MAXIMUM_SWAP_MULTIPLE,
  MINIMUM_PRICE,
  MINIMUM_RESERVE_RAO,
  MINIMUM_TRADE_RAO,
  type PoolReserves,
} from './pool';
import { spotPrice } from './curve';
import type { SwapSide } from './swap';
import { sideOf, type Direction, type Trade } from './trade';

/**
 * Why no quote is given. The first three describe the pool, the rest the order. `no_market`: the block is older than
 * subnet pools. `startup_pool`: trading has not begun, so nothing can be bought.
 */
export type RefusalCode =
  | 'no_market'
  | 'startup_pool'
  | 'reserves_too_low'
  | 'price_out_of_range'
  | 'amount_not_positive'
  | 'above_max_swap'
  | 'zero_output'
  | 'below_minimum'
  | 'limit_not_reachable';

export interface Refusal {
  code: RefusalCode;
  reason: string;
}

export type Refusable<T> = { ok: true; value: T } | { ok: false; refusal: Refusal };

export function refuse(code: RefusalCode, reason: string): { ok: false; refusal: Refusal } {
  return { ok: false, refusal: { code, reason } };
}

export function accept<T>(value: T): { ok: true; value: T } {
  return { ok: true, value };
}

/** The chain's conditions on the pool itself; null when it may be traded against. */
export function poolRefusal(pool: PoolReserves, curve: Curve, direction: Direction): Refusal | null {
  if (curve.method === 'root') return null;
  if (pool.startup && direction === 'stake') {
    return { code: 'startup_pool', reason: 'trading on this subnet has not started, its price has no meaning yet' };
  }
  const side = sideOf(curve, direction);
  if (side.inReserveRao <= 0n || side.outReserveRao < MINIMUM_RESERVE_RAO) {
    return { code: 'reserves_too_low', reason: `the pool holds less than ${MINIMUM_RESERVE_RAO} rao to pay out` };
  }
  const price = spotPrice(curve);
  if (price.lt(MINIMUM_PRICE) || price.gt(MAXIMUM_PRICE)) {
    return { code: 'price_out_of_range', reason: `the price is outside ${MINIMUM_PRICE} to ${MAXIMUM_PRICE} TAO` };
  }
  return null;
}

/** The chain's ceiling on a net input; null when it is allowed. Checked before any power is computed. */
export function sizeRefusal(side: SwapSide, netInRao: bigint): Refusal | null {
  if (netInRao <= side.inReserveRao * MAXIMUM_SWAP_MULTIPLE) return null;
  return {
    code: 'above_max_swap',
    reason: `more than ${MAXIMUM_SWAP_MULTIPLE} times the pool's reserve of that token`,
  };
}

/**
 * The chain's conditions on a computed trade. The unstake minimum applies to the TAO received, unless the trade empties
 * the position; the stake minimum applies to the TAO that reaches the curve.
 */
export function tradeRefusal(trade: Trade, emptiesPosition: boolean): Refusal | null {
  if (trade.outRao === 0n) return { code: 'zero_output', reason: 'so small that the pool would pay nothing' };
  const taoRao = trade.direction === 'stake' ? trade.netInRao : trade.outRao;
  const exempt = trade.direction === 'unstake' && emptiesPosition;
  if (taoRao < MINIMUM_TRADE_RAO && !exempt) {
    return { code: 'below_minimum', reason: `worth less than the chain's minimum of ${MINIMUM_TRADE_RAO} rao` };
  }
  return null;
}
