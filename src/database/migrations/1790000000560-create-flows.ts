import type { MigrationInterface, QueryRunner } from 'typeorm';

/** TAO flows and emissions of the subnets: now, and over time. */
export class CreateFlows1790000000560 implements MigrationInterface {
  readonly name = 'CreateFlows1790000000560';

  async up(runner: QueryRunner): Promise<void> {
    for (const statement of STATEMENTS) await runner.query(statement);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE subnet_emission_history, subnet_emissions, tao_flow_history, tao_flows');
  }
}

const STATEMENTS = [
  `CREATE TABLE tao_flows (
      netuid integer NOT NULL,
      tao_flow numeric,
      withheld jsonb NOT NULL DEFAULT '{}',
      run_id uuid NOT NULL,
      missing_since timestamptz,
      missing_snapshots integer NOT NULL DEFAULT 0,
      removed_at timestamptz,
      CONSTRAINT tao_flows_pkey PRIMARY KEY (netuid),
      CONSTRAINT tao_flows_netuid_check CHECK (netuid >= 0),
      CONSTRAINT tao_flows_tao_flow_check CHECK (abs(tao_flow) < 1e30)
    ) WITH (fillfactor = 70)`,
  `CREATE TABLE tao_flow_history (
      netuid integer NOT NULL,
      observed_at timestamptz NOT NULL,
      tao_flow numeric,
      run_id uuid NOT NULL,
      CONSTRAINT tao_flow_history_pkey PRIMARY KEY (netuid, observed_at),
      CONSTRAINT tao_flow_history_netuid_check CHECK (netuid >= 0),
      CONSTRAINT tao_flow_history_tao_flow_check CHECK (abs(tao_flow) < 1e30)
    ) PARTITION BY RANGE (observed_at)`,
  `CREATE TABLE subnet_emissions (
      netuid integer NOT NULL,
      block_number bigint NOT NULL,
      timestamp timestamptz NOT NULL,
      name text,
      symbol text,
      tao_in_pool numeric NOT NULL,
      alpha_in_pool numeric NOT NULL,
      alpha_rewards numeric NOT NULL,
      run_id uuid NOT NULL,
      missing_since timestamptz,
      missing_snapshots integer NOT NULL DEFAULT 0,
      removed_at timestamptz,
      CONSTRAINT subnet_emissions_pkey PRIMARY KEY (netuid),
      CONSTRAINT subnet_emissions_netuid_check CHECK (netuid >= 0),
      CONSTRAINT subnet_emissions_tao_in_pool_check CHECK (tao_in_pool >= 0 AND tao_in_pool < 1e30),
      CONSTRAINT subnet_emissions_alpha_in_pool_check CHECK (alpha_in_pool >= 0 AND alpha_in_pool < 1e30),
      CONSTRAINT subnet_emissions_alpha_rewards_check CHECK (alpha_rewards >= 0 AND alpha_rewards < 1e30)
    ) WITH (fillfactor = 70)`,
  `CREATE TABLE subnet_emission_history (
      netuid integer NOT NULL,
      timestamp timestamptz NOT NULL,
      block_number bigint NOT NULL,
      tao_in_pool numeric NOT NULL,
      alpha_in_pool numeric NOT NULL,
      alpha_rewards numeric NOT NULL,
      run_id uuid NOT NULL,
      CONSTRAINT subnet_emission_history_pkey PRIMARY KEY (netuid, timestamp, block_number),
      CONSTRAINT subnet_emission_history_netuid_check CHECK (netuid >= 0),
      CONSTRAINT subnet_emission_history_tao_in_pool_check CHECK (tao_in_pool >= 0 AND tao_in_pool < 1e30),
      CONSTRAINT subnet_emission_history_alpha_in_pool_check CHECK (alpha_in_pool >= 0 AND alpha_in_pool < 1e30),
      CONSTRAINT subnet_emission_history_alpha_rewards_check CHECK (alpha_rewards >= 0 AND alpha_rewards < 1e30)
    ) PARTITION BY RANGE (timestamp)`,
];
