import type { MigrationInterface, QueryRunner } from 'typeorm';

/** The price of TAO: now, and every measurement. */
export class CreateTaoPrices1790000000110 implements MigrationInterface {
  readonly name = 'CreateTaoPrices1790000000110';

  async up(runner: QueryRunner): Promise<void> {
    for (const statement of STATEMENTS) await runner.query(statement);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE tao_price_history, tao_prices');
  }
}

const STATEMENTS = [
  `CREATE TABLE tao_prices (
      symbol text NOT NULL,
      name text,
      slug text,
      price numeric NOT NULL,
      last_updated timestamptz NOT NULL,
      created_at timestamptz,
      updated_at timestamptz,
      circulating_supply numeric,
      max_supply numeric,
      total_supply numeric,
      volume_24h numeric,
      market_cap numeric,
      fully_diluted_market_cap numeric,
      percent_change_1h numeric,
      percent_change_24h numeric,
      percent_change_7d numeric,
      percent_change_30d numeric,
      percent_change_60d numeric,
      percent_change_90d numeric,
      market_cap_dominance numeric,
      run_id uuid NOT NULL,
      missing_since timestamptz,
      missing_snapshots integer NOT NULL DEFAULT 0,
      removed_at timestamptz,
      CONSTRAINT tao_prices_pkey PRIMARY KEY (symbol),
      CONSTRAINT tao_prices_price_check CHECK (price >= 0 AND price < 1e30),
      CONSTRAINT tao_prices_circulating_supply_check CHECK (circulating_supply >= 0 AND circulating_supply < 1e30),
      CONSTRAINT tao_prices_max_supply_check CHECK (max_supply >= 0 AND max_supply < 1e30),
      CONSTRAINT tao_prices_total_supply_check CHECK (total_supply >= 0 AND total_supply < 1e30),
      CONSTRAINT tao_prices_volume_24h_check CHECK (volume_24h >= 0 AND volume_24h < 1e30),
      CONSTRAINT tao_prices_market_cap_check CHECK (market_cap >= 0 AND market_cap < 1e30),
      CONSTRAINT tao_prices_fully_diluted_market_cap_check CHECK (fully_diluted_market_cap >= 0 AND fully_diluted_market_cap < 1e30),
      CONSTRAINT tao_prices_percent_change_1h_check CHECK (abs(percent_change_1h) < 1e30),
      CONSTRAINT tao_prices_percent_change_24h_check CHECK (abs(percent_change_24h) < 1e30),
      CONSTRAINT tao_prices_percent_change_7d_check CHECK (abs(percent_change_7d) < 1e30),
      CONSTRAINT tao_prices_percent_change_30d_check CHECK (abs(percent_change_30d) < 1e30),
      CONSTRAINT tao_prices_percent_change_60d_check CHECK (abs(percent_change_60d) < 1e30),
      CONSTRAINT tao_prices_percent_change_90d_check CHECK (abs(percent_change_90d) < 1e30),
      CONSTRAINT tao_prices_market_cap_dominance_check CHECK (abs(market_cap_dominance) < 1e30)
    ) WITH (fillfactor = 70)`,
  `CREATE TABLE tao_price_history (
      symbol text NOT NULL,
      last_updated timestamptz NOT NULL,
      price numeric NOT NULL,
      volume_24h numeric,
      market_cap numeric,
      fully_diluted_market_cap numeric,
      circulating_supply numeric,
      market_cap_dominance numeric,
      run_id uuid NOT NULL,
      CONSTRAINT tao_price_history_pkey PRIMARY KEY (symbol, last_updated),
      CONSTRAINT tao_price_history_price_check CHECK (price >= 0 AND price < 1e30),
      CONSTRAINT tao_price_history_volume_24h_check CHECK (volume_24h >= 0 AND volume_24h < 1e30),
      CONSTRAINT tao_price_history_market_cap_check CHECK (market_cap >= 0 AND market_cap < 1e30),
      CONSTRAINT tao_price_history_fully_diluted_market_cap_check CHECK (fully_diluted_market_cap >= 0 AND fully_diluted_market_cap < 1e30),
      CONSTRAINT tao_price_history_circulating_supply_check CHECK (circulating_supply >= 0 AND circulating_supply < 1e30),
      CONSTRAINT tao_price_history_market_cap_dominance_check CHECK (abs(market_cap_dominance) < 1e30)
    ) PARTITION BY RANGE (last_updated)`,
];
