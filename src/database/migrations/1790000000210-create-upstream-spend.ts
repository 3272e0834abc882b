import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Attempts per key and UTC day, for the credits of the month, and what each dataset wants of them. */
export class CreateUpstreamSpend1790000000210 implements MigrationInterface {
  readonly name = 'CreateUpstreamSpend1790000000210';

  async up(runner: QueryRunner): Promise<void> {
    // One row is updated by every attempt: room for new versions on its page keeps them out of the index.
    await runner.query(`
      CREATE TABLE upstream_spend (
        key text NOT NULL,
        day date NOT NULL,
        attempts bigint NOT NULL,
        counted_from timestamptz NOT NULL DEFAULT clock_timestamp(),
        CONSTRAINT upstream_spend_pkey PRIMARY KEY (key, day),
        CONSTRAINT upstream_spend_attempts_check CHECK (attempts > 0)
      ) WITH (fillfactor = 50)`);
    await runner.query(`
      CREATE TABLE dataset_demands (
        dataset text NOT NULL,
        configured_seconds integer NOT NULL,
        calls_per_run double precision NOT NULL,
        rank text NOT NULL,
        CONSTRAINT dataset_demands_pkey PRIMARY KEY (dataset),
        CONSTRAINT dataset_demands_configured_seconds_check CHECK (configured_seconds > 0),
        CONSTRAINT dataset_demands_calls_per_run_check CHECK (calls_per_run >= 0 AND calls_per_run < 1e9),
        CONSTRAINT dataset_demands_rank_check CHECK (rank IN ('core', 'wallet', 'other'))
      )`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE dataset_demands');
    await runner.query('DROP TABLE upstream_spend');
  }
}
