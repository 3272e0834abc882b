import { curveOf } from './era';
import { MINIMUM_TRADE_RAO, ROOT_NETUID, type PoolReserves } from './pool';
import { quoteTrade, type SwapQuote } from './quote';
import { accept, type Refusable, type Refusal } from './refusal';
import { atSpot } from './trade';

/** Stake moved from one place to another. Within a subnet nothing is swapped; across subnets the fee is charged once. */
export interface MoveQuote {
  alphaInRao: bigint;
  alphaOutRao: bigint;
  /** TAO between the two swaps; null when nothing is swapped. */
  taoRao: bigint | null;
  sale: SwapQuote | null;
  purchase: SwapQuote | null;
}

/**
 * Same subnet (other hotkey or coldkey): no swap, no fee. Across subnets: a sale and a purchase with the fee on the
 * origin, in alpha; only when the origin is root does the destination charge it, in TAO.
 */
export function quoteMove(move: {
  origin: PoolReserves;
  destination: PoolReserves;
  alphaRao: bigint;
  emptiesPosition?: boolean;
}): Refusable<MoveQuote> {
  const { origin, destination, alphaRao } = move;
  if (origin.netuid === destination.netuid) {
    const belowMinimum = sameSubnetRefusal(origin, alphaRao);
    if (belowMinimum) return { ok: false, refusal: belowMinimum };
    return accept({ alphaInRao: alphaRao, alphaOutRao: alphaRao, taoRao: null, sale: null, purchase: null });
  }
  const sale = quoteTrade(origin, {
    direction: 'unstake',
    amountRao: alphaRao,
    emptiesPosition: move.emptiesPosition ?? false,
  });
  if (!sale.ok) return sale;
  const purchase = quoteTrade(destination, {
    direction: 'stake',
    amountRao: sale.value.outRao,
    waiveFee: origin.netuid !== ROOT_NETUID,
  });
  if (!purchase.ok) return purchase;
  return accept({
    alphaInRao: alphaRao,
    alphaOutRao: purchase.value.outRao,
    taoRao: sale.value.outRao,
    sale: sale.value,
    purchase: purchase.value,
  });
}

function sameSubnetRefusal(pool: PoolReserves, alphaRao: bigint): Refusal | null {
  const curve = curveOf(pool);
  const hasPool = curve !== null && (curve.method === 'root' || (curve.taoRao > 0n && curve.alphaRao > 0n));
  if (!hasPool || atSpot(curve, 'unstake', alphaRao) >= MINIMUM_TRADE_RAO) return null;
  return { code: 'below_minimum', reason: `worth less than the chain's minimum of ${MINIMUM_TRADE_RAO} rao` };
}
