import fc from 'fast-check';
import { FIRST_EVENT_AT, isSmallest, planWindow, readTo } from './event-windows';

const NOW = new Date('2026-01-31T12:00:00.700Z');
const at = (iso: string): Date => new Date(iso);
const reading = (completeTo: Date, failures = 0) => ({ completeFrom: FIRST_EVENT_AT, completeTo, failures });

describe('planWindow', () => {
  it('asks for everything at first', () => {
    expect(planWindow(reading(FIRST_EVENT_AT), NOW)).toEqual({
      from: FIRST_EVENT_AT,
      to: at('2026-01-31T12:00:00Z'),
      isLast: true,
    });
  });

  it('reads the last two hours again, because an event may be indexed late', () => {
    expect(planWindow(reading(at('2026-01-31T11:30:00Z')), NOW).from).toEqual(at('2026-01-31T09:30:00Z'));
  });

  it('asks for half as much after each failure, down to a day', () => {
    const lengths = [0, 1, 2, 20].map((failures) => {
      const { to } = planWindow(reading(at('2026-01-01T12:00:00Z'), failures), NOW);
      return (to.getTime() - at('2026-01-01T12:00:00Z').getTime()) / 86_400_000;
    });
    expect(lengths).toEqual([30, 15, 7.5, 1]);
  });

  it('knows the window that cannot be narrowed', () => {
    const behind = reading(at('2026-01-01T12:00:00Z'), 20);
    expect(isSmallest(behind, planWindow(behind, NOW))).toBe(true);
    expect(isSmallest(reading(at('2026-01-01T12:00:00Z')), planWindow(reading(at('2026-01-01T12:00:00Z')), NOW))).toBe(
      false,
    );
  });

  it('always goes on, never ends in the future, and never begins before the first event', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 352 * 86_400 }), fc.integer({ min: 0, max: 60 }), (seconds, failures) => {
        const completeTo = new Date(FIRST_EVENT_AT.getTime() + seconds * 1000);
        const window = planWindow(reading(completeTo, failures), NOW);
        expect(window.to.getTime()).toBeGreaterThan(completeTo.getTime());
        expect(window.to.getTime()).toBeLessThanOrEqual(NOW.getTime());
        expect(window.from.getTime()).toBeGreaterThanOrEqual(FIRST_EVENT_AT.getTime());
        expect(window.from.getTime()).toBeLessThanOrEqual(completeTo.getTime());
      }),
    );
  });
});

describe('readTo', () => {
  const window = { from: at('2026-01-01T00:00:00Z'), to: at('2026-01-02T00:00:00Z') };

  it('is the end of a window that was walked to its end', () => {
    expect(readTo({ window, complete: true, timestamps: [] }, null)).toEqual({ completeTo: window.to, cutAt: null });
  });

  it('is not later than what upstream has indexed', () => {
    const indexedTo = at('2026-01-01T23:46:12.001Z');
    expect(readTo({ window, complete: true, timestamps: [] }, indexedTo)?.completeTo).toEqual(
      at('2026-01-01T23:46:12Z'),
    );
  });

  it('is the second before the last row of a walk that was cut: the same second may have more', () => {
    const timestamps = [at('2026-01-01T06:00:00Z'), at('2026-01-01T07:00:00.001Z')];
    const cutAt = at('2026-01-01T06:59:59Z');
    expect(readTo({ window, complete: false, timestamps }, null)).toEqual({ completeTo: cutAt, cutAt });
  });

  it.each([
    ['its rows came in no order', [at('2026-01-01T07:00:00Z'), at('2026-01-01T06:00:00Z')]],
    ['it has no rows', []],
    ['its rows lie within one second', [at('2026-01-01T00:00:00Z'), at('2026-01-01T00:00:00.001Z')]],
  ])('is unknown after a cut walk when %s', (_case, timestamps) => {
    expect(readTo({ window, complete: false, timestamps }, null)).toBeNull();
  });
});
