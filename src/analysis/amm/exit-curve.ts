import type { PoolReserves } from './pool';
import { quoteTrade, type SwapQuote } from './quote';
import type { Refusable } from './refusal';
import { spotPrice } from './curve';
import { curveOf } from './era';
import { exact, floorRao } from '../exact';
import type { Direction } from './trade';

/** Sizes of the slippage surface, in TAO rao. */
export const SURFACE_SIZES_RAO: readonly bigint[] = [2n, 5n, 10n, 15n, 20n].map((tao) => tao * 1_000_000_000n);

/** One size of a curve; `sizeTaoRao` is what the trade is worth at the marginal price. */
export interface CurvePoint {
  direction: Direction;
  sizeTaoRao: bigint;
  inRao: bigint;
  result: Refusable<SwapQuote>;
}

/**
 * What selling 1/steps, 2/steps ... all of a position yields, each from the untouched pool. Only the last point empties
 * the position, so only it is exempt from the minimum.
 */
export function exitCurve(pool: PoolReserves, alphaRao: bigint, steps = 10): CurvePoint[] {
  return Array.from({ length: steps }, (_, index) => {
    const inRao = (alphaRao * BigInt(index + 1)) / BigInt(steps);
    return point(pool, { direction: 'unstake', amountRao: inRao, emptiesPosition: index + 1 === steps });
  });
}

/** Quotes in both directions for each size; an unstake sells the alpha that `size` TAO is worth at the marginal price. */
export function slippageSurface(pool: PoolReserves, sizesTaoRao = SURFACE_SIZES_RAO): CurvePoint[] {
  return sizesTaoRao.flatMap((sizeTaoRao) => [
    { ...point(pool, { direction: 'stake', amountRao: sizeTaoRao }), sizeTaoRao },
    { ...point(pool, { direction: 'unstake', amountRao: alphaWorth(pool, sizeTaoRao) }), sizeTaoRao },
  ]);
}

/** Alpha rao that `taoRao` are worth at the marginal price; 0 without a market. */
export function alphaWorth(pool: PoolReserves, taoRao: bigint): bigint {
  const curve = curveOf(pool);
  if (curve?.method === 'root') return taoRao;
  if (curve === null || curve.taoRao <= 0n || curve.alphaRao <= 0n) return 0n;
  return floorRao(exact(taoRao).div(spotPrice(curve)));
}

function point(
  pool: PoolReserves,
  order: { direction: Direction; amountRao: bigint; emptiesPosition?: boolean },
): CurvePoint {
  const result = quoteTrade(pool, order);
  const soldAtSpotRao = result.ok ? result.value.expectedOutRao : 0n;
  const sizeTaoRao = order.direction === 'stake' ? order.amountRao : soldAtSpotRao;
  return { direction: order.direction, sizeTaoRao, inRao: order.amountRao, result };
}
