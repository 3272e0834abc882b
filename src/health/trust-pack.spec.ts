import {
  databaseReading,
  datasetState,
  minutesAgo,
  NOW,
  totals,
  trustInputs,
  upstreamSnapshot,
} from '../../test/support/trust-inputs';
import { SyncRun } from '../database';
import { type RecentError } from '../metrics';
import { findIssues } from './find-issues';
import { IssueTracker } from './issue-tracker';
import type { TrustInputs } from './trust-inputs';
import { buildTrustPack } from './trust-pack';

function packOf(inputs: TrustInputs) {
  const tracker = new IssueTracker();
  tracker.observe(findIssues(inputs), inputs.now);
  return buildTrustPack(inputs, { issues: tracker.current(), at: inputs.now });
}

function failure(change: Partial<RecentError>): RecentError {
  return {
    at: NOW,
    endpoint: '/api/price/latest/v1',
    outcome: 'transient',
    status: 503,
    code: 'taostats/unavailable',
    message: 'answered 503',
    attempt: 1,
    runId: null,
    ...change,
  };
}

describe('the trust pack', () => {
  it('has every key of the runbook', () => {
    const { metrics } = trustInputs();
    const pack = packOf(
      trustInputs({
        metrics: { ...metrics, lifetime: totals({ calls: 50, ok: 49, errors: 1 }, { hits: 4, misses: 1 }) },
      }),
    );
    expect(pack).toMatchObject({
      generated_at: NOW,
      uptime_seconds: 3600,
      api_health: { total_calls: 50, total_errors: 1, total_rate_limits: 0, error_rate: 0.02, rate_limit_rate: 0 },
      api_endpoints: {
        '/api/price/latest/v1': {
          call_count: 50,
          success_rate: 0.98,
          error_rate: 0.02,
          avg_latency_ms: 0,
          rate_limit_count: 0,
        },
      },
      cache_health: { total_hits: 4, total_misses: 1, overall_hit_rate: 0.8 },
      datasets: {
        pools: {
          last_success_at: minutesAgo(5),
          record_count: 129,
          age_minutes: 6,
          is_stale: false,
          has_drift: false,
        },
      },
      recent_errors: [],
      feature_flags: { enable_retry_after: true },
      overall_health: { judged_at: NOW, status: 'healthy', issues: [] },
    });
  });

  it('knows nothing rather than zero before anything was counted or synced', () => {
    const never = datasetState({ lastSuccessAt: null, upstreamAt: null, recordCount: 0 });
    const pack = packOf(trustInputs({ datasets: [{ state: never, lastRun: null, openRun: null }] }));
    expect(pack.api_health).toMatchObject({ total_calls: 0, error_rate: null, avg_latency_ms: null });
    expect(pack.cache_health.overall_hit_rate).toBeNull();
    expect(pack.datasets['pools']).toMatchObject({
      last_success_at: null,
      record_count: null,
      age_minutes: null,
      is_stale: true,
      trust: 'unknown',
      level: 'unknown',
      state: 'pending',
    });
  });

  it('is never healthy when nothing was ever synced', () => {
    expect(packOf(trustInputs({ datasets: [] })).overall_health.status).toBe('degraded');
  });

  it('gives each issue its code, severity, beginning, evidence and section of the runbook', () => {
    const state = datasetState({ protectedSince: minutesAgo(3), protectedReason: '0 of 129 pools', refusedCount: 1 });
    const pack = packOf(trustInputs({ datasets: [{ state, lastRun: null, openRun: null }] }));
    expect(pack.overall_health).toMatchObject({ status: 'degraded', trust: 'protected' });
    expect(pack.overall_health.issues).toEqual([
      {
        code: 'dataset_protected',
        severity: 'warning',
        subject: 'pools',
        message: 'pools: the last answer was refused and the last good rows stand.',
        since: minutesAgo(3),
        evidence: { reason: '0 of 129 pools', refused_in_a_row: 1 },
        runbook: 'docs/runbook.md#dataset_protected',
      },
    ]);
  });

  it('shows throttling as a notice with its countdown, and stays healthy', () => {
    const upstream = upstreamSnapshot({ blockedUntil: minutesAgo(-1), pauseReason: '429 without Retry-After' });
    const pack = packOf(trustInputs({ upstream }));
    expect(pack.overall_health).toMatchObject({
      status: 'healthy',
      issues: [],
      notices: [{ code: 'upstream_paused' }],
    });
    expect(pack.upstream).toMatchObject({
      paused: true,
      blocked_until: minutesAgo(-1),
      resumes_in_seconds: 60,
      pause_reason: '429 without Retry-After',
    });
  });

  it('forgets a pause that is over', () => {
    const pack = packOf(trustInputs({ upstream: upstreamSnapshot({ blockedUntil: minutesAgo(1) }) }));
    expect(pack.upstream).toMatchObject({ paused: false, blocked_until: null, resumes_in_seconds: null });
  });

  it('lists errors newest last and the last one at its endpoint', () => {
    const { metrics } = trustInputs();
    const recentErrors = [
      failure({ at: minutesAgo(2), message: 'first' }),
      failure({ at: minutesAgo(1), message: 'second' }),
      failure({ endpoint: '/api/other/v1', message: 'elsewhere' }),
    ];
    const pack = packOf(
      trustInputs({ metrics: { ...metrics, lifetime: totals({ calls: 2, errors: 2 }), recentErrors } }),
    );
    expect(pack.recent_errors.map((error) => error.message)).toEqual(['first', 'second', 'elsewhere']);
    expect(pack.api_endpoints['/api/price/latest/v1']).toMatchObject({
      last_error: 'second',
      last_error_at: minutesAgo(1),
    });
  });

  it('labels simulated data', () => {
    expect(packOf(trustInputs()).simulated).toBe(false);
    const mode = { database: 'embedded', cache: 'memory', upstream: 'simulator' } as const;
    expect(packOf(trustInputs({ mode })).simulated).toBe(true);
  });

  it('answers with the last known datasets while PostgreSQL is away', () => {
    const database = databaseReading({
      reachable: false,
      downSince: minutesAgo(1),
      readAt: minutesAgo(1),
      problem: 'gone',
    });
    const pack = packOf(trustInputs({ database }));
    expect(pack.datasets['pools']?.record_count).toBe(129);
    expect(pack.overall_health).toMatchObject({ status: 'critical', issues: [{ code: 'database_down' }] });
  });
});

