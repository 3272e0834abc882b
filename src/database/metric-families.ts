import {
  type ApiCounts,
  type CacheCounts,
  LATENCY_BOUNDS_MS,
  RUN_OUTCOMES,
  type SyncCounts,
  type Totals,
} from '../metrics';

type Row = Record<string, number>;

/** How one family of counters lies in its two tables: one column per counter, whatever the name counted. */
export interface MetricFamily<K extends keyof Totals = keyof Totals> {
  family: K;
  columns: readonly string[];
  toRow(counts: Totals[K][string]): Row;
  toCounts(row: Row): Totals[K][string];
}

const LATENCY_COLUMNS = [...LATENCY_BOUNDS_MS.map((bound) => `latency_le_${bound}_ms`), 'latency_above_ms'];
const API_COLUMNS = [
  'calls',
  'ok',
  'errors',
  'rate_limits',
  'quota_exhausted',
  'retries',
  'latency_ms_sum',
  ...LATENCY_COLUMNS,
];
const CACHE_COLUMNS = ['hits', 'misses', 'stale', 'failures'];
const SYNC_COLUMNS = [...RUN_OUTCOMES, 'duration_ms_sum', 'rejected'];

export const API_FAMILY: MetricFamily<'api'> = {
  family: 'api',
  columns: API_COLUMNS,
  toRow: (counts: ApiCounts) => ({
    calls: counts.calls,
    ok: counts.ok,
    errors: counts.errors,
    rate_limits: counts.rateLimits,
    quota_exhausted: counts.quotaExhausted,
    retries: counts.retries,
    latency_ms_sum: counts.latencyMsSum,
    ...Object.fromEntries(LATENCY_COLUMNS.map((column, index) => [column, counts.latencyBuckets[index] ?? 0])),
  }),
  toCounts: (row: Row): ApiCounts => ({
    calls: row['calls'] ?? 0,
    ok: row['ok'] ?? 0,
    errors: row['errors'] ?? 0,
    rateLimits: row['rate_limits'] ?? 0,
    quotaExhausted: row['quota_exhausted'] ?? 0,
    retries: row['retries'] ?? 0,
    latencyMsSum: row['latency_ms_sum'] ?? 0,
    latencyBuckets: LATENCY_COLUMNS.map((column) => row[column] ?? 0),
  }),
};

export const CACHE_FAMILY: MetricFamily<'cache'> = {
  family: 'cache',
  columns: CACHE_COLUMNS,
  toRow: (counts: CacheCounts) => ({ ...counts }),
  toCounts: (row: Row): CacheCounts => ({
    hits: row['hits'] ?? 0,
    misses: row['misses'] ?? 0,
    stale: row['stale'] ?? 0,
    failures: row['failures'] ?? 0,
  }),
};

export const SYNC_FAMILY: MetricFamily<'sync'> = {
  family: 'sync',
  columns: SYNC_COLUMNS,
  toRow: ({ durationMsSum, ...counts }: SyncCounts) => ({ ...counts, duration_ms_sum: durationMsSum }),
  toCounts: (row: Row): SyncCounts => ({
    applied: row['applied'] ?? 0,
    confirmed: row['confirmed'] ?? 0,
    protected: row['protected'] ?? 0,
    failed: row['failed'] ?? 0,
    interrupted: row['interrupted'] ?? 0,
    fenced: row['fenced'] ?? 0,
    durationMsSum: row['duration_ms_sum'] ?? 0,
    rejected: row['rejected'] ?? 0,
  }),
};

/** `double precision` for sums of milliseconds, `bigint` for counts. */
export function columnType(column: string): 'double precision' | 'bigint' {
  return column.endsWith('_ms_sum') ? 'double precision' : 'bigint';
}
