import type { MigrationInterface, QueryRunner } from 'typeorm';

const API_COLUMNS = `
  calls bigint NOT NULL,
  ok bigint NOT NULL,
  errors bigint NOT NULL,
  rate_limits bigint NOT NULL,
  quota_exhausted bigint NOT NULL,
  retries bigint NOT NULL,
  latency_ms_sum double precision NOT NULL,
  latency_le_5_ms bigint NOT NULL,
  latency_le_10_ms bigint NOT NULL,
  latency_le_25_ms bigint NOT NULL,
  latency_le_50_ms bigint NOT NULL,
  latency_le_75_ms bigint NOT NULL,
  latency_le_100_ms bigint NOT NULL,
  latency_le_250_ms bigint NOT NULL,
  latency_le_500_ms bigint NOT NULL,
  latency_le_750_ms bigint NOT NULL,
  latency_le_1000_ms bigint NOT NULL,
  latency_le_2500_ms bigint NOT NULL,
  latency_le_5000_ms bigint NOT NULL,
  latency_le_7500_ms bigint NOT NULL,
  latency_le_10000_ms bigint NOT NULL,
  latency_le_30000_ms bigint NOT NULL,
  latency_above_ms bigint NOT NULL`;

const CACHE_COLUMNS = `
  hits bigint NOT NULL,
  misses bigint NOT NULL,
  failures bigint NOT NULL`;

const SYNC_COLUMNS = `
  applied bigint NOT NULL,
  confirmed bigint NOT NULL,
  protected bigint NOT NULL,
  failed bigint NOT NULL,
  interrupted bigint NOT NULL,
  fenced bigint NOT NULL,
  duration_ms_sum double precision NOT NULL,
  rejected bigint NOT NULL`;

const FAMILIES = [
  ['api', API_COLUMNS],
  ['cache', CACHE_COLUMNS],
  ['sync', SYNC_COLUMNS],
] as const;

/** Counters per minute and for ever, summed over all replicas, and the newest errors of the upstream. */
export class CreateMetrics1790000000300 implements MigrationInterface {
  readonly name = 'CreateMetrics1790000000300';

  async up(runner: QueryRunner): Promise<void> {
    for (const [family, columns] of FAMILIES) {
      await runner.query(`
        CREATE TABLE ${family}_metric_minutes (
          minute timestamptz NOT NULL,
          name text NOT NULL,${columns},
          CONSTRAINT ${family}_metric_minutes_pkey PRIMARY KEY (minute, name)
        ) WITH (fillfactor = 70)`);
      await runner.query(`
        CREATE TABLE ${family}_metric_totals (
          name text NOT NULL,${columns},
          CONSTRAINT ${family}_metric_totals_pkey PRIMARY KEY (name)
        ) WITH (fillfactor = 70)`);
    }
    await runner.query(`
      CREATE TABLE upstream_errors (
        id bigint GENERATED ALWAYS AS IDENTITY,
        at timestamptz NOT NULL,
        endpoint text NOT NULL,
        outcome text NOT NULL,
        status integer,
        code text NOT NULL,
        message text NOT NULL,
        attempt integer NOT NULL,
        run_id text,
        CONSTRAINT upstream_errors_pkey PRIMARY KEY (id)
      )`);
    await runner.query('CREATE INDEX upstream_errors_at_idx ON upstream_errors (at)');
    // One row. A flush holds it shared, a reset exclusively: counts from before a reset never come back after it.
    await runner.query(`
      CREATE TABLE metric_generation (
        id smallint NOT NULL,
        generation bigint NOT NULL,
        counting_since timestamptz NOT NULL,
        CONSTRAINT metric_generation_pkey PRIMARY KEY (id),
        CONSTRAINT metric_generation_id_check CHECK (id = 1)
      )`);
    await runner.query('INSERT INTO metric_generation VALUES (1, 1, clock_timestamp())');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE metric_generation');
    await runner.query('DROP TABLE upstream_errors');
    for (const [family] of FAMILIES) {
      await runner.query(`DROP TABLE ${family}_metric_totals`);
      await runner.query(`DROP TABLE ${family}_metric_minutes`);
    }
  }
}
