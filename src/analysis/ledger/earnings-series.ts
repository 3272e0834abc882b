import { computeEarnings, type Earnings, type PositionMark } from './earnings';
import type { LedgerEvent } from './ledger-event';

/** The position at a boundary of the series; a null mark is a state that nobody recorded. */
export interface BoundaryMark {
  blockNumber: number;
  mark: PositionMark | null;
}

/**
 * One statement per pair of neighbouring boundaries, each half-open, so every event is counted once and the statements
 * chain (see `chainEarnings`). A boundary without a state makes the two windows that touch it unknown, not the others.
 */
export function computeEarningsSeries(input: {
  netuid: number;
  generation: number | null;
  /** Ascending by block. */
  marks: readonly BoundaryMark[];
  events: readonly LedgerEvent[];
}): Earnings[] {
  const { netuid, generation, marks, events } = input;
  return marks.slice(1).flatMap((end, index) => {
    const start = marks[index];
    if (!start) return [];
    const window = { fromBlock: start.blockNumber, toBlock: end.blockNumber };
    return [computeEarnings({ netuid, generation, window, start: start.mark, end: end.mark, events })];
  });
}
