import type { MigrationInterface, QueryRunner } from 'typeorm';

/** The value of each UTC hour and day, beside every value that was recorded. They begin with the values that are stored. */
export class CreateNavRollups1790000000910 implements MigrationInterface {
  readonly name = 'CreateNavRollups1790000000910';

  async up(runner: QueryRunner): Promise<void> {
    for (const unit of ['hour', 'day']) {
      await runner.query(tableSql(unit));
      await runner.query(fillSql(unit));
    }
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE nav_hours, nav_days');
  }
}

const COLUMNS = `run_id, at, block_number, complete, missing, mid, exec_50, exec_100, usd_per_tao, wallets`;

/** An hour is rewritten by every run that it sees: free space on the page keeps that from growing the index. */
function tableSql(unit: string): string {
  return `CREATE TABLE nav_${unit}s (
    scope text NOT NULL,
    bucket_at timestamptz NOT NULL,
    run_id uuid NOT NULL,
    at timestamptz NOT NULL,
    block_number bigint NOT NULL,
    complete boolean NOT NULL,
    missing jsonb NOT NULL,
    mid numeric,
    exec_50 numeric,
    exec_100 numeric,
    usd_per_tao numeric,
    wallets jsonb NOT NULL,
    CONSTRAINT nav_${unit}s_pkey PRIMARY KEY (scope, bucket_at),
    CONSTRAINT nav_${unit}s_bucket_at_check CHECK (bucket_at = date_trunc('${unit}', at, 'UTC')),
    CONSTRAINT nav_${unit}s_complete_check CHECK (complete = (exec_100 IS NOT NULL))
  ) WITH (fillfactor = 70)`;
}

function fillSql(unit: string): string {
  return `INSERT INTO nav_${unit}s (scope, bucket_at, ${COLUMNS})
    SELECT DISTINCT ON (scope, date_trunc('${unit}', at, 'UTC')) scope, date_trunc('${unit}', at, 'UTC'), ${COLUMNS}
      FROM nav_snapshots
     ORDER BY scope, date_trunc('${unit}', at, 'UTC'), complete DESC, at DESC, run_id DESC`;
}
