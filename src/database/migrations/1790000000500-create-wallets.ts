import type { MigrationInterface, QueryRunner } from 'typeorm';

/** The wallets that are followed, what each of their datasets knows, and how far the walks through the past have come. */
export class CreateWallets1790000000500 implements MigrationInterface {
  readonly name = 'CreateWallets1790000000500';

  async up(runner: QueryRunner): Promise<void> {
    for (const statement of STATEMENTS) await runner.query(statement);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE backfills, wallet_states, wallets');
  }
}

const STATEMENTS = [
  `CREATE TABLE wallets (
    address text NOT NULL,
    label text,
    is_active boolean NOT NULL DEFAULT true,
    origin text NOT NULL,
    created_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    updated_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    deleted_at timestamptz,
    CONSTRAINT wallets_pkey PRIMARY KEY (address),
    CONSTRAINT wallets_origin_check CHECK (origin IN ('environment', 'request')),
    CONSTRAINT wallets_label_check CHECK (length(label) BETWEEN 1 AND 100)
  )`,
  `CREATE TABLE wallet_states (
    address text NOT NULL,
    dataset text NOT NULL,
    state text NOT NULL DEFAULT 'pending',
    last_attempt_at timestamptz,
    last_success_at timestamptz,
    upstream_block bigint,
    upstream_at timestamptz,
    answer_sha256 text,
    reason_code text,
    reason text,
    refused_count integer NOT NULL DEFAULT 0,
    consecutive_failures integer NOT NULL DEFAULT 0,
    CONSTRAINT wallet_states_pkey PRIMARY KEY (address, dataset),
    CONSTRAINT wallet_states_address_fkey FOREIGN KEY (address) REFERENCES wallets (address),
    CONSTRAINT wallet_states_state_check CHECK (state IN
      ('pending', 'not_indexed', 'synced', 'protected', 'failed'))
  ) WITH (fillfactor = 70)`,
  `CREATE TABLE backfills (
    dataset text NOT NULL,
    scope text NOT NULL,
    window_from date NOT NULL,
    window_to date NOT NULL,
    done_to date,
    state text NOT NULL DEFAULT 'pending',
    pages integer NOT NULL DEFAULT 0,
    calls integer NOT NULL DEFAULT 0,
    failures integer NOT NULL DEFAULT 0,
    retry_at timestamptz,
    reason text,
    created_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    updated_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    CONSTRAINT backfills_pkey PRIMARY KEY (dataset, scope),
    CONSTRAINT backfills_state_check CHECK (state IN ('pending', 'running', 'complete', 'failed')),
    CONSTRAINT backfills_window_check CHECK (window_from <= window_to)
  )`,
];
