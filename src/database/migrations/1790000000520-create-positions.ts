import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Positions: now, and at the end of each UTC day. */
export class CreatePositions1790000000520 implements MigrationInterface {
  readonly name = 'CreatePositions1790000000520';

  async up(runner: QueryRunner): Promise<void> {
    for (const statement of STATEMENTS) await runner.query(statement);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE position_history, positions');
  }
}

const STATEMENTS = [
  `CREATE TABLE positions (
    coldkey text NOT NULL,
    hotkey text NOT NULL,
    netuid integer NOT NULL,
    registration_block_number bigint,
    block_number bigint NOT NULL,
    upstream_at timestamptz NOT NULL,
    balance numeric NOT NULL,
    balance_as_tao numeric NOT NULL,
    exited_at timestamptz,
    first_seen_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    run_id uuid NOT NULL,
    CONSTRAINT positions_pkey PRIMARY KEY (coldkey, hotkey, netuid),
    CONSTRAINT positions_coldkey_fkey FOREIGN KEY (coldkey) REFERENCES wallets (address),
    CONSTRAINT positions_netuid_check CHECK (netuid >= 0),
    CONSTRAINT positions_balance_check CHECK (balance >= 0 AND balance < 1e30),
    CONSTRAINT positions_balance_as_tao_check CHECK (balance_as_tao >= 0 AND balance_as_tao < 1e30),
    CONSTRAINT positions_exited_at_check CHECK ((exited_at IS NOT NULL) = (balance = 0))
  ) WITH (fillfactor = 70)`,
  'CREATE INDEX positions_netuid_idx ON positions (netuid)',
  `CREATE TABLE position_history (
    coldkey text NOT NULL,
    hotkey text NOT NULL,
    netuid integer NOT NULL,
    day date NOT NULL,
    registration_block_number bigint,
    block_number bigint NOT NULL,
    upstream_at timestamptz NOT NULL,
    balance numeric NOT NULL,
    balance_as_tao numeric NOT NULL,
    origin text NOT NULL,
    run_id uuid NOT NULL,
    CONSTRAINT position_history_pkey PRIMARY KEY (coldkey, hotkey, netuid, day),
    CONSTRAINT position_history_coldkey_fkey FOREIGN KEY (coldkey) REFERENCES wallets (address),
    CONSTRAINT position_history_netuid_check CHECK (netuid >= 0),
    CONSTRAINT position_history_day_check CHECK (day = (upstream_at AT TIME ZONE 'UTC')::date),
    CONSTRAINT position_history_origin_check CHECK (origin IN ('snapshot', 'history')),
    CONSTRAINT position_history_balance_check CHECK (balance >= 0 AND balance < 1e30),
    CONSTRAINT position_history_balance_as_tao_check CHECK (balance_as_tao >= 0 AND balance_as_tao < 1e30)
  ) WITH (fillfactor = 70)`,
  'CREATE INDEX position_history_netuid_day_idx ON position_history (netuid, day)',
];
