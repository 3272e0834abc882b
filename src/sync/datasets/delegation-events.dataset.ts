import { DelegationEvent } from '../../database';
import { type DelegationPayload, ENDPOINTS } from '../../taostats';
import type { StepwiseDataset } from '../dataset';
import { callPerWallet } from './call-per-wallet';
import { type EventKind, followEvents } from './event-walk';

const KIND: EventKind<DelegationPayload, DelegationEvent> = {
  dataset: 'delegation_events',
  endpoint: ENDPOINTS.delegations,
  parameter: 'nominator',
  toRow,
  store: (events, manager, rows) => events.storeDelegations(manager, rows),
  count: (events, manager, wallets) => events.countDelegations(manager, wallets),
};

/** Every stake and unstake of the wallets. */
export const DELEGATION_EVENTS: StepwiseDataset = {
  name: KIND.dataset,
  title: 'Delegation event',
  tiers: ['full', 'deep'],
  isCore: false,
  intervalMinutes: (settings) => settings.flowRefreshMinutes,
  plannedCalls: callPerWallet,
  work: (context) => followEvents(KIND, context),
};

function toRow(payload: DelegationPayload, runId: string): DelegationEvent {
  return Object.assign(new DelegationEvent(), {
    id: payload.id,
    blockNumber: payload.block_number,
    timestamp: new Date(payload.timestamp),
    action: payload.action,
    nominator: payload.nominator.ss58,
    delegate: payload.delegate.ss58,
    delegateName: payload.delegate_name,
    netuid: payload.netuid,
    amount: payload.amount,
    alpha: payload.alpha,
    usd: payload.usd,
    alphaPriceInTao: payload.alpha_price_in_tao,
    alphaPriceInUsd: payload.alpha_price_in_usd,
    slippage: payload.slippage,
    fee: payload.fee,
    extrinsicId: payload.extrinsic_id,
    isTransfer: payload.is_transfer,
    transferAddress: payload.transfer_address?.ss58 ?? null,
    runId,
  });
}
