import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Stake events and transfers of the wallets, and how far each wallet has been read. */
export class CreateEvents1790000000570 implements MigrationInterface {
  readonly name = 'CreateEvents1790000000570';

  async up(runner: QueryRunner): Promise<void> {
    for (const statement of STATEMENTS) await runner.query(statement);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE event_gaps, event_cursors, transfers, delegation_events');
  }
}

const STATEMENTS = [
  `CREATE TABLE delegation_events (
      id text NOT NULL,
      block_number bigint NOT NULL,
      timestamp timestamptz NOT NULL,
      action text NOT NULL,
      nominator text NOT NULL,
      delegate text NOT NULL,
      delegate_name text,
      netuid integer,
      amount numeric NOT NULL,
      alpha numeric,
      usd numeric,
      alpha_price_in_tao numeric,
      alpha_price_in_usd numeric,
      slippage numeric,
      fee numeric,
      extrinsic_id text,
      is_transfer boolean,
      transfer_address text,
      run_id uuid NOT NULL,
      CONSTRAINT delegation_events_pkey PRIMARY KEY (id),
      CONSTRAINT delegation_events_netuid_check CHECK (netuid >= 0),
      CONSTRAINT delegation_events_amount_check CHECK (amount >= 0 AND amount < 1e30),
      CONSTRAINT delegation_events_alpha_check CHECK (alpha >= 0 AND alpha < 1e30),
      CONSTRAINT delegation_events_usd_check CHECK (usd >= 0 AND usd < 1e30),
      CONSTRAINT delegation_events_alpha_price_in_tao_check CHECK (alpha_price_in_tao >= 0 AND alpha_price_in_tao < 1e30),
      CONSTRAINT delegation_events_alpha_price_in_usd_check CHECK (alpha_price_in_usd >= 0 AND alpha_price_in_usd < 1e30),
      CONSTRAINT delegation_events_slippage_check CHECK (abs(slippage) < 1e30),
      CONSTRAINT delegation_events_fee_check CHECK (fee >= 0 AND fee < 1e30)
    )`,
  'CREATE INDEX delegation_events_nominator_idx ON delegation_events (nominator, timestamp, id)',
  'CREATE INDEX delegation_events_timestamp_idx ON delegation_events (timestamp, id)',
  `CREATE TABLE transfers (
      id text NOT NULL,
      block_number bigint NOT NULL,
      timestamp timestamptz NOT NULL,
      from_address text NOT NULL,
      to_address text NOT NULL,
      network text,
      amount numeric NOT NULL,
      fee numeric,
      transaction_hash text,
      extrinsic_id text,
      run_id uuid NOT NULL,
      CONSTRAINT transfers_pkey PRIMARY KEY (id),
      CONSTRAINT transfers_amount_check CHECK (amount >= 0 AND amount < 1e30),
      CONSTRAINT transfers_fee_check CHECK (fee >= 0 AND fee < 1e30)
    )`,
  'CREATE INDEX transfers_from_address_idx ON transfers (from_address, timestamp, id)',
  'CREATE INDEX transfers_to_address_idx ON transfers (to_address, timestamp, id)',
  'CREATE INDEX transfers_timestamp_idx ON transfers (timestamp, id)',
  `CREATE TABLE event_cursors (
      dataset text NOT NULL,
      wallet text NOT NULL,
      complete_from timestamptz NOT NULL,
      complete_to timestamptz NOT NULL,
      wanted_to timestamptz NOT NULL,
      state text NOT NULL,
      pages integer NOT NULL DEFAULT 0,
      calls integer NOT NULL DEFAULT 0,
      rows_read integer NOT NULL DEFAULT 0,
      failures integer NOT NULL DEFAULT 0,
      reason_code text,
      reason text,
      updated_at timestamptz NOT NULL DEFAULT clock_timestamp(),
      CONSTRAINT event_cursors_pkey PRIMARY KEY (dataset, wallet),
      CONSTRAINT event_cursors_state_check CHECK (state IN ('behind', 'current', 'failed')),
      CONSTRAINT event_cursors_window_check CHECK (complete_from <= complete_to)
    ) WITH (fillfactor = 70)`,
  `CREATE TABLE event_gaps (
      dataset text NOT NULL,
      wallet text NOT NULL,
      gap_from timestamptz NOT NULL,
      gap_to timestamptz NOT NULL,
      reason_code text NOT NULL,
      reason text NOT NULL,
      attempts integer NOT NULL DEFAULT 1,
      first_seen_at timestamptz NOT NULL DEFAULT clock_timestamp(),
      last_tried_at timestamptz NOT NULL DEFAULT clock_timestamp(),
      closed_at timestamptz,
      CONSTRAINT event_gaps_pkey PRIMARY KEY (dataset, wallet, gap_from),
      CONSTRAINT event_gaps_window_check CHECK (gap_from < gap_to)
    )`,
];
