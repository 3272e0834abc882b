import { ExactDecimal, normalizeDecimal } from '../../common';
import { ONE, exact, floorRao } from '../exact';
import { FLAT_FEE_RAO, rateFee, type SwapFee } from './fee';
import type { PoolReserves } from './pool';
import type { SwapSide } from './swap';

export type SwapMethod =
  'root' | 'constant_product' | 'virtual_reserves' | 'balancer_equal_weights' | 'balancer_weighted';

/**
 * What a reader of a quote ought to know about the inputs. `fee_assumed`: no usable rate in the row. `fee_unusual`: not
 * the network's 33/65535. `weights_unusual`: more than 0.001 from equal. `price_missing`, `weights_out_of_range`: equal
 * weights were used instead. `virtual_reserves_missing`: real reserves stood in. `startup_pool`: price has no meaning yet.
 */
export type CurveNote =
  | 'fee_assumed'
  | 'fee_unusual'
  | 'weights_unusual'
  | 'weights_out_of_range'
  | 'price_missing'
  | 'virtual_reserves_missing'
  | 'startup_pool';

/** A pool ready to be priced: the reserves that count, the TAO weight (null: equal) and the fee. */
export interface Curve {
  method: SwapMethod;
  taoRao: bigint;
  alphaRao: bigint;
  taoWeight: ExactDecimal | null;
  fee: SwapFee;
  notes: readonly CurveNote[];
}

const HALF = new ExactDecimal('0.5');
const MINIMUM_WEIGHT = new ExactDecimal('0.01');
const UNUSUAL_WEIGHT_DEVIATION = new ExactDecimal('0.001');

/** Root: one TAO is one alpha, in both directions, free. */
export const ROOT_CURVE: Curve = {
  method: 'root',
  taoRao: 0n,
  alphaRao: 0n,
  taoWeight: null,
  fee: { kind: 'none' },
  notes: [],
};

/** 2025-02-13 to 2025-07-08: T * A = k on the reserves, flat fee in TAO on both sides. */
export function constantProductCurve(pool: PoolReserves): Curve {
  return {
    method: 'constant_product',
    taoRao: pool.taoReserveRao,
    alphaRao: pool.alphaReserveRao,
    taoWeight: null,
    fee: { kind: 'flat', taoRao: FLAT_FEE_RAO },
    notes: startupNote(pool),
  };
}

/**
 * 2025-07-08 to 2026-06-25: one full-range position, so a constant product on x = L * sqrt(P) TAO and y = L / sqrt(P)
 * alpha. The real reserves differ from these by up to 19 %; they stand in, with a note, when a row lacks L or sqrt(P).
 */
export function virtualReservesCurve(pool: PoolReserves): Curve {
  const virtual = virtualReserves(pool);
  const fee = rateFee(pool.feeRate);
  return {
    method: 'virtual_reserves',
    taoRao: virtual?.taoRao ?? pool.taoReserveRao,
    alphaRao: virtual?.alphaRao ?? pool.alphaReserveRao,
    taoWeight: null,
    fee,
    notes: [...feeNotes(fee), ...(virtual ? [] : (['virtual_reserves_missing'] as const)), ...startupNote(pool)],
  };
}

/**
 * From 2026-06-25: the weighted pool. The chain keeps its TAO weight in Swap.SwapBalancer, which TaoStats does not show: it
 * is recovered from the row's own price and reserves.
 */
export function balancerCurve(pool: PoolReserves): Curve {
  const { taoWeight, note } = recoverTaoWeight(pool);
  const fee = rateFee(pool.feeRate);
  return {
    method: taoWeight === null ? 'balancer_equal_weights' : 'balancer_weighted',
    taoRao: pool.taoReserveRao,
    alphaRao: pool.alphaReserveRao,
    taoWeight,
    fee,
    notes: [...feeNotes(fee), ...(note ? [note] : []), ...startupNote(pool)],
  };
}

/** Marginal price in TAO per alpha: (w_alpha * T) / (w_tao * A); 1 on root. Domain: alpha reserve > 0. */
export function spotPrice(curve: Curve): ExactDecimal {
  if (curve.method === 'root') return ONE;
  const ratio = exact(curve.taoRao).div(exact(curve.alphaRao));
  return curve.taoWeight === null ? ratio : ratio.times(ONE.minus(curve.taoWeight)).div(curve.taoWeight);
}

/** The buying side: TAO in, alpha out. */
export function stakeSide(curve: Curve): SwapSide {
  const { taoWeight } = curve;
  const exponent = taoWeight === null ? null : taoWeight.div(ONE.minus(taoWeight));
  return { inReserveRao: curve.taoRao, outReserveRao: curve.alphaRao, exponent };
}

/** The selling side: alpha in, TAO out. */
export function unstakeSide(curve: Curve): SwapSide {
  const { taoWeight } = curve;
  const exponent = taoWeight === null ? null : ONE.minus(taoWeight).div(taoWeight);
  return { inReserveRao: curve.alphaRao, outReserveRao: curve.taoRao, exponent };
}

/**
 * w_tao = T / (p * A + T). A price is printed with limited decimals: a deviation from equal weights that is no larger
 * than the last printed digit can explain says nothing, so the exact integer path is taken.
 */
function recoverTaoWeight(pool: PoolReserves): { taoWeight: ExactDecimal | null; note: CurveNote | null } {
  const priceText = pool.price === null ? null : normalizeDecimal(pool.price);
  if (priceText === null) return { taoWeight: null, note: 'price_missing' };
  const price = new ExactDecimal(priceText);
  if (price.lte(0)) return { taoWeight: null, note: 'price_missing' };

  const alphaAsTao = price.times(exact(pool.alphaReserveRao));
  const lastDigit = new ExactDecimal(10).pow(-(priceText.split('.')[1]?.length ?? 0));
  const explainedByRounding = alphaAsTao
    .minus(exact(pool.taoReserveRao))
    .abs()
    .lte(lastDigit.times(exact(pool.alphaReserveRao)));
  if (explainedByRounding) return { taoWeight: null, note: null };

  const taoWeight = exact(pool.taoReserveRao).div(alphaAsTao.plus(exact(pool.taoReserveRao)));
  if (taoWeight.lt(MINIMUM_WEIGHT) || ONE.minus(taoWeight).lt(MINIMUM_WEIGHT)) {
    return { taoWeight: null, note: 'weights_out_of_range' };
  }
  const unusual = taoWeight.minus(HALF).abs().gt(UNUSUAL_WEIGHT_DEVIATION);
  return { taoWeight, note: unusual ? 'weights_unusual' : null };
}

function virtualReserves(pool: PoolReserves): { taoRao: bigint; alphaRao: bigint } | null {
  const liquidity = pool.virtual ? normalizeDecimal(pool.virtual.liquidityRaw) : null;
  const squareRoot = pool.virtual ? normalizeDecimal(pool.virtual.alphaSqrtPrice) : null;
  if (liquidity === null || squareRoot === null) return null;
  const root = new ExactDecimal(squareRoot);
  const depth = new ExactDecimal(liquidity);
  if (root.lte(0) || depth.lte(0)) return null;
  return { taoRao: floorRao(depth.times(root)), alphaRao: floorRao(depth.div(root)) };
}

function feeNotes(fee: SwapFee): CurveNote[] {
  if (fee.kind !== 'rate') return [];
  if (fee.assumed) return ['fee_assumed'];
  return fee.numerator === 33n ? [] : ['fee_unusual'];
}

function startupNote(pool: PoolReserves): CurveNote[] {
  return pool.startup ? ['startup_pool'] : [];
}
