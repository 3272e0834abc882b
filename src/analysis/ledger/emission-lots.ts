import { isInWindow } from './ledger-event';
import type { DatedEntry } from './position-book';

/** All stake of a wallet on a subnet on one day. */
export interface DayMark {
  blockNumber: number;
  at: Date;
  alphaRao: bigint;
  /** TAO at the price of that block. */
  valueRao: bigint;
}

/** What events did to a position, in the order of blocks. */
export interface AlphaChange {
  blockNumber: number;
  alphaRao: bigint;
}

/**
 * Emission as entries, one for each day that had some, at its value there. What a day shows beyond the events is emission,
 * but never more than any later day and the close leave room for: a day whose rows were not all there delays emission and
 * makes none up.
 */
export function emissionEntries(
  marks: readonly DayMark[],
  changes: readonly AlphaChange[],
  close: { blockNumber: number; alphaRao: bigint },
): DatedEntry[] {
  const emittedBy = (blockNumber: number, alphaRao: bigint): bigint =>
    changes
      .filter((change) => isInWindow(change, { fromBlock: -1, toBlock: blockNumber }))
      .reduce((left, change) => left - change.alphaRao, alphaRao);
  const days = marks
    .filter((mark) => mark.blockNumber < close.blockNumber)
    .sort((a, b) => a.blockNumber - b.blockNumber);
  let roomRao = atLeastZero(emittedBy(close.blockNumber, close.alphaRao));
  const emitted = days.map(() => 0n);
  for (let index = days.length - 1; index >= 0; index -= 1) {
    const mark = days[index];
    if (mark === undefined) continue;
    const dayRao = atLeastZero(emittedBy(mark.blockNumber, mark.alphaRao));
    if (dayRao < roomRao) roomRao = dayRao;
    emitted[index] = roomRao;
  }
  return days.flatMap((mark, index): DatedEntry[] => {
    const alphaRao = (emitted[index] ?? 0n) - (emitted[index - 1] ?? 0n);
    if (alphaRao <= 0n || mark.alphaRao <= 0n) return [];
    const { blockNumber, at } = mark;
    const taoRao = (mark.valueRao * alphaRao) / mark.alphaRao;
    return [{ id: `emission-${blockNumber}`, kind: 'emission', blockNumber, at, alphaRao, taoRao }];
  });
}

function atLeastZero(rao: bigint): bigint {
  return rao > 0n ? rao : 0n;
}
