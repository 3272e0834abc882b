import { Validate } from 'class-validator';
import { AtLeast, Ss58Addresses } from './setting-checks';
import { Integer, List, Quantity } from './variable';

const REFRESH = { min: 0.1, max: 1440, unit: 'min' };

/** What is followed, how often, and when it counts as old. */
export class SyncSettings {
  @List(
    'WALLET_ADDRESSES',
    'comma-separated ss58 addresses (Bittensor, prefix 42)',
    'Wallets (coldkeys) to follow from the first start.',
  )
  @Validate(Ss58Addresses)
  walletAddresses!: string[];

  @Quantity(
    'SYNC_REQUEST_INTERVAL_SECONDS',
    60,
    { min: 0, max: 3600, unit: 's' },
    'Shortest time between two syncs of one dataset that people ask for; 0 sets no limit.',
  )
  syncRequestIntervalSeconds!: number;

  @Integer('MIN_RECORDS_FOR_VALID_SYNC', 1, { min: 0, max: 1_000_000 }, 'An answer with fewer records is refused.')
  minRecordsForValidSync!: number;

  @Quantity(
    'SYNC_STALENESS_WARNING_MINUTES',
    15,
    { min: 0.1, max: 10_080, unit: 'min' },
    'Age at which a dataset is stale, at the least.',
  )
  syncStalenessWarningMinutes!: number;

  @Quantity(
    'SYNC_STALENESS_CRITICAL_MINUTES',
    60,
    { min: 0.1, max: 10_080, unit: 'min' },
    'Age at which a dataset is critically stale, at the least.',
  )
  @Validate(AtLeast, ['syncStalenessWarningMinutes', 'SYNC_STALENESS_WARNING_MINUTES'])
  syncStalenessCriticalMinutes!: number;

  @Quantity(
    'STALE_DATA_THRESHOLD_MINUTES',
    30,
    { min: 0.1, max: 10_080, unit: 'min' },
    'Age of the oldest core dataset at which /api/v1/health says data_stale.',
  )
  staleDataThresholdMinutes!: number;

  @Quantity(
    'SOFT_DRAWDOWN_LIMIT',
    0.15,
    { min: 0, max: 1 },
    'Drawdown, as a fraction, that is worth a look: 0.15 is 15 %.',
  )
  softDrawdownLimit!: number;

  @Quantity('HARD_DRAWDOWN_LIMIT', 0.2, { min: 0, max: 1 }, 'Drawdown, as a fraction, that must not be passed.')
  @Validate(AtLeast, ['softDrawdownLimit', 'SOFT_DRAWDOWN_LIMIT'])
  hardDrawdownLimit!: number;

  @Quantity('PRICE_REFRESH_MINUTES', 5, REFRESH, 'Interval of the TAO price.')
  priceRefreshMinutes!: number;

  @Quantity('POOLS_REFRESH_MINUTES', 10, REFRESH, 'Interval of the pools.')
  poolsRefreshMinutes!: number;

  @Quantity('SUBNETS_REFRESH_MINUTES', 15, REFRESH, 'Interval of the subnets and their identities.')
  subnetsRefreshMinutes!: number;

  @Quantity('WALLET_REFRESH_MINUTES', 5, REFRESH, 'Interval of positions and accounts.')
  walletRefreshMinutes!: number;

  @Quantity('FLOW_REFRESH_MINUTES', 30, REFRESH, 'Interval of TAO flows and emissions.')
  flowRefreshMinutes!: number;

  @Quantity('VALIDATOR_REFRESH_MINUTES', 60, REFRESH, 'Interval of validators and their yields.')
  validatorRefreshMinutes!: number;
}
