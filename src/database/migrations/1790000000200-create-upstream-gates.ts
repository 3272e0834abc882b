import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Limiter, pauses and breakers of the upstream, shared by all replicas. */
export class CreateUpstreamGates1790000000200 implements MigrationInterface {
  readonly name = 'CreateUpstreamGates1790000000200';

  async up(runner: QueryRunner): Promise<void> {
    // Infinite timestamps cannot be subtracted, hence 'epoch' for "never".
    await runner.query(`
      CREATE TABLE upstream_keys (
        scope text NOT NULL,
        blocked_until timestamptz NOT NULL DEFAULT 'epoch',
        reason text,
        clamped boolean NOT NULL DEFAULT false,
        strikes integer NOT NULL DEFAULT 0,
        struck_at timestamptz NOT NULL DEFAULT 'epoch',
        recent text NOT NULL DEFAULT '',
        learned_limit integer,
        probe_until timestamptz NOT NULL DEFAULT 'epoch',
        CONSTRAINT upstream_keys_pkey PRIMARY KEY (scope),
        CONSTRAINT upstream_keys_strikes_check CHECK (strikes >= 0),
        CONSTRAINT upstream_keys_learned_limit_check CHECK (learned_limit >= 1)
      ) WITH (fillfactor = 50)`);
    await runner.query(`
      CREATE TABLE upstream_grants (
        key text NOT NULL,
        taken_at timestamptz NOT NULL DEFAULT clock_timestamp(),
        priority smallint NOT NULL
      )`);
    await runner.query('CREATE INDEX upstream_grants_key_taken_at_idx ON upstream_grants (key, taken_at)');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE upstream_grants');
    await runner.query('DROP TABLE upstream_keys');
  }
}
