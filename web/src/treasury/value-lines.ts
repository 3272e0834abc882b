import type { PortfolioPoint } from '../api/portfolio';
import { sumTao } from '../format/amount';
import { shortAddresses } from '../format/figure';
import type { DailyBalance } from '../state/past';

/** One moment of the chart: decimal TAO, null where nothing may be drawn. */
export interface ValueRow {
  atMs: number;
  mid: string | null;
  exec50: string | null;
  exec100: string | null;
  drawdown: string | null;
  /** What TaoStats itself says of that day; null at all other moments. */
  balance: string | null;
  /** Why there is no value. */
  reason: string | null;
}

/**
 * Recorded values, oldest first, with an empty row wherever one or more steps have none: a line that is drawn through
 * them breaks instead of inventing what was in between.
 */
export function valueRows(points: readonly PortfolioPoint[], stepMs: number): ValueRow[] {
  const rows: ValueRow[] = [];
  let before: ValueRow | undefined;
  for (const point of points) {
    const row = toRow(point);
    if (before !== undefined && stepOf(row.atMs, stepMs) - stepOf(before.atMs, stepMs) > 1) {
      rows.push({ ...NOTHING, atMs: Math.round((before.atMs + row.atMs) / 2), reason: 'no value was recorded' });
    }
    rows.push(row);
    before = row;
  }
  return rows;
}

/** The days' balances of all wallets together, at the end of each day; a day that lacks a wallet has none. */
export function balanceRows(balances: readonly DailyBalance[], nowMs: number): ValueRow[] {
  return balances.map(({ day, totals }) => {
    const known = totals.filter((total) => total !== null);
    return {
      ...NOTHING,
      atMs: Math.min(nowMs, Date.parse(`${day}T23:59:59Z`)),
      balance: known.length === totals.length ? sumTao(known) : null,
      reason: known.length === totals.length ? null : 'a wallet has no balance of that day',
    };
  });
}

const NOTHING = { mid: null, exec50: null, exec100: null, drawdown: null, balance: null, reason: null };

function stepOf(atMs: number, stepMs: number): number {
  return Math.floor(atMs / stepMs);
}

function toRow(point: PortfolioPoint): ValueRow {
  const { complete, missing } = point;
  const [first] = missing;
  return {
    atMs: Date.parse(point.at),
    mid: complete ? point.mid_tao : null,
    exec50: complete ? point.executable_50_tao : null,
    exec100: complete ? point.executable_100_tao : null,
    drawdown: complete ? point.drawdown : null,
    balance: null,
    reason: complete ? null : first === undefined ? 'not complete' : shortAddresses(`${first.input}: ${first.reason}`),
  };
}
