/** UTC days are `2026-01-31` throughout. */

const DAY_MS = 86_400_000;
const SECOND_MS = 1_000;

/** Alpha and its balances exist since the block of this day (dTAO). */
export const FIRST_DAY = '2025-02-13';
const WANTED_DAYS = 365;

/** Upstream closes a day at 23:59:48; an answer of our own from this hour on is as good as its last row. */
const LAST_HOUR_MS = 23 * 3_600_000;

export interface DayRange {
  from: string;
  to: string;
}

export function shiftDay(day: string, days: number): string {
  return new Date(Date.parse(day) + days * DAY_MS).toISOString().slice(0, 10);
}

/** The days that are wanted of the past: a year, not before there was alpha, and not the running day. */
export function wantedDays(now: Date): DayRange {
  const to = shiftDay(now.toISOString().slice(0, 10), -1);
  const from = shiftDay(to, 1 - WANTED_DAYS);
  return { from: from < FIRST_DAY ? FIRST_DAY : from, to };
}

/** First and last second of a range of days, as Unix time; both ends count. */
export function secondsOf({ from, to }: DayRange): { timestamp_start: number; timestamp_end: number } {
  return {
    timestamp_start: Date.parse(from) / SECOND_MS,
    timestamp_end: Date.parse(shiftDay(to, 1)) / SECOND_MS - 1,
  };
}

interface Dated {
  block_number: number;
  timestamp: string;
}

export function dayOfRow(row: Dated): string {
  return new Date(row.timestamp).toISOString().slice(0, 10);
}

/** The row with the highest block of each UTC day, in the order of the days. */
export function lastRowOfEachDay<Row extends Dated>(rows: readonly Row[]): Row[] {
  const last = new Map<string, Row>();
  for (const row of rows) {
    const known = last.get(dayOfRow(row));
    if (known === undefined || row.block_number >= known.block_number) last.set(dayOfRow(row), row);
  }
  return [...last.entries()].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, row]) => row);
}

/** Whether rows come oldest first: a walk may only go on behind the last row of a page when they do. */
export function areAscending(rows: readonly Dated[]): boolean {
  return rows.every((row, index) => index === 0 || row.block_number >= (rows[index - 1]?.block_number ?? 0));
}

/**
 * Up to which day a walk is whole after these rows of a window. A page that ends early may have cut its last day, so that
 * day is read again. Null when not even the first day is whole: more pages are needed.
 */
export function wholeTo(rows: readonly Dated[], { from, to }: DayRange, isComplete: boolean): string | null {
  if (isComplete) return to;
  const last = rows.at(-1);
  if (last === undefined) return null;
  const day = shiftDay(dayOfRow(last), -1);
  return day < from ? null : day;
}

/** The last of the days from `from` on, without a gap, whose end our own answers have seen; null when `from` is not one. */
export function seenTo(seenAt: ReadonlyMap<string, Date>, { from, to }: DayRange): string | null {
  let seen: string | null = null;
  for (let day = from; day <= to; day = shiftDay(day, 1)) {
    const at = seenAt.get(day);
    if (at === undefined || at.getTime() - Date.parse(day) < LAST_HOUR_MS) break;
    seen = day;
  }
  return seen;
}
