import fc from 'fast-check';
import { slidingCount, waitMs, windowAt } from './sliding-count';

const MINUTE = 60_000;

describe('the sliding count', () => {
  it.each([
    [0, 10],
    [15_000, 8.5],
    [30_000, 7],
    [60_000 - 1, 4.0001],
  ])('weighs the previous window by what of it still lies within the last minute (%i ms)', (elapsedMs, count) => {
    const window = { number: 1, elapsedMs, lengthMs: MINUTE };
    expect(slidingCount({ previous: 6, current: 4 }, window)).toBeCloseTo(count, 3);
  });

  it('asks for no wait while there is room', () => {
    expect(waitMs({ previous: 0, current: 9 }, windowAt(MINUTE * 5, MINUTE), 10)).toBe(0);
  });

  it('asks for a wait after which one more fits, and not a hair less', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 1000 }),
        fc.integer({ min: 0, max: 1000 }),
        fc.integer({ min: 0, max: 1000 }),
        fc.integer({ min: 0, max: MINUTE - 1 }),
        (limit, previous, current, elapsedMs) => {
          const hits = { previous: Math.min(previous, limit), current: Math.min(current, limit) };
          const start = MINUTE * 7 + elapsedMs;
          const wait = waitMs(hits, windowAt(start, MINUTE), limit);
          if (wait === 0) return;
          const after = windowAt(start + wait + 1, MINUTE);
          const byWindow = [hits, { previous: hits.current, current: 0 }, { previous: 0, current: 0 }];
          const then = byWindow[after.number - 7] ?? hits;
          expect(slidingCount(then, after) + 1).toBeLessThanOrEqual(limit + 1e-6);
          expect(wait).toBeLessThanOrEqual(2 * MINUTE);
        },
      ),
    );
  });
});
