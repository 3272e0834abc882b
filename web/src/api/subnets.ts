import type { Trust } from './trust-pack';

/** How old an answer's figures are and how far they can be trusted. */
export interface Meta {
  as_of: string | null;
  trust: Trust;
  simulated: boolean;
}

/** Amounts are decimal texts of whole tokens. */
export interface SubnetView {
  netuid: number;
  name: string | null;
  symbol: string | null;
  emission_per_block_tao: string | null;
  net_flow_1_day_tao: string | null;
  missing_since: string | null;
  pool: PoolView | null;
}

export interface PoolView {
  price_tao: string;
  price_change_1_hour_percent: string | null;
  price_change_1_day_percent: string | null;
  price_change_1_week_percent: string | null;
  tao_reserve: string;
  liquidity_tao: string | null;
  market_cap_tao: string | null;
  volume_24_hours_tao: string | null;
  startup: boolean | null;
}

/** One page of `GET /api/v1/subnets`. */
export interface SubnetsAnswer {
  data: SubnetView[];
  total: number;
  next_cursor: string | null;
  meta: Meta;
}

/** `GET /api/v1/prices/tao`. */
export interface TaoPriceAnswer {
  data: {
    price_usd: string;
    change_1_hour_percent: string | null;
    change_24_hours_percent: string | null;
    change_7_days_percent: string | null;
  };
  meta: Meta;
}

/** One point of `GET /api/v1/subnets/:netuid/history`. */
export interface PoolPoint {
  at: string;
  price_tao: string;
  tao_reserve: string;
}
