/** What the key may send. `perMonth` 0: not known, and then only the minute binds. */
export interface BudgetLimits {
  perMinute: number;
  perMonth: number;
}

/** `core` and `wallet` datasets stretch least: without them no figure of the treasury is current. */
export const BUDGET_RANKS = ['core', 'wallet', 'other'] as const;
export type BudgetRank = (typeof BUDGET_RANKS)[number];

export interface BudgetDataset {
  name: string;
  /** As configured, before any stretching. */
  intervalSeconds: number;
  /** Attempts that one run makes; 0 for a dataset that another one's runs fill. */
  plannedCalls: number;
  rank: BudgetRank;
}

export interface BudgetRequest {
  limits: BudgetLimits;
  /** Attempts since the UTC month began. */
  spentThisMonth: number;
  now: Date;
  datasets: readonly BudgetDataset[];
  /** Share of minute and month that the schedule leaves to people, retries and history. */
  reserveShare: number;
}

export interface PlannedDataset extends BudgetDataset {
  /** After stretching. */
  plannedSeconds: number;
  callsPerDay: number;
  /** In the days of this UTC month, at the planned interval. */
  callsPerMonth: number;
  /** How long one run takes when the minute limit paces it. */
  secondsPerRun: number;
}

export interface BudgetPlan {
  /** Calls a day of the intervals as configured, and as planned. */
  configuredPerDay: number;
  plannedPerDay: number;
  /** What the schedule may send a day from now to the end of the month. */
  allowedPerDay: number;
  fitsMinute: boolean;
  /** Null: the month's credits are not known. */
  fitsMonth: boolean | null;
  /** Factors on the configured intervals: `favoured` for core and wallet data, `rest` for everything else. */
  stretch: { favoured: number; rest: number };
  /** The planned intervals stay within what is allowed. False: even with every dataset once a day they do not. */
  holds: boolean;
  monthEndsAt: Date;
  datasets: PlannedDataset[];
}

/** The limiter keeps the same fifth of every minute for people. */
export const RESERVE_SHARE = 0.2;

const DAY_SECONDS = 86_400;
const DAY_MS = DAY_SECONDS * 1000;
const DAY_MINUTES = 1440;
/** Steps of a tenth: a plan that is made anew every few minutes seldom changes an interval. */
const STEP = 1.1;
/** 1.1^120 is over 90,000: by then every interval has reached its longest. */
const MOST_STEPS = 120;
/** Until the rest waits four times as long, core and wallet data keep their intervals; from then on a quarter as much. */
const FAVOUR = 4;

/**
 * How often each dataset can be asked for within minute and month. When the configured intervals do not fit, the smallest
 * stretching that does is taken: everything but core and wallet data first, up to four times its interval; from then on
 * all of it, core and wallet data by a quarter of the others' factor. No interval is stretched beyond a day. What is left
 * of the month is spread evenly over its remaining days, so a costly week is paid back by the rest of the month.
 */
export function planBudget(request: BudgetRequest): BudgetPlan {
  const { limits, now, datasets } = request;
  const share = 1 - request.reserveShare;
  const { days, daysLeft, monthEndsAt } = monthOf(now);
  const minuteDay = limits.perMinute * share * DAY_MINUTES;
  const monthDay =
    limits.perMonth === 0 ? Infinity : Math.max(0, limits.perMonth * share - request.spentThisMonth) / daysLeft;
  const allowedPerDay = Math.min(minuteDay, monthDay);
  const configuredPerDay = callsPerDay(datasets, { favoured: 1, rest: 1 });
  const { stretch, holds } = findStretch(datasets, allowedPerDay);
  return {
    configuredPerDay,
    plannedPerDay: callsPerDay(datasets, stretch),
    allowedPerDay,
    fitsMinute: configuredPerDay <= minuteDay,
    fitsMonth: limits.perMonth === 0 ? null : configuredPerDay <= monthDay,
    stretch,
    holds,
    monthEndsAt,
    datasets: datasets.map((dataset) => {
      const plannedSeconds = stretched(dataset, stretch);
      const perDay = (dataset.plannedCalls * DAY_SECONDS) / plannedSeconds;
      const secondsPerRun = (60 * Math.max(0, dataset.plannedCalls - 1)) / Math.max(1, limits.perMinute * share);
      return { ...dataset, plannedSeconds, callsPerDay: perDay, callsPerMonth: perDay * days, secondsPerRun };
    }),
  };
}

type Stretch = BudgetPlan['stretch'];

function findStretch(datasets: readonly BudgetDataset[], allowedPerDay: number): { stretch: Stretch; holds: boolean } {
  let stretch: Stretch = { favoured: 1, rest: 1 };
  for (let step = 0; step <= MOST_STEPS; step += 1) {
    const rest = STEP ** step;
    stretch = { favoured: Math.max(1, rest / FAVOUR), rest };
    if (callsPerDay(datasets, stretch) <= allowedPerDay) return { stretch, holds: true };
  }
  return { stretch, holds: false };
}

function callsPerDay(datasets: readonly BudgetDataset[], stretch: Stretch): number {
  return datasets.reduce((sum, dataset) => sum + (dataset.plannedCalls * DAY_SECONDS) / stretched(dataset, stretch), 0);
}

/** Never shorter than configured, and never stretched beyond a day. */
function stretched({ intervalSeconds, rank }: BudgetDataset, { favoured, rest }: Stretch): number {
  const wanted = Math.ceil(intervalSeconds * (rank === 'other' ? rest : favoured));
  return Math.min(wanted, Math.max(intervalSeconds, DAY_SECONDS));
}

/** The UTC month of a moment. How TaoStats counts months is not published; the calendar's is taken. */
function monthOf(now: Date): { days: number; daysLeft: number; monthEndsAt: Date } {
  const beginMs = Date.UTC(now.getUTCFullYear(), now.getUTCMonth(), 1);
  const endMs = Date.UTC(now.getUTCFullYear(), now.getUTCMonth() + 1, 1);
  return {
    days: (endMs - beginMs) / DAY_MS,
    daysLeft: (endMs - now.getTime()) / DAY_MS,
    monthEndsAt: new Date(endMs),
  };
}
