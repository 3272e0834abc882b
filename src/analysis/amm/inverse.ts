import type { ExactDecimal } from '../../common';
import { ONE, ZERO, exact } from '../exact';
import { spotPrice, type Curve } from './curve';
import { FEE_DENOMINATOR, grossFor } from './fee';
import { MAXIMUM_SWAP_MULTIPLE } from './pool';
import { inputFor, realOutputFor } from './swap';
import { sideOf, type Direction } from './trade';

/**
 * Smallest input, fee included, whose output reaches `outRao` (alpha to sell for a wanted amount of TAO, or TAO to stake
 * for a wanted amount of alpha). Null when the pool cannot pay that much.
 */
export function inputForOutput(curve: Curve, order: { direction: Direction; outRao: bigint }): bigint | null {
  if (order.outRao <= 0n) return 0n;
  if (curve.method === 'root') return order.outRao;
  const { fee } = curve;
  const taxedOutput = fee.kind === 'flat' && order.direction === 'unstake';
  const netInRao = inputFor(sideOf(curve, order.direction), taxedOutput ? order.outRao + fee.taoRao : order.outRao);
  if (netInRao === null) return null;
  if (fee.kind === 'rate') return grossFor(netInRao, fee.numerator);
  return fee.kind === 'flat' && !taxedOutput ? netInRao + fee.taoRao : netInRao;
}

/**
 * Largest input whose shortfall against the marginal price stays at or below `maximum` (a fraction, 0.01 is 1 %), fee
 * counted unless `feeFree`. Whole-rao rounding is left out of the shortfall, or dust would seem costly. Zero when the fee
 * alone costs more. Root has no slippage and so no bound: null. The chain's 1000x ceiling bounds the answer.
 */
export function largestInputUnder(
  curve: Curve,
  order: { direction: Direction; maximum: ExactDecimal; feeFree?: boolean },
): bigint | null {
  if (curve.method === 'root') return null;
  const { direction } = order;
  const fee = order.feeFree ? ({ kind: 'none' } as const) : curve.fee;
  const side = sideOf(curve, direction);
  const spot = spotPrice(curve);
  const pricePerInput = direction === 'stake' ? ONE.div(spot) : spot;
  const kept = fee.kind === 'rate' ? ONE.minus(exact(fee.numerator).div(exact(FEE_DENOMINATOR))) : ONE;
  const flatIn = fee.kind === 'flat' && direction === 'stake' ? exact(fee.taoRao) : ZERO;
  const flatOut = fee.kind === 'flat' && direction === 'unstake' ? exact(fee.taoRao) : ZERO;
  const worstPricePerInput = pricePerInput.times(ONE.minus(order.maximum));

  const allows = (inRao: bigint): boolean => {
    const netIn = exact(inRao).times(kept).minus(flatIn);
    if (netIn.lte(0)) return false;
    return realOutputFor(side, netIn).minus(flatOut).gte(exact(inRao).times(worstPricePerInput));
  };
  return largestAllowed(allows, side.inReserveRao * MAXIMUM_SWAP_MULTIPLE);
}

/** Bisection from above: the shortfall grows with size (under a flat fee, from some size on). */
function largestAllowed(allows: (inRao: bigint) => boolean, ceilingRao: bigint): bigint {
  if (ceilingRao <= 0n) return 0n;
  if (allows(ceilingRao)) return ceilingRao;
  let tooLargeRao = ceilingRao;
  let allowedRao = ceilingRao / 2n;
  while (allowedRao > 0n && !allows(allowedRao)) {
    tooLargeRao = allowedRao;
    allowedRao /= 2n;
  }
  while (tooLargeRao - allowedRao > 1n) {
    const middleRao = (allowedRao + tooLargeRao) / 2n;
    if (allows(middleRao)) allowedRao = middleRao;
    else tooLargeRao = middleRao;
  }
  return allowedRao;
}
