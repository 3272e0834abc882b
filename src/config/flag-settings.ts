import { Flag } from './variable';

/** The feature flags of the runbook. */
export class FlagSettings {
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

  @Flag('ENABLE_RECONCILIATION', false, 'Compare what is stored with a second reading, periodically.')
  enableReconciliation!: boolean;

  @Flag('ENABLE_CACHE_METRICS', true, 'Track cache hits and misses.')
  enableCacheMetrics!: boolean;

  @Flag('ENABLE_API_METRICS', true, 'Track API call latency and errors.')
  enableApiMetrics!: boolean;

  @Flag('ENABLE_SYNC_METRICS', true, 'Track success and failure of sync runs.')
  enableSyncMetrics!: boolean;
}
