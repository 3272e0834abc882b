import fc from 'fast-check';
import { seriesStep, stepMs } from './series-step';

const window = (from: string, to: string) => ({ from: new Date(from), to: new Date(to) });

describe('the step of a series', () => {
  it.each([
    ['a day in 500 points', window('2026-01-01', '2026-01-02'), 500, { unit: 'hour', size: 1 }],
    ['30 days in 720 points', window('2026-01-01', '2026-01-31'), 720, { unit: 'hour', size: 1 }],
    ['30 days in 500 points', window('2026-01-01', '2026-01-31'), 500, { unit: 'hour', size: 2 }],
    ['365 days in 500 points', window('2025-01-01', '2026-01-01'), 500, { unit: 'day', size: 1 }],
    ['three years in 500 points', window('2023-01-01', '2026-01-01'), 500, { unit: 'day', size: 3 }],
  ])('is the finest that fits: %s', (_title, range, points, step) => {
    expect(seriesStep(range, points)).toEqual(step);
  });

  it('never makes more points than were asked for', () => {
    const moment = fc.integer({ min: 0, max: Date.UTC(2100, 0, 1) });
    fc.assert(
      fc.property(moment, moment, fc.integer({ min: 2, max: 1_000 }), (a, b, points) => {
        const [from, to] = [Math.min(a, b), Math.max(a, b) + 1];
        const size = stepMs(seriesStep({ from: new Date(from), to: new Date(to) }, points));
        expect(Math.floor((to - 1) / size) - Math.floor(from / size) + 1).toBeLessThanOrEqual(points);
      }),
    );
  });
});
