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

/**
 * Ledger events of one position as cost entries. Moves and hotkey swaps carry their lots along; transfers between own
 * wallets too (`carry`), unless a method knows no lots and counts them as any transfer.
 */
export function toBasisEntries(
  events: readonly LedgerEvent[],
  { ownTransfers = 'carry' }: { ownTransfers?: 'carry' | 'count' } = {},
): BasisEntry[] {
  return events.flatMap((event): BasisEntry[] => {
    const { id, taoRao } = event;
    const isOut = event.alphaRao < 0n;
    const alphaRao = isOut ? -event.alphaRao : event.alphaRao;
    const kind = event.kind !== 'own_transfer' ? event.kind : isOut ? 'transfer_out' : 'transfer_in';
    if (kind === 'move' || kind === 'hotkey_swap') return [];
    if (event.kind === 'own_transfer' && ownTransfers === 'carry') return [];
    return [{ id, kind, alphaRao, taoRao: taoRao ?? 0n }];
  });
}
