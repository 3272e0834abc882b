import type { Earnings } from './earnings';
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

/**
 * Ledger events with the emission between them: what each known window of `series` earned in alpha becomes one entry at
 * the window's end, at its value there. Finer windows give a finer income; unknown windows leave their emission to the
 * close. Order: by block, emission after the events of its last block.
 */
export function withEmissionEntries(events: readonly LedgerEvent[], series: readonly Earnings[]): BasisEntry[] {
  const emission = series.flatMap((earnings) => {
    if (earnings.state === 'unknown' || earnings.yieldAlphaRao <= 0n) return [];
    const { toBlock } = earnings.window;
    const entry: BasisEntry = {
      id: `emission-${earnings.netuid}-${toBlock}`,
      kind: 'emission',
      alphaRao: earnings.yieldAlphaRao,
      taoRao: earnings.yieldRao,
    };
    return [{ blockNumber: toBlock, last: 1, entry }];
  });
  const traded = events.flatMap((event) =>
    toBasisEntries([event]).map((entry) => ({ blockNumber: event.blockNumber, last: 0, entry })),
  );
  return [...traded, ...emission]
    .sort((a, b) => a.blockNumber - b.blockNumber || a.last - b.last)
    .map(({ entry }) => entry);
}

/** Whether an entry adds alpha. */
export function isAcquisition(entry: BasisEntry): boolean {
  return entry.kind === 'buy' || entry.kind === 'transfer_in' || entry.kind === 'emission';
}
