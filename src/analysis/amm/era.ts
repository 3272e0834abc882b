import { ROOT_CURVE, balancerCurve, constantProductCurve, virtualReservesCurve, type Curve } from './curve';
import { ROOT_NETUID, type PoolReserves } from './pool';

/** A stretch of the chain's history with one way of pricing trades. A new curve is one more entry in `ERAS`. */
export interface Era {
  name: 'constant_product' | 'virtual_reserves' | 'balancer';
  /** First block priced this way. */
  fromBlock: number;
  curve: (pool: PoolReserves) => Curve;
}

/**
 * Oldest first. 4,920,351: dynamic TAO starts. 5,947,549: runtime 290 with the v3-like swap. 8,486,594: the block after
 * runtime 423 was set, which brought weighted pools (a first release in February 2026 was withdrawn within days).
 */
export const ERAS: readonly Era[] = [
  { name: 'constant_product', fromBlock: 4_920_351, curve: constantProductCurve },
  { name: 'virtual_reserves', fromBlock: 5_947_549, curve: virtualReservesCurve },
  { name: 'balancer', fromBlock: 8_486_594, curve: balancerCurve },
];

/** The era that priced trades at `blockNumber`; null before subnets had pools. */
export function eraAt(blockNumber: number): Era | null {
  return ERAS.findLast((era) => era.fromBlock <= blockNumber) ?? null;
}

/** The curve of a pool at its own block; null before subnets had pools. Root has the same 1:1 curve at any block. */
export function curveOf(pool: PoolReserves): Curve | null {
  if (pool.netuid === ROOT_NETUID) return ROOT_CURVE;
  return eraAt(pool.blockNumber)?.curve(pool) ?? null;
}
