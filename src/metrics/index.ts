export { ReconciliationGauges, type ReconciliationStanding } from './reconciliation-gauges';
export { CacheMetrics } from './cache-metrics';
export { CallMetrics, type AttemptRecord } from './call-metrics';
export {
  CALL_OUTCOMES,
  RUN_OUTCOMES,
  addTotals,
  emptyApiCounts,
  emptyCacheCounts,
  emptySyncCounts,
  emptyTotals,
  isErrorOutcome,
  sumApiCounts,
  sumCacheCounts,
  type ApiCounts,
  type CacheCounts,
  type CallOutcome,
  type RecentError,
  type RunOutcome,
  type SyncCounts,
  type Totals,
} from './counts';
export { EventLoopLag } from './event-loop-lag';
export { LATENCY_BOUNDS_MS, latencyBucket, latencyQuantile } from './latency-histogram';
export { MetricsLedger, type LedgerDeltas } from './metrics-ledger';
export { MetricsModule } from './metrics.module';
export { PrometheusMetrics } from './prometheus-metrics';
export { SyncMetrics, type RunRecord } from './sync-metrics';
export { UpstreamGauge, type BreakerState, type UpstreamSnapshot } from './upstream-gauge';
export { SERVICE_VERSION } from './version';
