import { Validate } from 'class-validator';
import { AtLeast, AuthTokens, DatabaseUrl, Origins, RedisUrl, Ss58Addresses, UpstreamUrl } from './setting-checks';
import { Choice, Flag, Integer, List, OptionalText, Quantity, SecretList, Text } from './variable';

const LOG_LEVELS = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'] as const;
const REFRESH = { min: 0.1, max: 1440, unit: 'min' };

/**
 * Every environment variable of the service: name, default, range and meaning, in this one place.
 * Built and checked once at boot by `loadSettings`; everything else receives it by injection.
 */
export class Settings {
  @Text('HOST', '127.0.0.1', 'an address of this machine', 'Address that the HTTP server binds to.')
  host!: string;

  @Integer('PORT', 8050, { min: 0, max: 65535 }, 'Port of the HTTP server; 0 takes a free one.')
  port!: number;

  @Integer(
    'METRICS_PORT',
    0,
    { min: 0, max: 65535 },
    'Port of its own for /metrics, on the same HOST; 0 serves it on PORT.',
  )
  metricsPort!: number;

  @SecretList(
    'AUTH_TOKENS',
    'comma-separated scope:sha256 or scope:sha256:label, scope read, sync or admin, sha256 in lower-case hex',
    'Tokens that callers must show, as hashes; without any, only a loopback HOST is permitted.',
  )
  @Validate(AuthTokens)
  authTokens!: string[];

  @List('CORS_ORIGINS', 'comma-separated origins, https://host[:port]', 'Origins whose pages may call the API.')
  @Validate(Origins)
  corsOrigins!: string[];

  @Integer(
    'TRUSTED_PROXY_HOPS',
    0,
    { min: 0, max: 10 },
    'Proxies in front whose X-Forwarded-For is believed; 0 believes none.',
  )
  trustedProxyHops!: number;

  @Integer(
    'CLIENT_REQUESTS_PER_MINUTE',
    600,
    { min: 0, max: 1_000_000 },
    'Reads a minute that one token or address may send, over all replicas; 0 sets no limit.',
  )
  clientRequestsPerMinute!: number;

  @Integer(
    'CLIENT_CHANGES_PER_MINUTE',
    60,
    { min: 0, max: 1_000_000 },
    'Changes (POST, PUT, DELETE) a minute that one token or address may send; 0 sets no limit.',
  )
  clientChangesPerMinute!: number;

  @OptionalText(
    'DATABASE_URL',
    { range: 'postgres://user:password@host:5432/name', secret: true },
    'PostgreSQL to use; without it the service starts its own embedded server.',
  )
  @Validate(DatabaseUrl)
  databaseUrl?: string;

  @Text('DATA_DIR', './data', 'a writable directory', 'Where the embedded PostgreSQL keeps its data.')
  dataDir!: string;

  @OptionalText(
    'REDIS_URL',
    { range: 'redis://[:password@]host:6379[/n]', secret: true },
    'Redis for the cache; without it the cache lives in memory.',
  )
  @Validate(RedisUrl)
  redisUrl?: string;

  @OptionalText(
    'TAOSTATS_API_KEY',
    { range: 'the raw key, no Bearer', secret: true },
    'Key sent to TaoStats as the raw Authorization header.',
  )
  taostatsApiKey?: string;

  @Text(
    'TAOSTATS_BASE_URL',
    'https://api.taostats.io',
    'https://api.taostats.io, or http to loopback with ALLOW_INSECURE_UPSTREAM',
    'Where TaoStats is.',
  )
  @Validate(UpstreamUrl)
  taostatsBaseUrl!: string;

  @Flag('ALLOW_INSECURE_UPSTREAM', false, 'Permits plain http to a loopback address as upstream (the simulator).')
  allowInsecureUpstream!: boolean;

  @Integer(
    'TAOSTATS_RATE_LIMIT_PER_MINUTE',
    60,
    { min: 1, max: 10_000 },
    'Requests a minute that the key may send; every attempt counts.',
  )
  taostatsRateLimitPerMinute!: number;

