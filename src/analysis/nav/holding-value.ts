import { spotPrice, type Curve } from '../amm/curve';
import { curveOf } from '../amm/era';
import { feeOn } from '../amm/fee';
import {
  MAXIMUM_SWAP_MULTIPLE,
  MINIMUM_RESERVE_RAO,
  MINIMUM_TRADE_RAO,
  ROOT_NETUID,
  type PoolReserves,
} from '../amm/pool';
import { realOutputFor } from '../amm/swap';
import { atSpot, computeTrade, sideOf } from '../amm/trade';
import { exact, ratioText, roundRao, shareText } from '../exact';
import type { Holding } from './holding';

/**
 * `dust`: worth less than the chain lets anyone sell. `locked`: part or all cannot be unstaked. `unpriced`: no usable
 * price. `above_max_swap`: more than the chain swaps at once. `startup`: trading has not begun. `incomplete`: a figure of
 * this position is missing.
 */
export type ValueFlag = 'dust' | 'locked' | 'unpriced' | 'above_max_swap' | 'startup' | 'incomplete';

/** The value when a fraction is sold at once and its average proceeds are applied to all of it; amounts in TAO rao. */
export interface ExitValue {
  execRao: bigint;
  feeRao: bigint;
  impactRao: bigint;
  /** Mark of what cannot be sold: locked, dust, or above the chain's ceiling. mid = exec + fee + impact + unsellable. */
  unsellableRao: bigint;
  /** Fee and impact over the mark of what is sold, as a fraction; null when nothing is sold. */
  slippage: string | null;
}

export interface HoldingValue {
  holding: Holding;
  /** Block of the pool row that priced it; null when unpriced. */
  blockNumber: number | null;
  price: string | null;
  /** Mark at the marginal price. Null means unpriced, never zero. */
  midRao: bigint | null;
  exit50: ExitValue | null;
  exit100: ExitValue | null;
  /** Stress mark: proceeds of selling half, the other half at the price after that sale. */
  halfSoldMarkRao: bigint | null;
  flags: readonly ValueFlag[];
}

/**
 * Values a holding at the marginal price and at what selling half or all of it would bring, fee included. Root is worth
 * its TAO. Promises: all of it <= half of it <= mark. `pool` must be of the same generation; null leaves it unpriced.
 */
export function computeHoldingValue(holding: Holding, pool: PoolReserves | null): HoldingValue {
  if (holding.netuid === ROOT_NETUID) return rootValue(holding);
  if (pool === null || pool.price === null || pool.startup) return unpriced(holding, pool?.startup ? ['startup'] : []);
  const curve = curveOf(pool);
  if (curve === null || curve.alphaRao <= 0n || curve.taoRao <= 0n) return unpriced(holding, []);

  const midRao = atSpot(curve, 'unstake', holding.alphaRao);
  const sellable = sellableAlpha(holding, curve);
  const flags = [...sellable.flags];
  const whole = proceeds(curve, sellable.alphaRao);
  const dust = whole.outRao < MINIMUM_TRADE_RAO && holding.alphaRao > 0n && !flags.includes('locked');
  if (dust) flags.push('dust');
  const soldAlphaRao = whole.outRao < MINIMUM_TRADE_RAO ? 0n : sellable.alphaRao;

  const exit100 = exitValue(curve, { midRao, soldAlphaRao, parts: 1n, floorExecRao: 0n });
  const exit50 = exitValue(curve, { midRao, soldAlphaRao, parts: 2n, floorExecRao: exit100.execRao });
  return {
    holding,
    blockNumber: pool.blockNumber,
    price: ratioText(spotPrice(curve), 28),
    midRao,
    exit50,
    exit100,
    halfSoldMarkRao: halfSoldMark(curve, holding.alphaRao),
    flags,
  };
}

