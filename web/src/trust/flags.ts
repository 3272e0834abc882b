/** What a flag does, and its default. The defaults are the service's own; a test compares them. */
export const FLAGS: Readonly<Record<string, { on: boolean; purpose: string }>> = {
  enable_retry_after: { on: true, purpose: 'Wait as long as TaoStats asks' },
  enable_partial_failure_protection: { on: true, purpose: 'Never overwrite good data with a bad answer' },
  enable_response_validation: { on: true, purpose: 'Check every row before it is stored' },
  enable_client_side_slippage: { on: false, purpose: 'Compute slippage here instead of asking' },
  enable_reconciliation: { on: false, purpose: 'Compare stored rows with a second reading' },
  enable_cache_metrics: { on: true, purpose: 'Count cache hits and misses' },
  enable_api_metrics: { on: true, purpose: 'Count calls, latency and errors' },
  enable_sync_metrics: { on: true, purpose: 'Count sync runs by outcome' },
};
