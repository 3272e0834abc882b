import { NETUID_ECHO, RANGE_ECHO, RANGE_PARAMS, isAddress } from './endpoint';
import { HOUR_MS, list } from './endpoint-list';
import { AccountHistoryPayload, AccountPayload, IdentityPayload } from './payloads/account.payload';
import {
  DelegationPayload,
  StakeBalanceHistoryPayload,
  StakeBalancePayload,
  TransferPayload,
} from './payloads/stake.payload';
import { ValidatorPayload, ValidatorYieldPayload } from './payloads/validator.payload';

const YIELD = {
  payload: ValidatorYieldPayload,
  breaker: 'validator',
  order: 'netuid_asc',
  naturalKey: (row: ValidatorYieldPayload) => `${row.hotkey.ss58}/${row.netuid}`,
  ttlMs: HOUR_MS,
};

/** What TaoStats tells of addresses: accounts, stake, events and validators. */
export const WALLET_ENDPOINTS = {
  accounts: list<AccountPayload>({
    path: '/api/account/latest/v1',
    payload: AccountPayload,
    breaker: 'account',
    required: ['address'],
    echo: { address: (row, asked) => isAddress(row.address, asked) },
    naturalKey: (row) => row.address.ss58,
  }),
  accountHistory: list<AccountHistoryPayload>({
    path: '/api/account/history/v1',
    payload: AccountHistoryPayload,
    breaker: 'account',
    order: 'block_number_asc',
    grows: true,
    required: ['address'],
    params: ['address', 'network', ...RANGE_PARAMS],
    echo: { address: (row, asked) => isAddress(row.address, asked), ...RANGE_ECHO },
    naturalKey: (row) => `${row.address.ss58}/${row.block_number}`,
    ttlMs: HOUR_MS,
  }),
  stakeBalances: list<StakeBalancePayload>({
    path: '/api/dtao/stake_balance/latest/v1',
    payload: StakeBalancePayload,
    breaker: 'stake',
    order: 'netuid_asc',
    params: ['coldkey', 'hotkey', 'netuid', 'balance_min', 'balance_max', 'balance_as_tao_min', 'balance_as_tao_max'],
    echo: {
      coldkey: (row, asked) => isAddress(row.coldkey, asked),
      hotkey: (row, asked) => isAddress(row.hotkey, asked),
      netuid: NETUID_ECHO,
    },
    naturalKey: (row) => `${row.coldkey.ss58}/${row.hotkey.ss58}/${row.netuid}`,
  }),
  stakeBalanceHistory: list<StakeBalanceHistoryPayload>({
    path: '/api/dtao/stake_balance/history/v1',
    payload: StakeBalanceHistoryPayload,
    breaker: 'stake',
    order: 'block_number_asc',
    grows: true,
    required: ['coldkey', 'hotkey', 'netuid'],
    params: ['coldkey', 'hotkey', 'netuid', ...RANGE_PARAMS],
    echo: {
      coldkey: (row, asked) => isAddress(row.coldkey, asked),
      hotkey: (row, asked) => isAddress(row.hotkey, asked),
      netuid: NETUID_ECHO,
      ...RANGE_ECHO,
    },
    naturalKey: (row) => `${row.coldkey.ss58}/${row.hotkey.ss58}/${row.netuid}/${row.block_number}`,
    ttlMs: HOUR_MS,
  }),
  delegations: list<DelegationPayload>({
    path: '/api/delegation/v1',
    payload: DelegationPayload,
    breaker: 'events',
    order: 'block_number_asc',
    grows: true,
    params: ['nominator', 'delegate', 'action', 'netuid', 'is_transfer', 'extrinsic_id', ...RANGE_PARAMS],
    echo: {
      nominator: (row, asked) => isAddress(row.nominator, asked),
      delegate: (row, asked) => isAddress(row.delegate, asked),
      action: (row, asked) => asked === 'all' || row.action.toLowerCase() === asked.toLowerCase(),
      netuid: NETUID_ECHO,
      extrinsic_id: (row, asked) => row.extrinsic_id === asked,
      ...RANGE_ECHO,
    },
    naturalKey: (row) => row.id,
  }),
  transfers: list<TransferPayload>({
    path: '/api/transfer/v1',
    payload: TransferPayload,
    breaker: 'events',
    order: 'block_number_asc',
    grows: true,
    params: ['address', 'from', 'to', 'network', 'transaction_hash', 'extrinsic_id', ...RANGE_PARAMS],
    echo: {
      address: (row, asked) => isAddress(row.from, asked) || isAddress(row.to, asked),
      from: (row, asked) => isAddress(row.from, asked),
      to: (row, asked) => isAddress(row.to, asked),
      extrinsic_id: (row, asked) => row.extrinsic_id === asked,
      ...RANGE_ECHO,
    },
    naturalKey: (row) => row.id,
  }),
  validators: list<ValidatorPayload>({
    path: '/api/dtao/validator/latest/v1',
    payload: ValidatorPayload,
    breaker: 'validator',
    order: 'rank_asc',
    params: ['hotkey'],
    echo: { hotkey: (row, asked) => isAddress(row.hotkey, asked) },
    naturalKey: (row) => row.hotkey.ss58,
    ttlMs: HOUR_MS,
  }),
  validatorYields: list<ValidatorYieldPayload>({
    ...YIELD,
    path: '/api/dtao/validator/yield/latest/v1',
    params: ['hotkey', 'netuid', 'min_stake'],
    echo: { hotkey: (row, asked) => isAddress(row.hotkey, asked), netuid: NETUID_ECHO },
  }),
  /** Same path by POST: the positions are in the body, so one call replaces one per subnet. */
  positionYields: list<ValidatorYieldPayload>({
    ...YIELD,
    path: '/api/dtao/validator/yield/latest/v1',
    method: 'POST',
    params: ['min_stake'],
    bodyEcho: (row, { positions }) =>
      Array.isArray(positions) &&
      (positions as { hotkey: string; netuid: number }[]).some(
        ({ hotkey, netuid }) => netuid === row.netuid && isAddress(row.hotkey, hotkey),
      ),
  }),
  identities: list<IdentityPayload>({
    path: '/api/identity/latest/v1',
    payload: IdentityPayload,
    breaker: 'account',
    params: ['address', 'validator_hotkey'],
    echo: {
      address: (row, asked) => isAddress(row.address, asked),
      validator_hotkey: (row, asked) => isAddress(row.validator_hotkey, asked),
    },
    naturalKey: (row) => row.address.ss58,
    ttlMs: 6 * HOUR_MS,
  }),
} as const;
