import { floorRao } from '../exact';
import { ExactDecimal } from '../../common';
import type { DelegationEvent, Transfer } from '../../database';
import type { TransferRow } from './cash';
import type { DelegationRow } from './delegation';
import type { RejectedEvent } from './ledger-event';

/** Registration blocks of a netuid's generations, in any order. */
export type Generations = ReadonlyMap<number, readonly number[]>;

/** Registration block of the generation that a block falls into; null for root, and before the first one known. */
export function generationAt(generations: Generations, netuid: number, blockNumber: number): number | null {
  const begun = (generations.get(netuid) ?? []).filter((block) => block > 0 && block <= blockNumber);
  return begun.length === 0 ? null : Math.max(...begun);
}

/** What the ledger reads of a stake event. */
export type StakeEventRow = Pick<
  DelegationEvent,
  | 'id'
  | 'blockNumber'
  | 'timestamp'
  | 'action'
  | 'nominator'
  | 'delegate'
  | 'netuid'
  | 'amount'
  | 'alpha'
  | 'fee'
  | 'slippage'
  | 'extrinsicId'
  | 'isTransfer'
  | 'transferAddress'
>;

/** Stored events as the ledger reads them, and those of which it cannot be told what they did. */
export function toDelegationRows(
  events: readonly StakeEventRow[],
  generations: Generations,
): { rows: DelegationRow[]; rejected: RejectedEvent[] } {
  const read = events.map((event) => toDelegationRow(event, generations));
  return {
    rows: read.flatMap((row) => ('reason' in row ? [] : row)),
    rejected: read.flatMap((row) => ('reason' in row ? row : [])),
  };
}

function toDelegationRow(event: StakeEventRow, generations: Generations): DelegationRow | RejectedEvent {
  const { id, blockNumber, action, nominator: coldkey, netuid } = event;
  const rejected = { id, blockNumber, coldkey, netuid };
  if (netuid === null) return { ...rejected, reason: 'it names no subnet' };
  if (action !== 'DELEGATE' && action !== 'UNDELEGATE') return { ...rejected, reason: `${action} is no known action` };
  // What leaves in the very block of a registration leaves the subnet that ends there.
  const generationBlock = action === 'UNDELEGATE' ? blockNumber - 1 : blockNumber;
  return {
    id,
    blockNumber,
    at: event.timestamp,
    action,
    coldkey,
    hotkey: event.delegate,
    netuid,
    generation: generationAt(generations, netuid, generationBlock),
    amountRao: raoOf(event.amount),
    alphaRao: event.alpha === null ? null : raoOf(event.alpha),
    feeRao: event.fee === null ? null : raoOf(event.fee),
    slippagePercent: event.slippage,
    extrinsicId: event.extrinsicId,
    isTransfer: event.isTransfer === true,
    transferAddress: event.transferAddress,
  };
}

/** A transfer without a fee is one whose fee upstream does not tell; it then shows as unexplained cash. */
export function toTransferRow(transfer: Transfer): TransferRow {
  return {
    id: transfer.id,
    blockNumber: transfer.blockNumber,
    from: transfer.fromAddress,
    to: transfer.toAddress,
    amountRao: raoOf(transfer.amount),
    feeRao: raoOf(transfer.fee ?? '0'),
    extrinsicId: transfer.extrinsicId,
  };
}

function raoOf(text: string): bigint {
  return floorRao(new ExactDecimal(text));
}
