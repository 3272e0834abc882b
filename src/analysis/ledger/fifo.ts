import { splitRao } from '../exact';
import { isAcquisition, type BasisEntry, type BasisResult, type ClosingMark } from './basis-entry';

/** Alpha acquired at once. Emission costs nothing in the gain view, its value at accrual in the income view. */
export interface Lot {
  id: string;
  kind: 'buy' | 'transfer_in' | 'emission' | 'opening';
  alphaRao: bigint;
  costRao: bigint;
}

export interface FifoOptions {
  /** `gain`: emission has no cost and is yield while held. `income`: it is income when it accrues. Never mixed. */
  emission: 'gain' | 'income';
  /** Alpha held before the first entry, acquired at an unknown cost. */
  openingAlphaRao?: bigint;
}

export interface FifoResult extends BasisResult {
  lots: readonly Lot[];
}

/**
 * First in, first out. Sales consume the oldest lots, gross of the fee; costs are cut at a rao and the rest stays in the
 * lot, so none is lost. Transfers in and out are lots and disposals at the event amount. Alpha at the close that no lot
 * explains is emission; alpha that is missing at the close is written off at zero and marks the basis incomplete.
 */
export function computeFifo(entries: readonly BasisEntry[], closing: ClosingMark, options: FifoOptions): FifoResult {
  const openingRao = options.openingAlphaRao ?? 0n;
  const book = new LotBook(
    openingRao > 0n ? [{ id: 'opening', kind: 'opening', alphaRao: openingRao, costRao: 0n }] : [],
  );
  let realisedRao = 0n;
  let incomeRao = 0n;
  for (const entry of entries) {
    if (!isAcquisition(entry)) {
      realisedRao += entry.taoRao - book.consume(entry.alphaRao);
      continue;
    }
    const kind = entry.kind === 'buy' ? 'buy' : entry.kind === 'transfer_in' ? 'transfer_in' : 'emission';
    const gainOnly = kind === 'emission' && options.emission === 'gain';
    if (kind === 'emission' && !gainOnly) incomeRao += entry.taoRao;
    book.add({ id: entry.id, kind, alphaRao: entry.alphaRao, costRao: gainOnly ? 0n : entry.taoRao });
  }

  const surplusRao = closing.alphaRao - book.alphaRao();
  if (surplusRao > 0n) book.add({ id: 'closing', kind: 'emission', alphaRao: surplusRao, costRao: 0n });
  if (surplusRao < 0n) {
    realisedRao -= book.consume(-surplusRao);
    book.unmatchedAlphaRao += -surplusRao;
  }
  const { lots } = book;
  const values = splitRao(
    closing.valueRao,
    lots.map((lot) => lot.alphaRao),
  );
  const costRao = lots.reduce((sum, lot) => sum + lot.costRao, 0n);
  const freeRao = lots.reduce(
    (sum, lot, index) => sum + (isFreeEmission(lot, options) ? (values[index] ?? 0n) : 0n),
    0n,
  );
  return {
    realisedRao,
    unrealisedRao: (lots.length > 0 ? closing.valueRao : 0n) - freeRao - costRao,
    yieldRao: incomeRao + freeRao,
    costRao,
    basisComplete: openingRao === 0n && book.unmatchedAlphaRao === 0n,
    unmatchedAlphaRao: book.unmatchedAlphaRao,
    lots,
  };
}

/** In the income view only alpha found at the close, which never accrued as an entry, is left without a cost. */
function isFreeEmission(lot: Lot, options: FifoOptions): boolean {
  return lot.kind === 'emission' && (options.emission === 'gain' || lot.id === 'closing');
}

class LotBook {
  unmatchedAlphaRao = 0n;

  constructor(public lots: Lot[]) {}

  add(lot: Lot): void {
    if (lot.alphaRao > 0n || lot.costRao > 0n) this.lots.push(lot);
  }

  alphaRao(): bigint {
    return this.lots.reduce((sum, lot) => sum + lot.alphaRao, 0n);
  }

  /** Takes alpha from the oldest lots and returns its cost; what no lot covers costs nothing and is counted. */
  consume(alphaRao: bigint): bigint {
    let wantedRao = alphaRao;
    let costRao = 0n;
    const kept: Lot[] = [];
    for (const lot of this.lots) {
      const takenRao = wantedRao < lot.alphaRao ? wantedRao : lot.alphaRao;
      const takenCostRao = takenRao === lot.alphaRao ? lot.costRao : (lot.costRao * takenRao) / lot.alphaRao;
      // A lot is untouched once nothing more is wanted, even one that holds cost without alpha.
      if (wantedRao === 0n) kept.push(lot);
      else {
        wantedRao -= takenRao;
        costRao += takenCostRao;
        if (takenRao < lot.alphaRao) {
          kept.push({ ...lot, alphaRao: lot.alphaRao - takenRao, costRao: lot.costRao - takenCostRao });
        }
      }
    }
    this.lots = kept;
    this.unmatchedAlphaRao += wantedRao;
    return costRao;
  }
}
