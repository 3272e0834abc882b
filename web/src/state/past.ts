import { signal } from '@preact/signals';
import { fetchJson, ProblemError } from '../api/fetch-json';
import type { BalanceHistoryAnswer, ChangesAnswer, PortfolioHistoryAnswer, PortfolioPoint } from '../api/portfolio';
import { nowMs } from './clock';

export const PERIODS = { '1D': 1, '1W': 7, '1M': 30, '1Y': 365 } as const;
export type Period = keyof typeof PERIODS;

/** What the treasury was worth. */
export interface Past {
  period: Period;
  fromMs: number;
  /** Length of the time that one point stands for. */
  stepMs: number;
  points: PortfolioPoint[];
  balances: DailyBalance[];
  drawdown: PortfolioHistoryAnswer['drawdown'];
  meta: PortfolioHistoryAnswer['meta'];
}

/** All that TaoStats says the wallets owned at the end of a day, one text per wallet; null where it has none. */
export interface DailyBalance {
  day: string;
  totals: (string | null)[];
}

export const period = signal<Period>('1M');
export const past = signal<Past | null>(null);
export const changes = signal<ChangesAnswer | null>(null);
export const pastProblem = signal<string | null>(null);

const PAGE = 200;
const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
/** Two requests a year and wallet: for more wallets the daily balances are left out. */
const MOST_WALLETS = 10;

/** Reads the chosen period again; what is shown stays until the answer is there, and when it fails. */
export async function loadPast(wallets: readonly string[]): Promise<void> {
  const chosen = period.peek();
  const from = new Date(nowMs.peek() - PERIODS[chosen] * DAY_MS);
  try {
    const [values, balances, explained] = await Promise.all([
      readValues(from),
      chosen === '1D' || wallets.length > MOST_WALLETS ? [] : readBalances(wallets, from),
      fetchJson<ChangesAnswer>(`/api/v1/changes?since=${from.toISOString()}`),
    ]);
    if (chosen !== period.peek()) return;
    past.value = { ...values, period: chosen, fromMs: from.getTime(), balances };
    changes.value = explained;
    pastProblem.value = null;
  } catch (error) {
    pastProblem.value = error instanceof ProblemError ? error.message : 'The service does not answer.';
  }
}

/** Hours while they fit one page, else days. */
async function readValues(from: Date): Promise<Pick<Past, 'stepMs' | 'points' | 'drawdown' | 'meta'>> {
  const path = `/api/v1/portfolio/history?from=${from.toISOString()}&limit=${PAGE}`;
  const hours = await fetchJson<PortfolioHistoryAnswer>(`${path}&interval=hour`);
  const { drawdown, meta } = hours;
  if (hours.next_cursor === null) return { stepMs: HOUR_MS, points: hours.data.reverse(), drawdown, meta };
  const points = await readAll<PortfolioHistoryAnswer>(`${path}&interval=day`);
  return { stepMs: DAY_MS, points: points.reverse(), drawdown, meta };
}

async function readBalances(wallets: readonly string[], from: Date): Promise<DailyBalance[]> {
  const query = `from=${from.toISOString().slice(0, 10)}&limit=${PAGE}`;
  const lists = await Promise.all(
    wallets.map((wallet) => readAll<BalanceHistoryAnswer>(`/api/v1/accounts/${wallet}/history?${query}`)),
  );
  const byDay = lists.map((list) => new Map(list.map((row) => [row.day, row.total_tao])));
  const days = new Set(lists.flatMap((list) => list.map((row) => row.day)));
  return [...days].sort().map((day) => ({ day, totals: byDay.map((totals) => totals.get(day) ?? null) }));
}

async function readAll<A extends { data: object[]; next_cursor: string | null }>(path: string): Promise<A['data']> {
  const rows: object[] = [];
  for (let cursor: string | null = ''; ;) {
    const next: string = cursor === '' ? '' : `&cursor=${encodeURIComponent(cursor)}`;
    const answer: A = await fetchJson<A>(path + next);
    rows.push(...answer.data);
    cursor = answer.next_cursor;
    if (cursor === null) return rows;
  }
}
