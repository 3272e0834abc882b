import { registerSecret, type Clock } from '../common';
import { Settings } from '../config';
import { CacheMetrics } from './cache-metrics';
import { type AttemptRecord, CallMetrics } from './call-metrics';
import { type Totals, addTotals, emptyTotals } from './counts';
import { EventLoopLag } from './event-loop-lag';
import { MetricsLedger } from './metrics-ledger';
import { PrometheusMetrics } from './prometheus-metrics';
import { SyncMetrics } from './sync-metrics';

const START_MS = Date.UTC(2026, 0, 1, 12, 0, 30);

function recorders(flags: Partial<Settings> = {}) {
  let nowMs = START_MS;
  const clock: Clock = { nowMs: () => nowMs, monotonicMs: () => nowMs, sleep: () => Promise.resolve() };
  const settings = Object.assign(new Settings(), {
    taostatsBaseUrl: 'https://api.taostats.io',
    enableApiMetrics: true,
    enableCacheMetrics: true,
    enableSyncMetrics: true,
    ...flags,
  });
  const ledger = new MetricsLedger(clock);
  const prometheus = new PrometheusMetrics(settings, new EventLoopLag(clock));
  return {
    ledger,
    prometheus,
    calls: new CallMetrics(settings, ledger, prometheus),
    cache: new CacheMetrics(settings, ledger, prometheus),
    sync: new SyncMetrics(settings, ledger, prometheus),
    advance: (ms: number) => {
      nowMs += ms;
    },
  };
}

function attempt(change: Partial<AttemptRecord> = {}): AttemptRecord {
  return { endpoint: '/api/price/latest/v1', outcome: 'ok', status: 200, latencyMs: 120, attempt: 1, ...change };
}

function sumOf(ledger: MetricsLedger): Totals {
  return [...ledger.peek().minutes.values()].reduce(addTotals, emptyTotals());
}

describe('the recorders', () => {
  it('counts errors, rate limits and retries apart', () => {
    const { calls, ledger } = recorders();
    calls.recordAttempt(attempt({ outcome: 'rate_limited', status: 429 }));
    calls.recordAttempt(attempt({ outcome: 'transient', status: 503, attempt: 2 }));
    calls.recordAttempt(attempt({ attempt: 3 }));
    calls.recordAttempt(attempt({ outcome: 'plan_gated', status: 403 }));
    calls.recordAttempt(attempt({ outcome: 'quota_exhausted', status: 429 }));
    expect(sumOf(ledger).api['/api/price/latest/v1']).toMatchObject({
      calls: 5,
      ok: 1,
      errors: 1,
      rateLimits: 1,
      quotaExhausted: 1,
      retries: 2,
      latencyMsSum: 600,
    });
  });

  it('keeps the error of every attempt that failed, without secrets', () => {
    registerSecret('tao-metrics-canary');
    const { calls, ledger } = recorders();
    const error = { code: 'taostats/bad-payload', message: 'echoed tao-metrics-canary' };
    calls.recordAttempt(attempt({ outcome: 'bad_payload', error, runId: 'run-1' }));
    expect(ledger.peek().errors).toEqual([
      {
        at: new Date(START_MS),
        endpoint: '/api/price/latest/v1',
        outcome: 'bad_payload',
        status: 200,
        code: 'taostats/bad-payload',
        message: 'echoed [redacted]',
        attempt: 1,
        runId: 'run-1',
      },
    ]);
  });

  it('keeps at most 200 errors, the newest', () => {
    const { calls, ledger } = recorders();
    for (let i = 0; i < 250; i += 1) calls.recordAttempt(attempt({ outcome: 'network', status: null, latencyMs: i }));
    expect(ledger.peek().errors).toHaveLength(200);
    expect(sumOf(ledger).api['/api/price/latest/v1']?.errors).toBe(250);
  });

  it('counts what is beyond a hundred names as other', () => {
    const { cache, ledger } = recorders();
    for (let i = 0; i < 150; i += 1) cache.hit(`/api/${i}`);
    const namespaces = sumOf(ledger).cache;
    expect(Object.keys(namespaces)).toHaveLength(101);
    expect(namespaces['other']).toMatchObject({ hits: 50 });
  });

  it.each([
    ['enableApiMetrics', 'api'],
    ['enableCacheMetrics', 'cache'],
    ['enableSyncMetrics', 'sync'],
  ] as const)('records nothing of its own with %s off', (flag, family) => {
    const { calls, cache, sync, ledger } = recorders({ [flag]: false });
    calls.recordAttempt(attempt({ outcome: 'transient' }));
    cache.miss('/api/price/latest/v1');
    sync.recordRun({ dataset: 'pools', state: 'applied', durationMs: 10, rejected: 0 });
    const totals = sumOf(ledger);
    for (const name of ['api', 'cache', 'sync'] as const) {
      expect(Object.keys(totals[name])).toHaveLength(name === family ? 0 : 1);
    }
  });

  it('shows runs, refusals and quarantined rows to Prometheus in base units', async () => {
    const { sync, calls, prometheus } = recorders();
    sync.recordRun({
      dataset: 'pools',
      state: 'protected',
      durationMs: 1500,
      rejected: 2,
      reasonCode: 'sync/insufficient-data',
    });
    calls.recordAttempt(attempt({ outcome: 'rate_limited', status: 429 }));
    const text = await prometheus.registry.metrics();
    expect(text).toContain('tao_sync_runs_total{dataset="pools",outcome="protected"} 1');
    expect(text).toContain('tao_sync_duration_seconds_sum{dataset="pools"} 1.5');
    expect(text).toContain('tao_dataset_writes_protected_total{dataset="pools",reason="sync/insufficient-data"} 1');
    expect(text).toContain('tao_quarantined_rows_total{dataset="pools"} 2');
    expect(text).toContain('tao_upstream_rate_limited_total{endpoint="/api/price/latest/v1"} 1');
    expect(text).toMatch(/tao_build_info\{version="\d+\.\d+\.\d+".*upstream="taostats"\} 1/);
  });
});

describe('the metrics ledger', () => {
  it('separates the minutes', () => {
    const { cache, ledger, advance } = recorders();
    cache.hit('a');
    advance(29_999);
    cache.hit('a');
    advance(1);
    cache.hit('a');
    expect([...ledger.peek().minutes].map(([start, totals]) => [start, totals.cache['a']?.hits])).toEqual([
      [START_MS - 30_000, 2],
      [START_MS + 30_000, 1],
    ]);
  });

  it('takes back what could not be stored, and loses nothing counted meanwhile', () => {
    const { calls, ledger } = recorders();
    calls.recordAttempt(attempt({ outcome: 'transient' }));
    const taken = ledger.drain();
    calls.recordAttempt(attempt({ outcome: 'network' }));
    ledger.restore(taken);
    expect(sumOf(ledger).api['/api/price/latest/v1']?.calls).toBe(2);
    expect(ledger.peek().errors.map((error) => error.outcome)).toEqual(['transient', 'network']);
  });

  it('stays bounded when nobody drains it for days, without losing a count', () => {
    const { cache, ledger, advance } = recorders();
    for (let minute = 0; minute < 3000; minute += 1) {
      cache.hit('a');
      advance(60_000);
    }
    expect(ledger.peek().minutes.size).toBeLessThanOrEqual(120);
    expect(sumOf(ledger).cache['a']?.hits).toBe(3000);
  });
});
