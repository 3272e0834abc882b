import { type ForecastInputs, forecastStaleness } from './budget-forecast';

const NOW = new Date('2026-01-15T12:00:00Z');
const minutes = (count: number): Date => new Date(NOW.getTime() + count * 60_000);

/** Synced five minutes ago, due in five, critical an hour after its last success. */
const forecast = (change: Partial<ForecastInputs> = {}) =>
  forecastStaleness({
    now: NOW,
    asOf: minutes(-5),
    lastSuccessAt: minutes(-5),
    intervalSeconds: 600,
    criticalSeconds: 3600,
    nextDueAt: minutes(5),
    consecutiveFailures: 0,
    heldUntil: null,
    runSeconds: 30,
    ...change,
  });

describe('the forecast of staleness', () => {
  it('expects the next success at the next due time and the length of a run', () => {
    expect(forecast()).toEqual({ staleAt: minutes(55), nextSuccessAt: minutes(5.5), outlook: 'in_time' });
  });

  it('expects an overdue run now', () => {
    expect(forecast({ nextDueAt: minutes(-1), runSeconds: 0 }).nextSuccessAt).toEqual(NOW);
  });

  it('waits for the end of a pause, and says when it ends too late', () => {
    expect(forecast({ heldUntil: minutes(20) })).toMatchObject({ nextSuccessAt: minutes(20.5), outlook: 'in_time' });
    expect(forecast({ heldUntil: minutes(55) })).toMatchObject({
      staleAt: minutes(55),
      nextSuccessAt: minutes(55.5),
      outlook: 'will_be_critical',
    });
  });

  it('expects failures to last twice as long as they have', () => {
    const failing = { consecutiveFailures: 2, nextDueAt: minutes(1), runSeconds: 0 };
    expect(forecast({ ...failing, asOf: minutes(-30), lastSuccessAt: minutes(-30) })).toEqual({
      staleAt: minutes(30),
      nextSuccessAt: minutes(20),
      outlook: 'at_risk',
    });
    expect(forecast({ ...failing, asOf: minutes(-40), lastSuccessAt: minutes(-40) }).outlook).toBe('will_be_critical');
  });

  it('counts from the older of success and block', () => {
    expect(forecast({ asOf: minutes(-50) }).staleAt).toEqual(minutes(10));
  });

  it('is critical from the very moment on', () => {
    expect(forecast({ asOf: minutes(-60) }).outlook).toBe('critical');
  });

  it('knows no moment before the first success', () => {
    expect(forecast({ asOf: null, lastSuccessAt: null })).toMatchObject({ staleAt: null, outlook: 'unknown' });
  });
});
