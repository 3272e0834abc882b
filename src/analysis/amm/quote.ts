import { ONE, exact, ratioText } from '../exact';
import { spotPrice, type Curve, type CurveNote, type SwapMethod } from './curve';
import { curveOf } from './era';
import { feeOn } from './fee';
import type { PoolReserves } from './pool';
import { accept, poolRefusal, refuse, sizeRefusal, tradeRefusal, type Refusable } from './refusal';
import { afterTrade, computeTrade, sideOf, type Direction, type Trade } from './trade';

/** Decimals in a price that leaves this module; the chain itself resolves no more than 2^-64. */
const PRICE_PLACES = 28;

export interface QuoteOrder {
  direction: Direction;
  /** TAO rao for a stake, alpha rao for an unstake. */
  amountRao: bigint;
  /** An unstake that sells the whole position may be below the minimum. */
  emptiesPosition?: boolean;
  /** Only the second leg of a cross-subnet move is free. */
  waiveFee?: boolean;
}

/** A trade with its prices (TAO per alpha) and how it was computed. */
export interface SwapQuote extends Trade {
  netuid: number;
  blockNumber: number;
  method: SwapMethod;
  notes: readonly CurveNote[];
  spotPrice: string;
  /** What the trader pays or gets per alpha, fee included. */
  averagePrice: string;
  /** The marginal price that the next trader meets. */
  postPrice: string;
  /** Shortfall against the marginal price as a fraction, fee included: 0.01 is 1 %. */
  slippage: string;
  /** The same without the fee. */
  impact: string;
}

/**
 * Quotes one trade against a pool under the rules of the pool's block: fee from the input token, floors, minimum 0.002
 * TAO, at most 1000 times the input reserve, output reserve at least 1,000,000 rao. Never throws; refusals carry a code.
 */
export function quoteTrade(pool: PoolReserves, order: QuoteOrder): Refusable<SwapQuote> {
  const curve = curveOf(pool);
  if (curve === null) return refuse('no_market', 'subnets had no pools at this block');
  if (order.amountRao <= 0n) return refuse('amount_not_positive', 'the amount must be more than zero');
  const unfit = poolRefusal(pool, curve, order.direction);
  if (unfit) return { ok: false, refusal: unfit };

  if (curve.method !== 'root') {
    const netInRao = order.amountRao - chargedFee(curve, order);
    const tooLarge = sizeRefusal(sideOf(curve, order.direction), netInRao);
    if (tooLarge) return { ok: false, refusal: tooLarge };
  }
  const trade = computeTrade(curve, {
    direction: order.direction,
    inRao: order.amountRao,
    waiveFee: order.waiveFee ?? false,
  });
  const refused = tradeRefusal(trade, order.emptiesPosition ?? false);
  if (refused) return { ok: false, refusal: refused };
  return accept(describe(pool, curve, trade));
}

function chargedFee(curve: Curve, order: QuoteOrder): bigint {
  return curve.fee.kind === 'rate' && !order.waiveFee ? feeOn(order.amountRao, curve.fee.numerator) : 0n;
}

function describe(pool: PoolReserves, curve: Curve, trade: Trade): SwapQuote {
  const spot = spotPrice(curve);
  const [taoRao, alphaRao] = trade.direction === 'stake' ? [trade.inRao, trade.outRao] : [trade.outRao, trade.inRao];
  const ideal = trade.direction === 'stake' ? exact(trade.inRao).div(spot) : exact(trade.inRao).times(spot);
  const netIdeal = trade.direction === 'stake' ? exact(trade.netInRao).div(spot) : exact(trade.netInRao).times(spot);
  const beforeFlatFeeRao =
    trade.outRao + (trade.direction === 'unstake' && trade.feeToken === 'tao' ? trade.feeRao : 0n);
  return {
    ...trade,
    netuid: pool.netuid,
    blockNumber: pool.blockNumber,
    method: curve.method,
    notes: curve.notes,
    spotPrice: ratioText(spot, PRICE_PLACES),
    averagePrice: ratioText(exact(taoRao).div(exact(alphaRao)), PRICE_PLACES),
    postPrice: ratioText(spotPrice(afterTrade(curve, trade)), PRICE_PLACES),
    slippage: ratioText(ONE.minus(exact(trade.outRao).div(ideal))),
    impact: ratioText(ONE.minus(exact(beforeFlatFeeRao).div(netIdeal))),
  };
}
