import type { Settings } from './settings';

/** The runbook's flags under the runbook's names, as the trust pack shows them. */
export function featureFlags(settings: Settings): Record<string, boolean> {
  return {
    enable_retry_after: settings.enableRetryAfter,
    enable_partial_failure_protection: settings.enablePartialFailureProtection,
    enable_response_validation: settings.enableResponseValidation,
    enable_client_side_slippage: settings.enableClientSideSlippage,
    enable_reconciliation: settings.enableReconciliation,
    enable_cache_metrics: settings.enableCacheMetrics,
    enable_api_metrics: settings.enableApiMetrics,
    enable_sync_metrics: settings.enableSyncMetrics,
  };
}
