import { type DatedDataset, limitsOf, trustOf } from './freshness';

const NOW = new Date('2026-01-01T12:00:00Z');
const SETTINGS = { syncStalenessWarningMinutes: 15, syncStalenessCriticalMinutes: 60 };

function minutesAgo(minutes: number): Date {
  return new Date(NOW.getTime() - minutes * 60_000);
}

function dataset(change: Partial<DatedDataset> = {}): DatedDataset {
  return {
    intervalSeconds: 600,
    lastSuccessAt: minutesAgo(5),
    upstreamAt: minutesAgo(6),
    protectedSince: null,
    hasDrift: false,
    ...change,
  };
}

describe('the freshness of a dataset', () => {
  it('is unknown before the first success, whatever else is known', () => {
    const freshness = trustOf(dataset({ lastSuccessAt: null, hasDrift: true }), SETTINGS, NOW);
    expect(freshness).toMatchObject({ trust: 'unknown', level: 'unknown', ageSeconds: null, asOf: null });
  });

  it.each([
    [0, 'fresh', 'ok'],
    [14.9, 'fresh', 'ok'],
    [15, 'warning', 'stale'],
    [59.9, 'warning', 'stale'],
    [60, 'critical', 'stale'],
  ])('is judged by its age: %s minutes is %s and %s', (minutes, level, trust) => {
    const dated = dataset({ lastSuccessAt: minutesAgo(minutes), upstreamAt: null });
    expect(trustOf(dated, SETTINGS, NOW)).toMatchObject({ level, trust, ageSeconds: minutes * 60 });
  });

  it('counts from the upstream block when that is older than our success', () => {
    const freshness = trustOf(
      dataset({ lastSuccessAt: minutesAgo(1), upstreamAt: new Date('2020-01-01T00:00:00Z') }),
      SETTINGS,
      NOW,
    );
    expect(freshness).toMatchObject({ level: 'critical', trust: 'stale', successAgeSeconds: 60 });
    expect(freshness.asOf).toEqual(new Date('2020-01-01T00:00:00Z'));
  });

  it('counts from our success when upstream is newer', () => {
    const freshness = trustOf(dataset({ lastSuccessAt: minutesAgo(20), upstreamAt: minutesAgo(2) }), SETTINGS, NOW);
    expect(freshness).toMatchObject({ level: 'warning', ageSeconds: 1200, asOf: minutesAgo(20) });
  });

  it('is judged by our success alone where upstream dates nothing', () => {
    expect(trustOf(dataset({ upstreamAt: null }), SETTINGS, NOW)).toMatchObject({
      level: 'fresh',
      ageSeconds: 300,
      upstreamAgeSeconds: null,
    });
  });

  it.each([
    [600, 900, 3600],
    [3600, 5400, 10_800],
    [86_400, 129_600, 259_200],
  ])('with an interval of %s s warns at %s s and is critical at %s s', (interval, warningSeconds, criticalSeconds) => {
    expect(limitsOf(interval, SETTINGS)).toEqual({ warningSeconds, criticalSeconds });
  });

  it.each([
    [{ protectedSince: minutesAgo(1) }, 'protected'],
    [{ hasDrift: true }, 'drift'],
    [{ hasDrift: true, protectedSince: minutesAgo(1) }, 'drift'],
    [{ protectedSince: minutesAgo(1), lastSuccessAt: minutesAgo(70) }, 'protected'],
  ])('carries the worst of what is known: %j is %s', (change, trust) => {
    expect(trustOf(dataset(change), SETTINGS, NOW).trust).toBe(trust);
  });

  it.each([
    [{ upstreamAt: minutesAgo(-0.9) }, false],
    [{ upstreamAt: minutesAgo(-1.1) }, true],
    [{ lastSuccessAt: minutesAgo(-2), upstreamAt: null }, true],
  ])('notices a time that lies in the future: %j is skew %s', (change, clockSkew) => {
    const freshness = trustOf(dataset(change), SETTINGS, NOW);
    expect(freshness.clockSkew).toBe(clockSkew);
    expect(freshness.ageSeconds).toBeGreaterThanOrEqual(0);
  });
});
