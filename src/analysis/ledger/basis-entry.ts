import type { LedgerEvent } from './ledger-event';

/**
 * One change of a position as cost accounting sees it, in order of time. `emission`: alpha that no trade explains;
 * `taoRao` is then its value when it accrued.
 */
export interface BasisEntry {
  id: string;
  kind: 'buy' | 'transfer_in' | 'emission' | 'sell' | 'transfer_out' | 'dissolution';
  alphaRao: bigint;
  taoRao: bigint;
}

/** The position at the end: its alpha and what that is worth, floor(alpha * price). */
export interface ClosingMark {
  alphaRao: bigint;
  valueRao: bigint;
}

/** A cost-basis result; realised + unrealised + yield = value + money out - money in, to the rao (check R13). */
export interface BasisResult {
  realisedRao: bigint;
  unrealisedRao: bigint;
  yieldRao: bigint;
  /** Cost of what is still held. */
  costRao: bigint;
  /** False when alpha was disposed of or held whose acquisition is not in the history: its cost was taken as zero. */
  basisComplete: boolean;
  unmatchedAlphaRao: bigint;
}

/** Ledger events of one subnet as cost entries: moves, hotkey swaps and own transfers carry their lots along. */
export function toBasisEntries(events: readonly LedgerEvent[]): BasisEntry[] {
  return events.flatMap((event): BasisEntry[] => {
    if (event.kind === 'move' || event.kind === 'hotkey_swap' || event.kind === 'own_transfer') return [];
    const alphaRao = event.alphaRao < 0n ? -event.alphaRao : event.alphaRao;
    return [{ id: event.id, kind: event.kind, alphaRao, taoRao: event.taoRao ?? 0n }];
  });
}

/** Whether an entry adds alpha. */
export function isAcquisition(entry: BasisEntry): boolean {
  return entry.kind === 'buy' || entry.kind === 'transfer_in' || entry.kind === 'emission';
}
