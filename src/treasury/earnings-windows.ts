import { InvalidInputError } from '../common';
import type { EarningsInterval } from './earnings-query';

const DAY_MS = 86_400_000;
const DEFAULT_DAYS = 30;
const MOST_WINDOWS = 400;
const LENGTHS: Record<EarningsInterval, number> = { day: 1, week: 7, month: 30 };

/** From `since`, by default a day ago, to now. Throws `request/invalid-query` for the future. */
export function windowSince(since: Date | undefined, now: Date): { from: Date; to: Date } {
  if (since === undefined) return { from: new Date(now.getTime() - DAY_MS), to: now };
  if (since < now) return { from: since, to: now };
  throw new InvalidInputError('request/invalid-query', [{ field: 'since', message: 'must be in the past' }]);
}

/** The asked window with its defaults. Throws `request/invalid-query` when it is empty or lies in the future. */
export function windowOf(asked: { from?: Date; to?: Date }, now: Date): { from: Date; to: Date } {
  const to = asked.to !== undefined && asked.to < now ? asked.to : now;
  const from = asked.from ?? new Date(to.getTime() - DEFAULT_DAYS * DAY_MS);
  if (from < to) return { from, to };
  const message = asked.to === undefined ? 'must be in the past' : 'must be before `to`';
  throw new InvalidInputError('request/invalid-query', [{ field: 'from', message }]);
}

/**
 * Moments at which the windows of a series meet: `from`, midnights, `to`. A month is 30 days here. Throws
 * `request/invalid-query` for more windows than one answer holds.
 */
export function seriesMoments({ from, to }: { from: Date; to: Date }, interval: EarningsInterval): Date[] {
  const step = LENGTHS[interval] * DAY_MS;
  const moments = [from];
  for (let at = Math.floor(from.getTime() / DAY_MS) * DAY_MS + step; at < to.getTime(); at += step) {
    if (at > from.getTime()) moments.push(new Date(at));
    if (moments.length > MOST_WINDOWS) {
      const message = `is more than ${MOST_WINDOWS} windows before \`to\`; ask for a longer interval`;
      throw new InvalidInputError('request/invalid-query', [{ field: 'from', message }]);
    }
  }
  return [...moments, to];
}
