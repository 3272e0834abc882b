import { Transfer } from '../../database';
import { ENDPOINTS, type TransferPayload } from '../../taostats';
import type { StepwiseDataset } from '../dataset';
import { callPerWallet } from './call-per-wallet';
import { type EventKind, followEvents } from './event-walk';

const KIND: EventKind<TransferPayload, Transfer> = {
  dataset: 'transfers',
  endpoint: ENDPOINTS.transfers,
  parameter: 'address',
  toRow,
  store: (events, manager, rows) => events.storeTransfers(manager, rows),
  count: (events, manager, wallets) => events.countTransfers(manager, wallets),
};

/** Free TAO that went from or to the wallets. */
export const TRANSFERS: StepwiseDataset = {
  name: KIND.dataset,
  title: 'Transfer',
  tiers: ['full', 'deep'],
  isCore: false,
  intervalMinutes: (settings) => settings.flowRefreshMinutes,
  plannedCalls: callPerWallet,
  work: (context) => followEvents(KIND, context),
};

function toRow(payload: TransferPayload, runId: string): Transfer {
  return Object.assign(new Transfer(), {
    id: payload.id,
    blockNumber: payload.block_number,
    timestamp: new Date(payload.timestamp),
    fromAddress: payload.from.ss58,
    toAddress: payload.to.ss58,
    network: payload.network,
    amount: payload.amount,
    fee: payload.fee,
    transactionHash: payload.transaction_hash,
    extrinsicId: payload.extrinsic_id,
    runId,
  });
}
