import type { BasisEntry } from './basis-entry';
import type { LedgerEvent } from './ledger-event';
import type { DatedEntry } from './position-book';

/** Something that happens to the lots of one position, or takes some of them to another own wallet. */
export interface BasisStep {
  key: string;
  entry: DatedEntry;
  /** Key of the position that the lots go to. */
  to: string | null;
}

/** Key of a position: all stake of one wallet on one subnet generation. */
export function positionKey(position: { coldkey: string; netuid: number; generation: number | null }): string {
  return `${position.coldkey} ${position.netuid}/${position.generation ?? ''}`;
}

/**
 * Ledger events as steps. Moves and hotkey swaps stay within a position. A transfer between own wallets has two rows, or
 * only the sender's, or only the receiver's: it is one step, of whichever row comes first.
 */
export function toBasisSteps(events: readonly LedgerEvent[]): BasisStep[] {
  const seen = new Map<string, number>();
  return events.flatMap((event): BasisStep[] => {
    const { kind, coldkey, counterparty } = event;
    if (kind === 'move' || kind === 'hotkey_swap') return [];
    if (kind !== 'own_transfer') return [{ key: positionKey(event), entry: toEntry(event, kind), to: null }];
    if (counterparty === undefined) return [];
    const [from, to] = event.alphaRao < 0n ? [coldkey, counterparty] : [counterparty, coldkey];
    const transfer = `${event.blockNumber}/${event.netuid}/${magnitude(event.alphaRao)}/${from}/${to}`;
    // Equal transfers of one block are told apart by how many rows each side has.
    const side = event.alphaRao < 0n ? 1 : -1;
    const balance = seen.get(transfer) ?? 0;
    seen.set(transfer, balance + side);
    if (Math.sign(balance) === -side) return [];
    const entry = toEntry(event, 'transfer_out');
    return [{ key: positionKey({ ...event, coldkey: from }), entry, to: positionKey({ ...event, coldkey: to }) }];
  });
}

/** Alpha that steps brought to each position. */
export function changesOf(steps: readonly BasisStep[]): Map<string, { blockNumber: number; alphaRao: bigint }[]> {
  const changes = new Map<string, { blockNumber: number; alphaRao: bigint }[]>();
  const add = (key: string, blockNumber: number, alphaRao: bigint): void => {
    const list = changes.get(key);
    if (list === undefined) changes.set(key, [{ blockNumber, alphaRao }]);
    else list.push({ blockNumber, alphaRao });
  };
  for (const { key, entry, to } of steps) {
    const { kind, blockNumber, alphaRao } = entry;
    add(key, blockNumber, kind === 'buy' || kind === 'transfer_in' ? alphaRao : -alphaRao);
    if (to !== null) add(to, blockNumber, alphaRao);
  }
  return changes;
}

function toEntry(event: LedgerEvent, kind: BasisEntry['kind']): DatedEntry {
  const { id, blockNumber, at = null, alphaRao, taoRao } = event;
  return { id, kind, blockNumber, at, alphaRao: magnitude(alphaRao), taoRao: taoRao ?? 0n };
}

function magnitude(rao: bigint): bigint {
  return rao < 0n ? -rao : rao;
}
