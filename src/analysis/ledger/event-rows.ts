import { floorRao } from '../exact';
import { ExactDecimal } from '../../common';
import type { DelegationEvent, Transfer } from '../../database';
import type { TransferRow } from './cash';
import type { DelegationRow } from './delegation';

/** Registration blocks of a netuid's generations, in any order. */
export type Generations = ReadonlyMap<number, readonly number[]>;

/** Registration block of the generation that a block falls into; null for root, and before the first one known. */
export function generationAt(generations: Generations, netuid: number, blockNumber: number): number | null {
  const begun = (generations.get(netuid) ?? []).filter((block) => block > 0 && block <= blockNumber);
  return begun.length === 0 ? null : Math.max(...begun);
}

/** A stored event as the ledger reads it; null for a row without a subnet, which moves no stake. */
export function toDelegationRow(event: DelegationEvent, generations: Generations): DelegationRow | null {
  if (event.netuid === null || (event.action !== 'DELEGATE' && event.action !== 'UNDELEGATE')) return null;
  return {
    id: event.id,
    blockNumber: event.blockNumber,
    action: event.action,
    coldkey: event.nominator,
    hotkey: event.delegate,
    netuid: event.netuid,
    generation: generationAt(generations, event.netuid, event.blockNumber),
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
