import { exact, floorRao } from '../exact';
import { spotPrice, stakeSide, unstakeSide, type Curve } from './curve';
import { feeOn } from './fee';
import { outputFor, type SwapSide } from './swap';

export type Direction = 'stake' | 'unstake';

/** A trade on the curve alone, before any rule about minimums or maximums. */
export interface Trade {
  direction: Direction;
  inRao: bigint;
  /** What reaches the curve: the input less a fee taken from it. */
  netInRao: bigint;
  outRao: bigint;
  feeRao: bigint;
  /** Fees are taken from the input token, but the flat fee of 2025 was taken from the TAO that an unstake yields. */
  feeToken: 'tao' | 'alpha';
  /** Input at the marginal price, without fee or impact. */
  expectedOutRao: bigint;
  /** In the output token; expectedOutRao = outRao + feeCostRao + impactCostRao exactly. */
  feeCostRao: bigint;
  impactCostRao: bigint;
}

/** The side of the pool that a direction trades against. */
export function sideOf(curve: Curve, direction: Direction): SwapSide {
  return direction === 'stake' ? stakeSide(curve) : unstakeSide(curve);
}

/**
 * Carries out a trade on paper. `waiveFee` is for the second leg of a cross-subnet move, which the chain does not charge.
 * Domain: inRao >= 0 and, except on root, both reserves > 0.
 */
export function computeTrade(curve: Curve, order: { direction: Direction; inRao: bigint; waiveFee?: boolean }): Trade {
  const { direction, inRao } = order;
  const fee = order.waiveFee ? ({ kind: 'none' } as const) : curve.fee;
  const inputToken = direction === 'stake' ? 'tao' : 'alpha';
  if (curve.method === 'root') return rootTrade(direction, inRao);
  const side = sideOf(curve, direction);
  const expectedOutRao = atSpot(curve, direction, inRao);

  if (fee.kind === 'flat' && direction === 'unstake') {
    const grossOutRao = outputFor(side, inRao);
    const feeRao = grossOutRao < fee.taoRao ? grossOutRao : fee.taoRao;
    const outRao = grossOutRao - feeRao;
    const impactCostRao = expectedOutRao - grossOutRao;
    return {
      direction,
      inRao,
      netInRao: inRao,
      outRao,
      feeRao,
      feeToken: 'tao',
      expectedOutRao,
      feeCostRao: feeRao,
      impactCostRao,
    };
  }

  const wantedFeeRao = fee.kind === 'rate' ? feeOn(inRao, fee.numerator) : fee.kind === 'flat' ? fee.taoRao : 0n;
  const feeRao = wantedFeeRao < inRao ? wantedFeeRao : inRao;
  const netInRao = inRao - feeRao;
  const outRao = outputFor(side, netInRao);
  const netAtSpotRao = atSpot(curve, direction, netInRao);
  return {
    direction,
    inRao,
    netInRao,
    outRao,
    feeRao,
    feeToken: inputToken,
    expectedOutRao,
    feeCostRao: expectedOutRao - netAtSpotRao,
    impactCostRao: netAtSpotRao - outRao,
  };
}

/**
 * The pool after a trade, weights unchanged. A stake's fee leaves the pool. An unstake's alpha fee goes to the block
 * author, who sells it free of charge into the same pool right after: the trader's output is unaffected, the price that
 * the next trader meets is a little lower.
 */
export function afterTrade(curve: Curve, trade: Trade): Curve {
  if (curve.method === 'root') return curve;
  if (trade.direction === 'stake') {
    // The flat fee of the constant-product era stayed in the pool; the rate fee goes to the block author.
    const keptRao = curve.fee.kind === 'flat' ? trade.feeRao : 0n;
    return { ...curve, taoRao: curve.taoRao + trade.netInRao + keptRao, alphaRao: curve.alphaRao - trade.outRao };
  }
  const traded = { ...curve, taoRao: curve.taoRao - trade.outRao, alphaRao: curve.alphaRao + trade.netInRao };
  if (trade.feeToken === 'tao' || trade.feeRao === 0n) return traded;
  const authorRao = outputFor(unstakeSide(traded), trade.feeRao);
  return { ...traded, taoRao: traded.taoRao - authorRao, alphaRao: traded.alphaRao + trade.feeRao };
}

/** floor(amount at the marginal price), in the token that the direction yields. */
export function atSpot(curve: Curve, direction: Direction, inRao: bigint): bigint {
  if (curve.method === 'root') return inRao;
  if (curve.taoWeight === null) {
    return direction === 'stake' ? (inRao * curve.alphaRao) / curve.taoRao : (inRao * curve.taoRao) / curve.alphaRao;
  }
  const price = spotPrice(curve);
  return floorRao(direction === 'stake' ? exact(inRao).div(price) : exact(inRao).times(price));
}

function rootTrade(direction: Direction, inRao: bigint): Trade {
  return {
    direction,
    inRao,
    netInRao: inRao,
    outRao: inRao,
    feeRao: 0n,
    feeToken: direction === 'stake' ? 'tao' : 'alpha',
    expectedOutRao: inRao,
    feeCostRao: 0n,
    impactCostRao: 0n,
  };
}
