import type { RollupUnit } from '../database';

/** So many hours or days are one point. */
export interface SeriesStep {
  unit: RollupUnit;
  size: number;
}

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

/** Hours that divide a day, and days: steps that people know. */
const LADDER: readonly SeriesStep[] = [
  ...[1, 2, 3, 4, 6, 8, 12].map((size): SeriesStep => ({ unit: 'hour', size })),
  ...[1, 2, 3, 7, 14, 28, 56, 112, 365].map((size): SeriesStep => ({ unit: 'day', size })),
];

export function stepMs({ unit, size }: SeriesStep): number {
  return size * (unit === 'hour' ? HOUR_MS : DAY_MS);
}

/**
 * The finest step with which [from, to) takes no more than `points`, counted from 1970 on. Two points are the least that
 * every window fits: two steps may meet in its middle.
 */
export function seriesStep({ from, to }: { from: Date; to: Date }, points: number): SeriesStep {
  const fits = (step: SeriesStep): boolean => {
    const size = stepMs(step);
    return Math.floor((to.getTime() - 1) / size) - Math.floor(from.getTime() / size) < points;
  };
  const found = LADDER.find(fits);
  if (found !== undefined) return found;
  const size = Math.ceil((to.getTime() - from.getTime()) / (points - 1) / DAY_MS);
  return { unit: 'day', size };
}
