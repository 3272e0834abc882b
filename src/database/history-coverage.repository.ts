import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';

/** UTC days without a row although there was something to see; both ends count. */
export interface HistoryGap {
  from: string;
  to: string;
  /** `absent`: the walk has been there and upstream has no row. `pending`: the walk has not come that far. */
  reason: 'absent' | 'pending';
}

/** How whole the daily history of one account or position is. */
export interface HistoryCoverage {
  /** An address, or `coldkey/hotkey/netuid`. */
  scope: string;
  firstDay: string | null;
  lastDay: string | null;
  daysPresent: number;
  daysExpected: number;
  gaps: HistoryGap[];
}

interface CoverageRow {
  scope: string;
  firstDay: string | null;
  lastDay: string | null;
  daysPresent: number;
  windowFrom: string | null;
  doneTo: string | null;
  gaps: { from: string; to: string }[];
}

const DAY_MS = 86_400_000;

/**
 * The completeness of the histories, counted from the rows themselves: expected are all days from the first known one to
 * yesterday, for an exited position to its exit, and those of the past year that its walk has not reached yet.
 */
@Injectable()
export class HistoryCoverageRepository {
  constructor(private readonly dataSource: DataSource) {}

  /** Of one wallet's account; null while nothing is known of it. */
  async ofAccount(address: string): Promise<HistoryCoverage | null> {
    const [row] = await this.dataSource.query<CoverageRow[]>(coverageSql(ACCOUNT), ['account_history', address]);
    return row === undefined ? null : toCoverage(row);
  }

  /** Of each position of a wallet, exited ones too, by scope. */
  async ofPositions(coldkey: string): Promise<HistoryCoverage[]> {
    const rows = await this.dataSource.query<CoverageRow[]>(coverageSql(POSITIONS), ['position_history', coldkey]);
    return rows.map(toCoverage);
  }
}

/** A zero is the end of a holding: the days behind it are no gap. */
const ACCOUNT = 'SELECT address AS scope, day, true AS goes_on FROM account_history WHERE address = $2';
const POSITIONS = `SELECT coldkey || '/' || hotkey || '/' || netuid AS scope, day, balance > 0 AS goes_on
                     FROM position_history WHERE coldkey = $2`;

function coverageSql(days: string): string {
  return `
    WITH days AS (${days}),
    today AS (SELECT (clock_timestamp() AT TIME ZONE 'UTC')::date AS day),
    spaced AS (
      SELECT scope, day, goes_on,
             coalesce(lead(day) OVER (PARTITION BY scope ORDER BY day), (SELECT day FROM today)) AS next_day
        FROM days),
    counted AS (
      SELECT scope, min(day) AS first_day, max(day) AS last_day, count(*)::int AS days_present,
             coalesce(json_agg(json_build_object('from', (day + 1)::text, 'to', (next_day - 1)::text) ORDER BY day)
               FILTER (WHERE goes_on AND next_day > day + 1), '[]') AS gaps
        FROM spaced GROUP BY scope),
    walks AS (
      SELECT scope, window_from, done_to FROM backfills
       WHERE dataset = $1 AND (scope = $2 OR starts_with(scope, $2 || '/')))
    SELECT scope, first_day::text AS "firstDay", last_day::text AS "lastDay", coalesce(days_present, 0) AS "daysPresent",
           window_from::text AS "windowFrom", done_to::text AS "doneTo", coalesce(gaps, '[]') AS gaps
      FROM counted FULL JOIN walks USING (scope) ORDER BY scope`;
}

function toCoverage(row: CoverageRow): HistoryCoverage {
  const { scope, firstDay, lastDay, daysPresent, doneTo } = row;
  const gaps = row.gaps.flatMap((gap) => splitGap(gap, doneTo));
  const head = headGap(row);
  if (head !== null) gaps.unshift(head);
  const missing = gaps.reduce((days, gap) => days + daysOf(gap), 0);
  return { scope, firstDay, lastDay, daysPresent, daysExpected: daysPresent + missing, gaps };
}

/** Days before the first known one that the walk has not read yet: they may or may not hold something. */
function headGap({ firstDay, windowFrom, doneTo }: CoverageRow): HistoryGap | null {
  if (windowFrom === null) return null;
  const from = doneTo === null ? windowFrom : shift(doneTo, 1);
  if (firstDay === null || from >= firstDay) return null;
  return { from, to: shift(firstDay, -1), reason: 'pending' };
}

function splitGap({ from, to }: { from: string; to: string }, doneTo: string | null): HistoryGap[] {
  if (doneTo === null || doneTo < from) return [{ from, to, reason: 'pending' }];
  if (doneTo >= to) return [{ from, to, reason: 'absent' }];
  return [
    { from, to: doneTo, reason: 'absent' },
    { from: shift(doneTo, 1), to, reason: 'pending' },
  ];
}

function daysOf({ from, to }: HistoryGap): number {
  return Math.round((Date.parse(to) - Date.parse(from)) / DAY_MS) + 1;
}

function shift(day: string, days: number): string {
  return new Date(Date.parse(day) + days * DAY_MS).toISOString().slice(0, 10);
}
