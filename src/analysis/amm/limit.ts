import { ExactDecimal } from '../../common';
import { ONE, exact, floorRao } from '../exact';
import { spotPrice } from './curve';
import { curveOf } from './era';
import { feeOnNet } from './fee';
import type { PoolReserves } from './pool';
import { accept, poolRefusal, refuse, type Refusable } from './refusal';
import type { Direction } from './trade';

/** The largest trade that a limit order fills: gross = net + fee, all in the input token's rao. */
export interface LimitQuantity {
  direction: Direction;
  netInRao: bigint;
  feeRao: bigint;
  grossInRao: bigint;
}

/**
 * How much a limit order can trade before the marginal price after the fill reaches `limitPrice` (TAO per alpha; it
 * bounds that price, not the average). Stake: T * ((limit / p)^w_alpha - 1); unstake: A * ((p / limit)^w_tao - 1), both
 * floored. A limit at or beyond the current price on the wrong side fills nothing and is refused.
 */
export function limitQuantity(
  pool: PoolReserves,
  order: { direction: Direction; limitPrice: ExactDecimal },
): Refusable<LimitQuantity> {
  const curve = curveOf(pool);
  if (curve === null) return refuse('no_market', 'subnets had no pools at this block');
  const unfit = poolRefusal(pool, curve, order.direction);
  if (unfit) return { ok: false, refusal: unfit };

  const price = spotPrice(curve);
  const { direction, limitPrice } = order;
  const wrongSide = direction === 'stake' ? limitPrice.lte(price) : limitPrice.gte(price);
  if (wrongSide || limitPrice.lte(0) || curve.method === 'root') {
    return refuse('limit_not_reachable', `the price is ${price.toSignificantDigits(12).toFixed()} TAO already`);
  }

  const taoWeight = curve.taoWeight;
  const factor = direction === 'stake' ? limitPrice.div(price) : price.div(limitPrice);
  const exponent = taoWeight === null ? null : direction === 'stake' ? ONE.minus(taoWeight) : taoWeight;
  const growth = exponent === null ? factor.sqrt() : factor.pow(exponent);
  const reserveRao = direction === 'stake' ? curve.taoRao : curve.alphaRao;
  const netInRao = floorRao(exact(reserveRao).times(growth.minus(1)));
  const feeRao =
    curve.fee.kind === 'rate'
      ? feeOnNet(netInRao, curve.fee.numerator)
      : curve.fee.kind === 'flat' && direction === 'stake'
        ? curve.fee.taoRao
        : 0n;
  return accept({ direction, netInRao, feeRao, grossInRao: netInRao + feeRao });
}
