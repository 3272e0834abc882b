import type { Meta } from './subnets';

/** `GET /api/v1/portfolio`, as far as the page reads it. Amounts are decimal texts; null is not known. */
export interface PortfolioAnswer {
  data: PortfolioView;
  meta: Meta;
}

export interface PortfolioView {
  complete: boolean;
  missing: { input: string; reason: string }[];
  nav: {
    mid_tao: string | null;
    executable_50_tao: string | null;
    executable_100_tao: string | null;
    mid_usd: string | null;
    executable_50_usd: string | null;
    executable_100_usd: string | null;
  };
  holdings: HoldingView[];
  wallets: { address: string }[];
  concentration: { effective_count: string; band: string } | null;
  drawdown: DrawdownView;
}

export interface DrawdownView {
  current: string | null;
  maximum: string | null;
  maximum_at: string | null;
  state: 'within' | 'soft' | 'hard' | 'unknown';
  soft_limit: string;
  hard_limit: string;
  /** Why newer values are not in it; null: all are. */
  ends_because: string | null;
}

/** All stake on one subnet: it meets the pool as one sale. */
export interface HoldingView {
  netuid: number;
  alpha: string;
  price_tao: string | null;
  mid_tao: string | null;
  exit_50: ExitView | null;
  exit_100: ExitView | null;
  flags: string[];
  positions: PositionShareView[];
}

export interface ExitView {
  value_tao: string;
  slippage: string | null;
}

/** A position's share of its subnet's value. */
export interface PositionShareView {
  wallet: string;
  hotkey: string;
  alpha: string;
  mid_tao: string | null;
  executable_100_tao: string | null;
}

/** One recorded value; without a figure where something was missing. */
export interface PortfolioPoint {
  at: string;
  complete: boolean;
  missing: { input: string; reason: string }[];
  mid_tao: string | null;
  executable_50_tao: string | null;
  executable_100_tao: string | null;
  drawdown: string | null;
}

/** One page of `GET /api/v1/portfolio/history`. */
export interface PortfolioHistoryAnswer {
  data: PortfolioPoint[];
  next_cursor: string | null;
  drawdown: DrawdownView;
  meta: Meta;
}

/** One page of `GET /api/v1/accounts/:address/history`. */
export interface BalanceHistoryAnswer {
  data: { day: string; total_tao: string }[];
  next_cursor: string | null;
}

/** `GET /api/v1/changes`: `from_tao` plus all lines is `to_tao`. */
export interface ChangesAnswer {
  data: {
    window: { from: string; to: string; start_at: string | null; end_at: string | null };
    complete: boolean;
    missing: { input: string; reason: string }[];
    from_tao: string | null;
    to_tao: string | null;
    lines: ChangeLine[];
  };
  meta: Meta;
}

export interface ChangeLine {
  cause: string;
  netuid: number | null;
  tao: string;
  text: string;
}

/** `GET /api/v1/subnets/:netuid/exit-curve`. */
export interface ExitCurveAnswer {
  data: {
    netuid: number;
    amount: string;
    method: string;
    notes: string[];
    points: ExitPoint[];
    largest_under: { slippage: string; amount: string | null }[];
  };
  meta: Meta;
}

export interface ExitPoint {
  input: string;
  output: string | null;
  slippage: string | null;
  refusal: { code: string; reason: string } | null;
}
