/** Alpha acquired at once. Emission costs nothing in the gain view, its value at accrual in the income view. */
export interface Lot {
  id: string;
  /** `opening`: nothing that is known tells how it was acquired, so its cost is taken as zero. */
  kind: 'buy' | 'transfer_in' | 'emission' | 'opening';
  blockNumber: number;
  /** Null for what no event or day dates. */
  at: Date | null;
  alphaRao: bigint;
  costRao: bigint;
}

/** Lots in the order of their acquisition. */
export class LotBook {
  lots: Lot[] = [];

  /** Lots that come from another wallet keep their age, and so their place. */
  add(lot: Lot): void {
    if (lot.alphaRao === 0n && lot.costRao === 0n) return;
    const after = this.lots.findLastIndex((held) => held.blockNumber <= lot.blockNumber);
    this.lots.splice(after + 1, 0, lot);
  }

  alphaRao(): bigint {
    return this.lots.reduce((sum, lot) => sum + lot.alphaRao, 0n);
  }

  /** Takes alpha from the oldest lots. Costs are cut at a rao and the rest stays in the lot, so none is lost. */
  take(alphaRao: bigint): { taken: Lot[]; missingRao: bigint } {
    let wantedRao = alphaRao;
    const taken: Lot[] = [];
    const kept: Lot[] = [];
    for (const lot of this.lots) {
      // Once nothing more is wanted a lot is untouched, even one that holds cost without alpha.
      if (wantedRao === 0n) {
        kept.push(lot);
        continue;
      }
      const takenRao = wantedRao < lot.alphaRao ? wantedRao : lot.alphaRao;
      const costRao = takenRao === lot.alphaRao ? lot.costRao : (lot.costRao * takenRao) / lot.alphaRao;
      wantedRao -= takenRao;
      taken.push({ ...lot, alphaRao: takenRao, costRao });
      if (takenRao < lot.alphaRao) {
        kept.push({ ...lot, alphaRao: lot.alphaRao - takenRao, costRao: lot.costRao - costRao });
      }
    }
    this.lots = kept;
    return { taken, missingRao: wantedRao };
  }
}
