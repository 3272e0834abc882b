/** Attempts of one UTC day, summed over all replicas. */
export interface SpentDay {
  /** `2026-01-31`. */
  day: string;
  attempts: number;
  /** Its first attempt. */
  countedFrom: Date;
}

export interface SpendingPace {
  spentThisMonth: number;
  spentToday: number;
  /** Attempts of the last 24 hours, or what they would be at the pace of the hours known; null: nothing was counted. */
  perDay: number | null;
  /** Null: the month's credits are not known, or nothing is spent. */
  daysUntilSpent: number | null;
  spentAt: Date | null;
}

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

/**
 * How fast the month's credits go. The pace is that of today plus the part of yesterday that lies within 24 hours; on the
 * first day it is extrapolated from the hours counted, at least one.
 */
export function paceOf(days: readonly SpentDay[], creditsPerMonth: number, now: Date): SpendingPace {
  const dayOf = (at: Date): string => at.toISOString().slice(0, 10);
  const month = dayOf(now).slice(0, 7);
  const today = days.find(({ day }) => day === dayOf(now));
  const yesterday = days.find(({ day }) => day === dayOf(new Date(now.getTime() - DAY_MS)));
  const spentThisMonth = days
    .filter(({ day }) => day.startsWith(month))
    .reduce((sum, { attempts }) => sum + attempts, 0);
  const spentToday = today?.attempts ?? 0;
  const elapsedShare = (now.getTime() % DAY_MS) / DAY_MS;
  let perDay: number | null = null;
  if (yesterday !== undefined) perDay = spentToday + yesterday.attempts * (1 - elapsedShare);
  else if (today !== undefined) {
    perDay = (spentToday * DAY_MS) / Math.max(HOUR_MS, now.getTime() - today.countedFrom.getTime());
  }
  const left = Math.max(0, creditsPerMonth - spentThisMonth);
  const daysUntilSpent = creditsPerMonth === 0 || perDay === null || perDay === 0 ? null : left / perDay;
  const spentAt = daysUntilSpent === null ? null : new Date(now.getTime() + daysUntilSpent * DAY_MS);
  return { spentThisMonth, spentToday, perDay, daysUntilSpent, spentAt };
}
