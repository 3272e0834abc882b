import { ExactDecimal } from '../../common';
import { ONE, ZERO, ceilDiv, ceilRao, exact } from '../exact';
import { FIXED_ONE, powerUp, toFixedPoint } from './power';

/** Digits kept after a power, rounded against the trader; 50 leave an error below 1e-30 rao on any real pool. */
const POWER_PLACES = 50;

/** One side of a swap: what goes into `inReserveRao`, what comes out of `outReserveRao`. */
export interface SwapSide {
  inReserveRao: bigint;
  outReserveRao: bigint;
  /** Weight of the input token over the weight of the output token; null means equal weights, all integers. */
  exponent: ExactDecimal | null;
}

/**
 * Output for a net input. Equal weights: floor(out * in / (reserveIn + in)), exact integers. Otherwise the weighted
 * (Balancer) curve of the chain's swap pallet: floor(out * (1 - (reserveIn / (reserveIn + in))^(w_in / w_out))).
 * The power is rounded up and the amount down, so the pool never overpays. Domain: reserves > 0, in >= 0.
 */
export function outputFor(side: SwapSide, netInRao: bigint): bigint {
  const { inReserveRao, outReserveRao, exponent } = side;
  if (exponent === null) return (outReserveRao * netInRao) / (inReserveRao + netInRao);
  const remaining = powerUp(inReserveRao, inReserveRao + netInRao, toFixedPoint(exponent));
  return (outReserveRao * (FIXED_ONE - remaining)) / FIXED_ONE;
}

/** `outputFor` before rounding to whole rao, for questions about slopes and bounds. Domain as there. */
export function realOutputFor(side: SwapSide, netIn: ExactDecimal): ExactDecimal {
  const inReserve = exact(side.inReserveRao);
  const ratio = inReserve.div(inReserve.plus(netIn));
  const remaining = side.exponent === null ? ratio : ratio.pow(side.exponent);
  const roundedUp = remaining.toDecimalPlaces(POWER_PLACES, ExactDecimal.ROUND_UP);
  return roundedUp.gte(1) ? ZERO : exact(side.outReserveRao).times(ONE.minus(roundedUp));
}

/**
 * Smallest net input whose output reaches `outRao`: the inverse of `outputFor`,
 * reserveIn * ((out / (out - wanted))^(w_out / w_in) - 1). Null when the reserve does not hold that much.
 */
export function inputFor(side: SwapSide, outRao: bigint): bigint | null {
  const { inReserveRao, outReserveRao, exponent } = side;
  if (outRao >= outReserveRao) return null;
  if (exponent === null) return ceilDiv(inReserveRao * outRao, outReserveRao - outRao);
  const growth = exact(outReserveRao)
    .div(exact(outReserveRao - outRao))
    .pow(ONE.div(exponent));
  let netInRao = ceilRao(exact(inReserveRao).times(growth.minus(1)));
  while (outputFor(side, netInRao) < outRao) netInRao += 1n;
  while (netInRao > 0n && outputFor(side, netInRao - 1n) >= outRao) netInRao -= 1n;
  return netInRao;
}
