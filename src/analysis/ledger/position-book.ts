import { splitRao } from '../exact';
import type { BasisEntry, BasisResult, ClosingMark } from './basis-entry';
import { type Lot, LotBook } from './lot-book';

/** `gain`: emission has no cost and is yield while held. `income`: it is income when it accrues. Never mixed. */
export type EmissionView = 'gain' | 'income';

/** What is known of a position beside its entries. */
export interface BookedPosition {
  closing: ClosingMark;
  /** Alpha held before the first entry, acquired at an unknown cost. */
  openingAlphaRao?: bigint;
  /** All alpha that no event explains; what is sold beyond the lots is taken from it. Without it such alpha is unknown. */
  emissionAlphaRao?: bigint;
  /** False: events may be missing before the first one, so what no lot explains at the close may have been bought. */
  isWhole?: boolean;
}

export interface FifoResult extends BasisResult {
  lots: readonly Lot[];
  /** Cost of lots that came from other own wallets, and of those that went there. */
  carriedInRao: bigint;
  carriedOutRao: bigint;
}

/** One thing that happens to a position. */
export type DatedEntry = BasisEntry & Pick<Lot, 'blockNumber' | 'at'>;

/** The lots of one position, first in, first out, and what its disposals came to. */
export class PositionBook {
  private readonly book = new LotBook();
  private realisedRao = 0n;
  private incomeRao = 0n;
  private unmatchedAlphaRao = 0n;
  private carriedInRao = 0n;
  private carriedOutRao = 0n;
  private hasUnknownCost: boolean;
  private emissionLeftRao: bigint;
  /** Emission that was sold before the day on which it would have been entered. */
  private earlyRao = 0n;

  constructor(
    private readonly position: BookedPosition,
    private readonly view: EmissionView,
  ) {
    const { openingAlphaRao = 0n, emissionAlphaRao = 0n, isWhole = true } = position;
    this.emissionLeftRao = emissionAlphaRao;
    this.hasUnknownCost = !isWhole || openingAlphaRao > 0n;
    this.book.add({ ...UNDATED, id: 'opening', kind: 'opening', alphaRao: openingAlphaRao, costRao: 0n });
  }

  acquire(entry: DatedEntry & { kind: 'buy' | 'transfer_in' }): void {
    const { id, kind, blockNumber, at, alphaRao, taoRao } = entry;
    this.book.add({ id, kind, blockNumber, at, alphaRao, costRao: taoRao });
  }

  /** Emission at its value; less what was sold of it already. */
  accrue({ id, blockNumber, at, alphaRao, taoRao }: DatedEntry): void {
    const earlyRao = least(alphaRao, this.earlyRao);
    this.earlyRao -= earlyRao;
    const newRao = alphaRao - earlyRao;
    const valueRao = earlyRao === 0n ? taoRao : (taoRao * newRao) / alphaRao;
    this.emissionLeftRao -= least(newRao, this.emissionLeftRao);
    this.book.add({ id, kind: 'emission', blockNumber, at, alphaRao: newRao, costRao: this.emissionCost(valueRao) });
  }

  /** Sold, sent to outsiders or dissolved: the oldest lots go, gross of the fee. */
  dispose(entry: DatedEntry): void {
    this.realisedRao += entry.taoRao - costOf(this.take(entry));
  }

  /** To another own wallet: the oldest lots go along, and nothing is realised. */
  carry(entry: DatedEntry, to: PositionBook): void {
    const lots = this.take(entry);
    const costRao = costOf(lots);
    this.carriedOutRao += costRao;
    to.carriedInRao += costRao;
    to.hasUnknownCost ||= lots.some((lot) => lot.kind === 'opening');
    for (const lot of lots) to.book.add(lot);
  }

  /**
   * Alpha at the close that no lot explains is emission, or of unknown origin where the history has no beginning; alpha that
   * is missing is written off at zero and leaves the basis incomplete.
   */
  close(): FifoResult {
    const { closing, isWhole = true } = this.position;
    const surplusRao = closing.alphaRao - this.book.alphaRao();
    if (surplusRao > 0n) {
      this.book.lots.push({
        ...UNDATED,
        id: 'closing',
        kind: isWhole ? 'emission' : 'opening',
        alphaRao: surplusRao,
        costRao: 0n,
      });
    }
    if (surplusRao < 0n) {
      this.realisedRao -= costOf(this.book.take(-surplusRao).taken);
      this.unmatchedAlphaRao += -surplusRao;
    }
    return this.result();
  }

  private result(): FifoResult {
    const { lots } = this.book;
    const { valueRao } = this.position.closing;
    const values = splitRao(
      valueRao,
      lots.map((lot) => lot.alphaRao),
    );
    const costRao = costOf(lots);
    const freeRao = lots.reduce((sum, lot, index) => sum + (this.isFree(lot) ? (values[index] ?? 0n) : 0n), 0n);
    return {
      realisedRao: this.realisedRao,
      unrealisedRao: (lots.length > 0 ? valueRao : 0n) - freeRao - costRao,
      yieldRao: this.incomeRao + freeRao,
      costRao,
      basisComplete: !this.hasUnknownCost && this.unmatchedAlphaRao === 0n,
      unmatchedAlphaRao: this.unmatchedAlphaRao,
      lots,
      carriedInRao: this.carriedInRao,
      carriedOutRao: this.carriedOutRao,
    };
  }

  /** Lots for an entry: known ones, then emission that no day has entered yet, then alpha of which nothing is known. */
  private take(entry: DatedEntry): Lot[] {
    const { taken, missingRao } = this.book.take(entry.alphaRao);
    const emissionRao = least(missingRao, this.emissionLeftRao);
    const unknownRao = missingRao - emissionRao;
    this.emissionLeftRao -= emissionRao;
    this.earlyRao += emissionRao;
    this.unmatchedAlphaRao += unknownRao;
    const { blockNumber, at } = entry;
    if (emissionRao > 0n) {
      const costRao = this.emissionCost((entry.taoRao * emissionRao) / entry.alphaRao);
      const id = `emission-${entry.id}`;
      taken.push({ id, kind: 'emission', blockNumber, at, alphaRao: emissionRao, costRao });
    }
    if (unknownRao > 0n) {
      taken.push({ id: `unknown-${entry.id}`, kind: 'opening', blockNumber, at, alphaRao: unknownRao, costRao: 0n });
    }
    return taken;
  }

  private emissionCost(valueRao: bigint): bigint {
    if (this.view === 'gain') return 0n;
    this.incomeRao += valueRao;
    return valueRao;
  }

  /** In the income view only alpha found at the close, which never accrued as an entry, is left without a cost. */
  private isFree(lot: Lot): boolean {
    return lot.kind === 'emission' && (this.view === 'gain' || lot.id === 'closing');
  }
}

const UNDATED = { blockNumber: 0, at: null } as const;

function costOf(lots: readonly Lot[]): bigint {
  return lots.reduce((sum, lot) => sum + lot.costRao, 0n);
}

function least(a: bigint, b: bigint): bigint {
  return a < b ? a : b;
}
