import { type QuoteCheck, DatasetState } from '../../src/database';
import { emptyApiCounts, emptyCacheCounts, emptyTotals, type Totals, type UpstreamSnapshot } from '../../src/metrics';
import type { DatabaseReading, TrustInputs } from '../../src/health/trust-inputs';

export const NOW = new Date('2026-01-15T12:00:00.000Z');

export function minutesAgo(minutes: number): Date {
  return new Date(NOW.getTime() - minutes * 60_000);
}

/** A core dataset that synced five minutes ago and whose next run is five minutes away. */
export function datasetState(change: Partial<DatasetState> = {}): DatasetState {
  return Object.assign(new DatasetState(), {
    dataset: 'pools',
    intervalSeconds: 600,
    nextDueAt: minutesAgo(-5),
    isCore: true,
    lastAttemptAt: minutesAgo(5),
    lastSuccessAt: minutesAgo(5),
    lastChangedAt: minutesAgo(5),
    appliedRunId: null,
    lastRunId: null,
    lastRunState: 'applied',
    upstreamAt: minutesAgo(6),
    upstreamBlock: '7000000',
    answerSha256: null,
    recordCount: 129,
    consecutiveFailures: 0,
    lastErrorCode: null,
    lastError: null,
    lastErrorAt: null,
    protectedSince: null,
    protectedReason: null,
    refusedSha256: null,
    refusedCount: 0,
    rowsKeptBack: 0,
    hasDrift: false,
    driftSince: null,
    notOnPlanSince: null,
    ...change,
  });
}

export function upstreamSnapshot(change: Partial<UpstreamSnapshot> = {}): UpstreamSnapshot {
  return {
    limitPerMinute: 60,
    learnedLimit: 60,
    usedInWindow: 4,
    blockedUntil: null,
    pauseReason: null,
    breakers: [],
    keyState: 'ok',
    quotaExhaustedUntil: null,
    planGated: [],
    invalidRetryAfterTotal: 0,
    ...change,
  };
}

/** Counters of one endpoint and one namespace. */
export function totals(api: Partial<Totals['api'][string]>, cache: Partial<Totals['cache'][string]> = {}): Totals {
  return {
    ...emptyTotals(),
    api: { '/api/price/latest/v1': { ...emptyApiCounts(), ...api } },
    cache: { '/api/price/latest/v1': { ...emptyCacheCounts(), ...cache } },
  };
}

/** A PostgreSQL that answers. */
export function databaseReading(change: Partial<DatabaseReading> = {}): DatabaseReading {
  return {
    reachable: true,
    opened: true,
    downSince: null,
    readAt: NOW,
    problem: null,
    readOnly: false,
    diskFullForMs: null,
    ...change,
  };
}

/** A service in which nothing is wrong. */
export function trustInputs(change: Partial<TrustInputs> = {}): TrustInputs {
  return {
    now: NOW,
    startedAt: minutesAgo(60),
    uptimeSeconds: 3600,
    version: '1.2.3',
    mode: { database: 'external', cache: 'redis', upstream: 'taostats' },
    featureFlags: { enable_retry_after: true },
    settings: {
      syncStalenessWarningMinutes: 15,
      syncStalenessCriticalMinutes: 60,
      staleDataThresholdMinutes: 30,
      taostatsRateLimitPerMinute: 60,
      taostatsMonthlyCredits: 0,
      reconciliationIntervalHours: 6,
    },
    database: databaseReading(),
    cache: { kind: 'redis', available: true },
    upstream: upstreamSnapshot(),
    metrics: {
      lifetime: emptyTotals(),
      last15Minutes: emptyTotals(),
      lastHour: emptyTotals(),
      recentErrors: [],
      countingSince: minutesAgo(60),
      storedAt: NOW,
    },
    datasets: [{ state: datasetState(), lastRun: null, openRun: null }],
    budget: null,
    reconciliation: null,
    eventLoopLagMs: 3,
    ...change,
  };
}

/** A quote of ours that was compared with one of TaoStats. */
export function quoteCheck(agreement: QuoteCheck['agreement']): QuoteCheck {
  return {
    id: 'q',
    at: NOW,
    netuid: 9,
    direction: 'stake',
    input: '1000000000',
    agreement,
    quoteBlock: 100,
    poolBlock: 100,
    expected: '1',
    actual: '1.01',
    difference: '0.01',
    tolerance: '0.000005',
    reasonCode: null,
    reason: 'our quote against the slippage endpoint, without fee',
  };
}
