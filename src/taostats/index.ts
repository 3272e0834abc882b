export type { Endpoint } from './endpoint';
export { ENDPOINTS } from './endpoints';
export type { Fetched, FetchedPage, KeptPage, FetchRequest, Priority, RejectedRow } from './fetch-request';
export { AccountHistoryPayload, AccountPayload, IdentityPayload, type AlphaBalance } from './payloads/account.payload';
export { BlockPayload, StatusPayload } from './payloads/chain.payload';
export { PoolHistoryPayload, PoolPayload, SlippagePayload, type PricePoint } from './payloads/pool.payload';
export { OhlcPayload, PricePayload } from './payloads/price.payload';
export {
  DelegationPayload,
  StakeBalanceHistoryPayload,
  StakeBalancePayload,
  TransferPayload,
} from './payloads/stake.payload';
export { SubnetEmissionPayload, SubnetIdentityPayload, SubnetPayload, TaoFlowPayload } from './payloads/subnet.payload';
export { ValidatorPayload, ValidatorYieldPayload } from './payloads/validator.payload';
export { probeKey, type KeyProbe } from './probe-key';
export { NoTurnError, RateLimitedError, TaostatsError, type TaostatsReason } from './taostats-errors';
export type { AccountKey } from './wire/field';
export { TaostatsClient } from './taostats-client.service';
export { TaostatsModule } from './taostats.module';
export { keyScopeOf } from './key-scope';
