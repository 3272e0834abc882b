import fc from 'fast-check';
import { retryDelayMs } from './retry-delay';

const BASE = { failures: 0, intervalMs: 600_000, nowMs: 1_000_000, retryAtMs: null, random: 0 };

describe('retryDelayMs', () => {
  it.each([
    [0, 30_000],
    [1, 60_000],
    [4, 480_000],
    [5, 600_000],
    [500, 600_000],
  ])('after %i failures waits %i ms of an interval of ten minutes', (failures, delayMs) => {
    expect(retryDelayMs({ ...BASE, failures })).toBe(delayMs);
  });

  it('keeps a pause that upstream asked for, however long', () => {
    expect(retryDelayMs({ ...BASE, retryAtMs: BASE.nowMs + 3_600_000 })).toBe(3_600_000);
  });

  it('never asks before its time and never at once', () => {
    fc.assert(
      fc.property(
        fc.nat(100),
        fc.integer({ min: 1, max: 86_400_000 }),
        fc.option(fc.integer({ min: -1_000_000, max: 86_400_000 })),
        fc.double({ min: 0, max: 1, noNaN: true }),
        (failures, intervalMs, pauseMs, random) => {
          const retryAtMs = pauseMs === null ? null : BASE.nowMs + pauseMs;
          const delayMs = retryDelayMs({ failures, intervalMs, nowMs: BASE.nowMs, retryAtMs, random });
          expect(delayMs).toBeGreaterThanOrEqual(Math.max(1_000, pauseMs ?? 0));
          expect(delayMs).toBeLessThanOrEqual(Math.max(1_000, Math.ceil(Math.max(intervalMs, pauseMs ?? 0) * 1.1)));
        },
      ),
    );
  });
});
