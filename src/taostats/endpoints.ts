import { type Endpoint, NETUID_ECHO, RANGE_ECHO, RANGE_PARAMS, isAddress } from './endpoint';
import { AccountHistoryPayload, AccountPayload, IdentityPayload } from './payloads/account.payload';
import { BlockPayload, StatusPayload } from './payloads/chain.payload';
import { PoolHistoryPayload, PoolPayload, SlippagePayload } from './payloads/pool.payload';
import { OhlcPayload, PricePayload } from './payloads/price.payload';
import {
  DelegationPayload,
  StakeBalanceHistoryPayload,
  StakeBalancePayload,
  TransferPayload,
} from './payloads/stake.payload';
import { SubnetEmissionPayload, SubnetIdentityPayload, SubnetPayload, TaoFlowPayload } from './payloads/subnet.payload';
import { ValidatorPayload, ValidatorYieldPayload } from './payloads/validator.payload';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
/** The largest page that is documented everywhere; all 129 subnets fit in one. */
const PAGE = 200;

type Given<P extends object> = Pick<Endpoint<P>, 'path' | 'payload' | 'breaker' | 'naturalKey'> & Partial<Endpoint<P>>;

function list<P extends object>(given: Given<P>): Endpoint<P> {
  return {
    method: 'GET',
    envelope: 'list',
    pageSize: PAGE,
    order: null,
    required: [],
    params: given.required ?? [],
    echo: {},
    ttlMs: MINUTE_MS,
    ...given,
  };
}

const isTao = (row: { symbol: string }, asked: string): boolean => row.symbol.toLowerCase() === asked.toLowerCase();

const YIELD = {
  payload: ValidatorYieldPayload,
  breaker: 'validator',
  order: 'netuid_asc',
  naturalKey: (row: ValidatorYieldPayload) => `${row.hotkey.ss58}/${row.netuid}`,
  ttlMs: HOUR_MS,
};

/** Every path of TaoStats that this service asks, in one table. */
export const ENDPOINTS = {
  status: list<StatusPayload>({
    path: '/api/status/v1',
    payload: StatusPayload,
    breaker: 'chain',
    envelope: 'object',
    pageSize: null,
    naturalKey: () => 'status',
    ttlMs: 0,
    everyPlan: true,
  }),
  blocks: list<BlockPayload>({
    path: '/api/block/v1',
    payload: BlockPayload,
    breaker: 'chain',
    order: 'block_number_desc',
    grows: true,
    params: RANGE_PARAMS,
    echo: RANGE_ECHO,
    naturalKey: (row) => String(row.block_number),
    ttlMs: 0,
    everyPlan: true,
  }),
  taoPrice: list<PricePayload>({
    path: '/api/price/latest/v1',
    payload: PricePayload,
    breaker: 'price',
    required: ['asset'],
    echo: { asset: isTao },
    naturalKey: (row) => `${row.symbol}/${row.last_updated}`,
    everyPlan: true,
  }),
  taoPriceHistory: list<PricePayload>({
    path: '/api/price/history/v1',
    payload: PricePayload,
    breaker: 'price',
    order: 'timestamp_asc',
    grows: true,
    required: ['asset'],
    params: ['asset', 'timestamp_start', 'timestamp_end'],
    echo: { asset: isTao },
    naturalKey: (row) => `${row.symbol}/${row.last_updated}/${row.created_at ?? ''}`,
    ttlMs: HOUR_MS,
  }),
  taoPriceOhlc: list<OhlcPayload>({
    path: '/api/price/ohlc/v1',
    payload: OhlcPayload,
    breaker: 'price',
    grows: true,
    required: ['asset', 'period'],
    params: ['asset', 'period', 'timestamp_start', 'timestamp_end'],
    echo: {
      asset: (row, asked) => row.asset.toLowerCase() === asked.toLowerCase(),
      period: (row, asked) => row.period.toLowerCase() === asked.toLowerCase(),
    },
    naturalKey: (row) => `${row.asset}/${row.period}/${row.timestamp}`,
    ttlMs: HOUR_MS,
  }),
  subnets: list<SubnetPayload>({
    path: '/api/subnet/latest/v1',
    payload: SubnetPayload,
    breaker: 'subnet',
    order: 'netuid_asc',
    params: ['netuid'],
    echo: { netuid: NETUID_ECHO },
    naturalKey: (row) => String(row.netuid),
    everyPlan: true,
  }),
  subnetIdentities: list<SubnetIdentityPayload>({
    path: '/api/subnet/identity/v1',
    payload: SubnetIdentityPayload,
    breaker: 'subnet',
    params: ['netuid'],
    echo: { netuid: NETUID_ECHO },
    naturalKey: (row) => String(row.netuid),
    ttlMs: 6 * HOUR_MS,
  }),
  subnetEmissions: list<SubnetEmissionPayload>({
    path: '/api/dtao/subnet_emission/v1',
    payload: SubnetEmissionPayload,
    breaker: 'subnet',
    order: 'block_number_desc',
    grows: true,
    params: ['netuid', ...RANGE_PARAMS],
    echo: { netuid: NETUID_ECHO, ...RANGE_ECHO },
    naturalKey: (row) => `${row.netuid}/${row.block_number}`,
  }),
  taoFlows: list<TaoFlowPayload>({
    path: '/api/dtao/tao_flow/v1',
    payload: TaoFlowPayload,
    breaker: 'subnet',
    pageSize: null,
    params: ['netuid', ...RANGE_PARAMS],
    echo: { netuid: NETUID_ECHO },
    naturalKey: (row) => String(row.netuid),
  }),
  pools: list<PoolPayload>({
    path: '/api/dtao/pool/latest/v1',
    payload: PoolPayload,
    breaker: 'pool',
    order: 'netuid_asc',
    params: ['netuid'],
    echo: { netuid: NETUID_ECHO },
    naturalKey: (row) => String(row.netuid),
    everyPlan: true,
  }),
  poolHistory: list<PoolHistoryPayload>({
    path: '/api/dtao/pool/history/v1',
    payload: PoolHistoryPayload,
    breaker: 'pool',
    order: 'block_number_asc',
    grows: true,
    params: ['netuid', 'frequency', ...RANGE_PARAMS],
    echo: { netuid: NETUID_ECHO, ...RANGE_ECHO },
    naturalKey: (row) => `${row.netuid}/${row.block_number}`,
    ttlMs: HOUR_MS,
  }),
  slippage: list<SlippagePayload>({
    path: '/api/dtao/slippage/v1',
    payload: SlippagePayload,
    breaker: 'pool',
    pageSize: null,
    required: ['netuid', 'input_tokens', 'direction'],
    echo: { netuid: NETUID_ECHO },
    naturalKey: (row) => `${row.netuid}/${row.block_number}`,
    ttlMs: 12_000,
  }),
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