  @Integer(
    'TAOSTATS_MONTHLY_CREDITS',
    0,
    { min: 0, max: 1_000_000_000 },
    'Requests a month that the plan of the key allows; intervals are stretched to fit. 0: not known, nothing is stretched.',
  )
  taostatsMonthlyCredits!: number;

  @List(
    'WALLET_ADDRESSES',
    'comma-separated ss58 addresses (Bittensor, prefix 42)',
    'Wallets (coldkeys) to follow from the first start.',
  )
  @Validate(Ss58Addresses)
  walletAddresses!: string[];

  @OptionalText('LOG_DIR', { range: 'a writable directory' }, 'Directory that receives the log as *.log beside stdout.')
  logDir?: string;

  @Choice('LOG_LEVEL', 'info', LOG_LEVELS, 'Least severe level that is logged.')
  logLevel!: string;

  @Flag('ENABLE_RETRY_AFTER', true, 'Respect Retry-After headers from the API.')
  enableRetryAfter!: boolean;

  @Flag('ENABLE_PARTIAL_FAILURE_PROTECTION', true, 'Never overwrite good data with empty or partial answers.')
  enablePartialFailureProtection!: boolean;

  @Flag(
    'ENABLE_RESPONSE_VALIDATION',
    true,
    'Check every row of an answer against its class; bad rows go to quarantine.',
  )
  enableResponseValidation!: boolean;

  @Flag('ENABLE_CLIENT_SIDE_SLIPPAGE', false, 'Compute slippage locally instead of asking TaoStats.')
  enableClientSideSlippage!: boolean;

  @Flag('ENABLE_RECONCILIATION', false, 'Compare with a second reading: shown only, nothing acts on it.')
  enableReconciliation!: boolean;

  @Flag('ENABLE_CACHE_METRICS', true, 'Track cache hits and misses.')
  enableCacheMetrics!: boolean;

  @Flag('ENABLE_API_METRICS', true, 'Track API call latency and errors.')
  enableApiMetrics!: boolean;

  @Flag('ENABLE_SYNC_METRICS', true, 'Track success and failure of sync runs.')
  enableSyncMetrics!: boolean;

  @Quantity(
    'RETRY_AFTER_MAX_WAIT_SECONDS',
    300,
    { min: 0, max: 3600, unit: 's' },
    'Longest that one call sleeps for a Retry-After; a longer pause fails the call and is kept.',
  )
  retryAfterMaxWaitSeconds!: number;

  @Quantity('API_INITIAL_BACKOFF_SECONDS', 1, { min: 0, max: 300, unit: 's' }, 'Upper bound of the first backoff.')
  apiInitialBackoffSeconds!: number;

  @Quantity('API_MAX_BACKOFF_SECONDS', 60, { min: 0, max: 3600, unit: 's' }, 'No backoff is longer, jitter included.')
  @Validate(AtLeast, ['apiInitialBackoffSeconds', 'API_INITIAL_BACKOFF_SECONDS'])
  apiMaxBackoffSeconds!: number;

  @Quantity('API_BACKOFF_MULTIPLIER', 2, { min: 1, max: 10 }, 'Growth of the backoff from one retry to the next.')
  apiBackoffMultiplier!: number;

  @Integer('API_MAX_RETRIES', 3, { min: 0, max: 10 }, 'Retries of one call after its first attempt.')
  apiMaxRetries!: number;

  @Quantity('API_CONNECT_TIMEOUT_SECONDS', 10, { min: 0.1, max: 120, unit: 's' }, 'Longest wait for TCP and TLS.')
  apiConnectTimeoutSeconds!: number;

  @Quantity(
    'API_READ_TIMEOUT_SECONDS',
    30,
    { min: 0.1, max: 300, unit: 's' },
    'Longest silence while an answer is read.',
  )
  apiReadTimeoutSeconds!: number;

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
