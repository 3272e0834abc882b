import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What the treasury and each wallet were worth after each run that read the positions. */
export class CreateNavSnapshots1790000000600 implements MigrationInterface {
  readonly name = 'CreateNavSnapshots1790000000600';

  async up(runner: QueryRunner): Promise<void> {
    for (const statement of STATEMENTS) await runner.query(statement);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE nav_snapshots');
  }
}

const STATEMENTS = [
  `CREATE TABLE nav_snapshots (
    scope text NOT NULL,
    run_id uuid NOT NULL,
    at timestamptz NOT NULL,
    recorded_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    block_number bigint NOT NULL,
    pools_block bigint,
    complete boolean NOT NULL,
    missing jsonb NOT NULL,
    mid numeric,
    exec_50 numeric,
    exec_100 numeric,
    free numeric NOT NULL,
    reserved numeric NOT NULL,
    root numeric NOT NULL,
    alpha_mid numeric NOT NULL,
    usd_per_tao numeric,
    wallets jsonb NOT NULL,
    holdings jsonb NOT NULL,
    CONSTRAINT nav_snapshots_pkey PRIMARY KEY (scope, run_id),
    CONSTRAINT nav_snapshots_complete_check CHECK (
      complete = (mid IS NOT NULL) AND complete = (exec_50 IS NOT NULL) AND complete = (exec_100 IS NOT NULL)
      AND complete = (missing = '[]'::jsonb)),
    CONSTRAINT nav_snapshots_order_check CHECK (exec_100 <= exec_50 AND exec_50 <= mid),
    CONSTRAINT nav_snapshots_exec_100_check CHECK (exec_100 >= 0 AND mid < 1e30),
    CONSTRAINT nav_snapshots_free_check CHECK (free >= 0 AND free < 1e30),
    CONSTRAINT nav_snapshots_reserved_check CHECK (reserved >= 0 AND reserved < 1e30),
    CONSTRAINT nav_snapshots_root_check CHECK (root >= 0 AND root < 1e30),
    CONSTRAINT nav_snapshots_alpha_mid_check CHECK (alpha_mid >= 0 AND alpha_mid < 1e30),
    CONSTRAINT nav_snapshots_usd_per_tao_check CHECK (usd_per_tao > 0 AND usd_per_tao < 1e30)
  )`,
  'CREATE INDEX nav_snapshots_at_idx ON nav_snapshots (scope, at)',
];