function exitValue(
  curve: Curve,
  sale: { midRao: bigint; soldAlphaRao: bigint; parts: bigint; floorExecRao: bigint },
): ExitValue {
  const { midRao, soldAlphaRao, parts, floorExecRao } = sale;
  const trade = proceeds(curve, soldAlphaRao / parts);
  // Flooring each half can cost a rao that selling all does not: never show half below all.
  const averagedRao = trade.outRao * parts;
  const execRao = averagedRao > floorExecRao ? averagedRao : floorExecRao;
  const soldMarkRao = atSpot(curve, 'unstake', soldAlphaRao);
  const costRao = soldMarkRao - execRao;
  const feeShareRao = trade.feeCostRao * parts;
  const feeRao = feeShareRao < costRao ? feeShareRao : costRao;
  return {
    execRao,
    feeRao,
    impactRao: costRao - feeRao,
    unsellableRao: midRao - soldMarkRao,
    slippage: shareText(costRao, soldMarkRao),
  };
}

function proceeds(curve: Curve, alphaRao: bigint): { outRao: bigint; feeCostRao: bigint } {
  if (alphaRao === 0n || curve.taoRao < MINIMUM_RESERVE_RAO) return { outRao: 0n, feeCostRao: 0n };
  return computeTrade(curve, { direction: 'unstake', inRao: alphaRao });
}

/** What may be unstaked now: not locked, and after the fee at most 1000 times the pool's alpha. */
function sellableAlpha(holding: Holding, curve: Curve): { alphaRao: bigint; flags: ValueFlag[] } {
  const flags: ValueFlag[] = [];
  const unlockedRao = holding.alphaRao - holding.lockedAlphaRao;
  if (holding.lockedAlphaRao > 0n) flags.push('locked');
  const ceilingRao = curve.alphaRao * MAXIMUM_SWAP_MULTIPLE;
  const numerator = curve.fee.kind === 'rate' ? curve.fee.numerator : 0n;
  if (unlockedRao - feeOn(unlockedRao, numerator) > ceilingRao) {
    return { alphaRao: ceilingRao, flags: [...flags, 'above_max_swap'] };
  }
  return { alphaRao: unlockedRao > 0n ? unlockedRao : 0n, flags };
}

/**
 * In real numbers, rounded once, because no pool pays this mark. After the sale the fee alpha is in the pool too (the block author sells it), so the
 * price is that of a pool which swallowed the gross half.
 */
function halfSoldMark(curve: Curve, alphaRao: bigint): bigint {
  const halfRao = alphaRao / 2n;
  if (halfRao === 0n || halfRao > curve.alphaRao * MAXIMUM_SWAP_MULTIPLE) return 0n;
  const side = sideOf(curve, 'unstake');
  const trade = computeTrade(curve, { direction: 'unstake', inRao: halfRao });
  const taoLeft = exact(curve.taoRao).minus(realOutputFor(side, exact(halfRao)));
  const priceScale = spotPrice(curve).times(exact(curve.alphaRao)).div(exact(curve.taoRao));
  const priceAfter = priceScale.times(taoLeft).div(exact(curve.alphaRao + halfRao));
  const soldFor = realOutputFor(side, exact(trade.netInRao));
  return roundRao(soldFor.plus(exact(alphaRao - halfRao).times(priceAfter)));
}

function rootValue(holding: Holding): HoldingValue {
  const lockedRao = holding.lockedAlphaRao;
  const exit: ExitValue = {
    execRao: holding.alphaRao - lockedRao,
    feeRao: 0n,
    impactRao: 0n,
    unsellableRao: lockedRao,
    slippage: holding.alphaRao === lockedRao ? null : '0',
  };
  return {
    holding,
    blockNumber: null,
    price: '1',
    midRao: holding.alphaRao,
    exit50: exit,
    exit100: exit,
    halfSoldMarkRao: holding.alphaRao,
    flags: lockedRao > 0n ? ['locked'] : [],
  };
}

function unpriced(holding: Holding, extra: ValueFlag[]): HoldingValue {
  const nothing = holding.alphaRao === 0n;
  const none: ExitValue = { execRao: 0n, feeRao: 0n, impactRao: 0n, unsellableRao: 0n, slippage: null };
  return {
    holding,
    blockNumber: null,
    price: null,
    midRao: nothing ? 0n : null,
    exit50: nothing ? none : null,
    exit100: nothing ? none : null,
    halfSoldMarkRao: nothing ? 0n : null,
    flags: nothing ? [] : [...extra, 'unpriced', 'incomplete'],
  };
}