describe('the state word of a dataset', () => {
  const running = Object.assign(new SyncRun(), { state: 'running', startedAt: NOW, finishedAt: null });

  it.each([
    [{}, null, 'on_time'],
    [{ lastSuccessAt: minutesAgo(10.9) }, null, 'on_time'],
    [{ lastSuccessAt: minutesAgo(12) }, null, 'on_track'],
    [{ consecutiveFailures: 1 }, null, 'on_track'],
    [{ lastSuccessAt: minutesAgo(22) }, null, 'late'],
    [{ lastSuccessAt: minutesAgo(32) }, null, 'error'],
    [{ lastSuccessAt: null }, null, 'pending'],
    [{ lastSuccessAt: null, consecutiveFailures: 1 }, null, 'error'],
    [{ protectedSince: minutesAgo(1) }, null, 'protected'],
    [{ protectedSince: minutesAgo(1) }, running, 'syncing'],
    [{ notOnPlanSince: minutesAgo(9), lastSuccessAt: null }, null, 'not_on_your_plan'],
  ])('of %j is %s %s', (change, openRun, word) => {
    const pack = packOf(trustInputs({ datasets: [{ state: datasetState(change), lastRun: null, openRun }] }));
    expect(pack.datasets['pools']?.state).toBe(word);
  });

  it('asks for a person when the key is refused', () => {
    const pack = packOf(trustInputs({ upstream: upstreamSnapshot({ keyState: 'rejected' }) }));
    expect(pack.datasets['pools']?.state).toBe('action_required');
  });
});
