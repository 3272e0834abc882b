import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Daily prices of TAO, and what upstream turned out to be able to do. */
export class CreatePriceHistory1790000000580 implements MigrationInterface {
  readonly name = 'CreatePriceHistory1790000000580';

  async up(runner: QueryRunner): Promise<void> {
    for (const statement of STATEMENTS) await runner.query(statement);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE dataset_states DROP COLUMN not_on_plan_since');
    await runner.query('DROP TABLE upstream_capabilities, price_history');
  }
}

const STATEMENTS = [
  `CREATE TABLE price_history (
      day date NOT NULL,
      open numeric NOT NULL,
      high numeric NOT NULL,
      low numeric NOT NULL,
      close numeric NOT NULL,
      volume_24h numeric,
      is_finished boolean NOT NULL,
      run_id uuid NOT NULL,
      CONSTRAINT price_history_pkey PRIMARY KEY (day),
      CONSTRAINT price_history_open_check CHECK (open >= 0 AND open < 1e30),
      CONSTRAINT price_history_high_check CHECK (high >= 0 AND high < 1e30),
      CONSTRAINT price_history_low_check CHECK (low >= 0 AND low < 1e30),
      CONSTRAINT price_history_close_check CHECK (close >= 0 AND close < 1e30),
      CONSTRAINT price_history_volume_24h_check CHECK (volume_24h >= 0 AND volume_24h < 1e30)
    ) WITH (fillfactor = 70)`,
  `CREATE TABLE upstream_capabilities (
      name text NOT NULL,
      is_available boolean NOT NULL,
      reason text,
      probed_at timestamptz NOT NULL DEFAULT clock_timestamp(),
      CONSTRAINT upstream_capabilities_pkey PRIMARY KEY (name)
    )`,
  'ALTER TABLE dataset_states ADD COLUMN not_on_plan_since timestamptz',
];
