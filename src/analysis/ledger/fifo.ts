import type { BasisEntry, ClosingMark } from './basis-entry';
import { type DatedEntry, type EmissionView, type FifoResult, PositionBook } from './position-book';

export interface FifoOptions {
  emission: EmissionView;
  /** Alpha held before the first entry, acquired at an unknown cost. */
  openingAlphaRao?: bigint;
}

/**
 * First in, first out, of one position by itself. Sales consume the oldest lots, gross of the fee. Transfers in and out are
 * lots and disposals at the event amount.
 */
export function computeFifo(entries: readonly BasisEntry[], closing: ClosingMark, options: FifoOptions): FifoResult {
  const { emission, openingAlphaRao = 0n } = options;
  const book = new PositionBook({ closing, openingAlphaRao }, emission);
  entries.forEach((entry, index) => enter(book, { ...entry, blockNumber: index, at: null }));
  return book.close();
}

/** Books one entry. */
export function enter(book: PositionBook, entry: DatedEntry): void {
  const { kind } = entry;
  if (kind === 'buy' || kind === 'transfer_in') book.acquire({ ...entry, kind });
  else if (kind === 'emission') book.accrue(entry);
  else book.dispose(entry);
}
