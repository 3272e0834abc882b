import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Accounts: now, and at the end of each UTC day. */
export class CreateAccounts1790000000510 implements MigrationInterface {
  readonly name = 'CreateAccounts1790000000510';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(ACCOUNTS);
    await runner.query(ACCOUNT_HISTORY);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE account_history, accounts');
  }
}

const BALANCES = ['free', 'reserved', 'staked', 'staked_alpha_as_tao', 'staked_root', 'liquidity', 'total'];
const REQUIRED = new Set(['free', 'staked', 'total']);

const balanceColumns = BALANCES.map((name) => `balance_${name} numeric${REQUIRED.has(name) ? ' NOT NULL' : ''}`);

function checks(table: string, columns: readonly string[]): string[] {
  return columns.map((name) => `CONSTRAINT ${table}_${name}_check CHECK (${name} >= 0 AND ${name} < 1e30)`);
}

const ACCOUNTS = `CREATE TABLE accounts (
  ${[
    'address text NOT NULL',
    'network text',
    'block_number bigint NOT NULL',
    'upstream_at timestamptz NOT NULL',
    'rank bigint',
    ...balanceColumns,
    ...BALANCES.map((name) => `balance_${name}_24hr_ago numeric`),
    'root_basket_claimable_tao numeric',
    'root_claim_type text',
    'created_on_date text',
    'created_on_network text',
    'run_id uuid NOT NULL',
    'CONSTRAINT accounts_pkey PRIMARY KEY (address)',
    'CONSTRAINT accounts_address_fkey FOREIGN KEY (address) REFERENCES wallets (address)',
    ...checks('accounts', [
      ...BALANCES.map((name) => `balance_${name}`),
      ...BALANCES.map((name) => `balance_${name}_24hr_ago`),
      'root_basket_claimable_tao',
    ]),
  ].join(',\n  ')}
) WITH (fillfactor = 70)`;

const ACCOUNT_HISTORY = `CREATE TABLE account_history (
  ${[
    'address text NOT NULL',
    'day date NOT NULL',
    'block_number bigint NOT NULL',
    'upstream_at timestamptz NOT NULL',
    'rank bigint',
    ...balanceColumns,
    'root_basket_claimable_tao numeric',
    'root_claim_type text',
    'origin text NOT NULL',
    'positions_seen_at timestamptz',
    'run_id uuid NOT NULL',
    'CONSTRAINT account_history_pkey PRIMARY KEY (address, day)',
    'CONSTRAINT account_history_address_fkey FOREIGN KEY (address) REFERENCES wallets (address)',
    "CONSTRAINT account_history_origin_check CHECK (origin IN ('snapshot', 'history'))",
    "CONSTRAINT account_history_day_check CHECK (day = (upstream_at AT TIME ZONE 'UTC')::date)",
    ...checks('account_history', [...BALANCES.map((name) => `balance_${name}`), 'root_basket_claimable_tao']),
  ].join(',\n  ')}
) WITH (fillfactor = 70)`;
