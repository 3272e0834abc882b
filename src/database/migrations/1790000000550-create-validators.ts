import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Validators, what they yield on each subnet, and what they say of themselves. */
export class CreateValidators1790000000550 implements MigrationInterface {
  readonly name = 'CreateValidators1790000000550';

  async up(runner: QueryRunner): Promise<void> {
    for (const statement of STATEMENTS) await runner.query(statement);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE validator_identities, validator_yields, validators');
  }
}

const STATEMENTS = [
  `CREATE TABLE validators (
      hotkey text NOT NULL,
      coldkey text,
      name text,
      block_number bigint NOT NULL,
      timestamp timestamptz NOT NULL,
      created_on_date date,
      rank bigint,
      root_rank bigint,
      alpha_rank bigint,
      active_subnets bigint,
      global_nominators bigint,
      global_nominators_24_hr_change bigint,
      take numeric,
      global_weighted_stake numeric,
      global_weighted_stake_24_hr_change numeric,
      global_alpha_stake_as_tao numeric,
      root_stake numeric,
      weighted_root_stake numeric,
      dominance numeric,
      dominance_24_hr_change numeric,
      nominator_return_per_day numeric,
      validator_return_per_day numeric,
      run_id uuid NOT NULL,
      missing_since timestamptz,
      missing_snapshots integer NOT NULL DEFAULT 0,
      removed_at timestamptz,
      CONSTRAINT validators_pkey PRIMARY KEY (hotkey),
      CONSTRAINT validators_take_check CHECK (take >= 0 AND take < 1e30),
      CONSTRAINT validators_global_weighted_stake_check CHECK (global_weighted_stake >= 0 AND global_weighted_stake < 1e30),
      CONSTRAINT validators_global_weighted_stake_24_hr_change_check CHECK (abs(global_weighted_stake_24_hr_change) < 1e30),
      CONSTRAINT validators_global_alpha_stake_as_tao_check CHECK (global_alpha_stake_as_tao >= 0 AND global_alpha_stake_as_tao < 1e30),
      CONSTRAINT validators_root_stake_check CHECK (root_stake >= 0 AND root_stake < 1e30),
      CONSTRAINT validators_weighted_root_stake_check CHECK (weighted_root_stake >= 0 AND weighted_root_stake < 1e30),
      CONSTRAINT validators_dominance_check CHECK (abs(dominance) < 1e30),
      CONSTRAINT validators_dominance_24_hr_change_check CHECK (abs(dominance_24_hr_change) < 1e30),
      CONSTRAINT validators_nominator_return_per_day_check CHECK (abs(nominator_return_per_day) < 1e30),
      CONSTRAINT validators_validator_return_per_day_check CHECK (abs(validator_return_per_day) < 1e30)
    ) WITH (fillfactor = 70)`,
  `CREATE TABLE validator_yields (
      hotkey text NOT NULL,
      netuid integer NOT NULL,
      name text,
      block_number bigint NOT NULL,
      timestamp timestamptz NOT NULL,
      stake numeric NOT NULL,
      one_hour_apy numeric,
      one_day_apy numeric,
      seven_day_apy numeric,
      thirty_day_apy numeric,
      one_day_epoch_participation numeric,
      seven_day_epoch_participation numeric,
      thirty_day_epoch_participation numeric,
      run_id uuid NOT NULL,
      missing_since timestamptz,
      missing_snapshots integer NOT NULL DEFAULT 0,
      removed_at timestamptz,
      CONSTRAINT validator_yields_pkey PRIMARY KEY (hotkey, netuid),
      CONSTRAINT validator_yields_netuid_check CHECK (netuid >= 0),
      CONSTRAINT validator_yields_stake_check CHECK (stake >= 0 AND stake < 1e30),
      CONSTRAINT validator_yields_one_hour_apy_check CHECK (abs(one_hour_apy) < 1e30),
      CONSTRAINT validator_yields_one_day_apy_check CHECK (abs(one_day_apy) < 1e30),
      CONSTRAINT validator_yields_seven_day_apy_check CHECK (abs(seven_day_apy) < 1e30),
      CONSTRAINT validator_yields_thirty_day_apy_check CHECK (abs(thirty_day_apy) < 1e30),
      CONSTRAINT validator_yields_one_day_epoch_participation_check CHECK (one_day_epoch_participation >= 0 AND one_day_epoch_participation < 1e30),
      CONSTRAINT validator_yields_seven_day_epoch_participation_check CHECK (seven_day_epoch_participation >= 0 AND seven_day_epoch_participation < 1e30),
      CONSTRAINT validator_yields_thirty_day_epoch_participation_check CHECK (thirty_day_epoch_participation >= 0 AND thirty_day_epoch_participation < 1e30)
    ) WITH (fillfactor = 70)`,
  'CREATE INDEX validator_yields_netuid_stake_idx ON validator_yields (netuid, stake DESC)',
  `CREATE TABLE validator_identities (
      address text NOT NULL,
      validator_hotkey text,
      name text,
      url text,
      github_repo text,
      image text,
      discord text,
      description text,
      additional text,
      run_id uuid NOT NULL,
      missing_since timestamptz,
      missing_snapshots integer NOT NULL DEFAULT 0,
      removed_at timestamptz,
      CONSTRAINT validator_identities_pkey PRIMARY KEY (address)
    ) WITH (fillfactor = 70)`,
  'CREATE INDEX validator_identities_validator_hotkey_idx ON validator_identities (validator_hotkey)',
];
