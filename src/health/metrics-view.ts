import type { MetricsReading } from '../database';
import {
  type ApiCounts,
  type CacheCounts,
  emptyApiCounts,
  emptyCacheCounts,
  latencyQuantile,
  type RecentError,
  sumApiCounts,
  sumCacheCounts,
  type SyncCounts,
  type Totals,
} from '../metrics';
import type { CacheReading } from './trust-inputs';
import { ratio } from './window-rates';

type Windows = Pick<MetricsReading, 'lifetime' | 'last15Minutes' | 'lastHour'>;

/** `api_health`: lifetime totals of all endpoints under the runbook's keys, and both rolling windows. Rates are 0 to 1. */
export function buildApiHealth(metrics: Windows) {
  const sum = sumApiCounts(metrics.lifetime.api);
  return {
    total_calls: sum.calls,
    total_errors: sum.errors,
    total_rate_limits: sum.rateLimits,
    total_quota_exhausted: sum.quotaExhausted,
    total_retries: sum.retries,
    error_rate: ratio(sum.errors, sum.calls),
    rate_limit_rate: ratio(sum.rateLimits, sum.calls),
    avg_latency_ms: tenths(ratio(sum.latencyMsSum, sum.calls)),
    windows: {
      last_15_minutes: apiRates(sumApiCounts(metrics.last15Minutes.api)),
      last_hour: apiRates(sumApiCounts(metrics.lastHour.api)),
    },
  };
}

/** `api_endpoints`: the same by path template. Percentiles are of the last hour. */
export function buildApiEndpoints(metrics: Windows, errors: readonly RecentError[]) {
  return Object.fromEntries(
    Object.entries(metrics.lifetime.api)
      .sort(([a], [b]) => a.localeCompare(b))
      .map(([endpoint, counts]) => {
        const lastError = errors.findLast((error) => error.endpoint === endpoint) ?? null;
        return [
          endpoint,
          {
            call_count: counts.calls,
            success_rate: ratio(counts.ok, counts.calls),
            error_count: counts.errors,
            error_rate: ratio(counts.errors, counts.calls),
            rate_limit_count: counts.rateLimits,
            rate_limit_rate: ratio(counts.rateLimits, counts.calls),
            retry_count: counts.retries,
            avg_latency_ms: tenths(ratio(counts.latencyMsSum, counts.calls)),
            last_error: lastError?.message ?? null,
            last_error_code: lastError?.code ?? null,
            last_error_at: lastError?.at ?? null,
            windows: {
              last_15_minutes: apiRates(metrics.last15Minutes.api[endpoint] ?? emptyApiCounts()),
              last_hour: apiRates(metrics.lastHour.api[endpoint] ?? emptyApiCounts()),
            },
          },
        ];
      }),
  );
}

/** `cache_health`: lifetime totals, both windows, and every namespace. A hit rate without reads is null. */
export function buildCacheHealth(metrics: Windows, cache: CacheReading) {
  const sum = sumCacheCounts(metrics.lifetime.cache);
  return {
    total_hits: sum.hits,
    total_misses: sum.misses,
    total_stale: sum.stale,
    total_failures: sum.failures,
    overall_hit_rate: hitRate(sum),
    kind: cache.kind,
    available: cache.available,
    windows: {
      last_15_minutes: cacheRates(sumCacheCounts(metrics.last15Minutes.cache)),
      last_hour: cacheRates(sumCacheCounts(metrics.lastHour.cache)),
    },
    namespaces: Object.fromEntries(
      Object.entries(metrics.lifetime.cache).map(([namespace, counts]) => [
        namespace,
        { ...cacheRates(counts), last_hour: cacheRates(metrics.lastHour.cache[namespace] ?? emptyCacheCounts()) },
      ]),
    ),
  };
}

/** `sync_health`: closed runs by dataset and outcome. */
export function buildSyncHealth(metrics: Windows) {
  return {
    datasets: syncRates(metrics.lifetime),
    last_hour: syncRates(metrics.lastHour),
  };
}

/** Newest last, so that `.recent_errors[-5:]` are the five newest. */
export function buildRecentErrors(errors: readonly RecentError[]) {
  return errors.map((error) => ({
    at: error.at,
    endpoint: error.endpoint,
    outcome: error.outcome,
    status: error.status,
    code: error.code,
    message: error.message,
    attempt: error.attempt,
    run_id: error.runId,
  }));
}

function apiRates(counts: ApiCounts) {
  return {
    calls: counts.calls,
    errors: counts.errors,
    rate_limits: counts.rateLimits,
    retries: counts.retries,
    error_rate: ratio(counts.errors, counts.calls),
    rate_limit_rate: ratio(counts.rateLimits, counts.calls),
    avg_latency_ms: tenths(ratio(counts.latencyMsSum, counts.calls)),
    p50_latency_ms: tenths(latencyQuantile(counts.latencyBuckets, 0.5)),
    p95_latency_ms: tenths(latencyQuantile(counts.latencyBuckets, 0.95)),
  };
}

function cacheRates(counts: CacheCounts) {
  const { hits, misses, stale, failures } = counts;
  return { hits, misses, stale, failures, hit_rate: hitRate(counts) };
}

function hitRate(counts: CacheCounts): number | null {
  return ratio(counts.hits, counts.hits + counts.misses);
}

function syncRates(totals: Totals) {
  return Object.fromEntries(Object.entries(totals.sync).map(([dataset, counts]) => [dataset, runRates(counts)]));
}

function runRates({ durationMsSum, rejected, ...outcomes }: SyncCounts) {
  const runs = Object.values(outcomes).reduce((sum, count) => sum + count, 0);
  return {
    ...outcomes,
    runs,
    success_rate: ratio(outcomes.applied + outcomes.confirmed, runs),
    avg_duration_ms: tenths(ratio(durationMsSum, runs)),
    rows_rejected: rejected,
  };
}

function tenths(value: number | null): number | null {
  return value === null ? null : Math.round(value * 10) / 10;
}
