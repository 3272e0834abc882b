import { Matches, Validate } from 'class-validator';
import { AtLeast, UpstreamUrl } from './setting-checks';
import { Flag, Integer, OptionalText, Quantity, Text } from './variable';

/** TaoStats: the key, its limits, retries and timeouts. */
export class UpstreamSettings {
  @OptionalText(
    'TAOSTATS_API_KEY',
    { range: 'the raw key: no Bearer, no space, no line break', secret: true },
    'Key sent to TaoStats as the raw Authorization header.',
  )
  // What cannot stand in a header would be sent changed, and no rule of redaction knows the changed key.
  @Matches(/^[!-~]+$/)
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
}
