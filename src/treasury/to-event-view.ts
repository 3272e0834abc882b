import { tokensOf } from '../common';
import type { DelegationEvent, Transfer, WalletEvent } from '../database';
import type { Direction, EventView } from './event.view';

/** An event as its wallet sees it; `wallets` are those that the question is about, `followed` all. */
export function toEventView(
  event: WalletEvent,
  wallets: ReadonlySet<string>,
  followed: ReadonlySet<string>,
): EventView {
  return event.source === 'delegation' ? toStakeView(event.row) : toTransferView(event.row, wallets, followed);
}

function toStakeView(row: DelegationEvent): EventView {
  const isStake = row.action === 'DELEGATE';
  const fee = tokensOf(row.fee);
  return {
    kind: isStake ? 'stake' : 'unstake',
    id: row.id,
    at: row.timestamp.toISOString(),
    block_number: row.blockNumber,
    wallet: row.nominator,
    direction: null,
    counterparty: row.transferAddress,
    netuid: row.netuid,
    hotkey: row.delegate,
    hotkey_name: row.delegateName,
    amount_tao: tokensOf(row.amount),
    alpha: tokensOf(row.alpha),
    fee_tao: isStake ? fee : null,
    fee_alpha: isStake ? null : fee,
    value_usd: row.usd,
    alpha_price_tao: row.alphaPriceInTao,
    alpha_price_usd: row.alphaPriceInUsd,
    slippage_percent: row.slippage,
    is_stake_transfer: row.isTransfer === true,
    extrinsic_id: row.extrinsicId,
    transaction_hash: null,
  };
}

/** The sender's where both sides are asked for. */
function toTransferView(row: Transfer, wallets: ReadonlySet<string>, followed: ReadonlySet<string>): EventView {
  const isOut = wallets.has(row.fromAddress);
  const [wallet, counterparty] = isOut ? [row.fromAddress, row.toAddress] : [row.toAddress, row.fromAddress];
  const direction: Direction = followed.has(counterparty) ? 'internal' : isOut ? 'out' : 'in';
  return {
    kind: 'transfer',
    id: row.id,
    at: row.timestamp.toISOString(),
    block_number: row.blockNumber,
    wallet,
    direction,
    counterparty,
    netuid: null,
    hotkey: null,
    hotkey_name: null,
    amount_tao: tokensOf(row.amount),
    alpha: null,
    fee_tao: tokensOf(row.fee),
    fee_alpha: null,
    value_usd: null,
    alpha_price_tao: null,
    alpha_price_usd: null,
    slippage_percent: null,
    is_stake_transfer: false,
    extrinsic_id: row.extrinsicId,
    transaction_hash: row.transactionHash,
  };
}
