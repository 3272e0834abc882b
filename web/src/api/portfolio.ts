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
  wallets: object[];
  drawdown: {
    current: string | null;
    state: 'within' | 'soft' | 'hard' | 'unknown';
    soft_limit: string;
    hard_limit: string;
  };
}

/** All stake on one subnet: it meets the pool as one sale. */
export interface HoldingView {
  netuid: number;
  alpha: string;
  price_tao: string | null;
  mid_tao: string | null;
  exit_50: { value_tao: string; slippage: string | null } | null;
  exit_100: { value_tao: string; slippage: string | null } | null;
  flags: string[];
}
