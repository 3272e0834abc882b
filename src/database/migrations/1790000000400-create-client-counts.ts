import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Requests per caller and minute, so that a caller's limit holds over all replicas. */
export class CreateClientCounts1790000000400 implements MigrationInterface {
  readonly name = 'CreateClientCounts1790000000400';

  async up(runner: QueryRunner): Promise<void> {
    // Unlogged: losing a minute of counts in a crash costs nothing, and nothing of it belongs into a backup.
    await runner.query(`
      CREATE UNLOGGED TABLE client_counts (
        client text NOT NULL,
        window_number bigint NOT NULL,
        hits integer NOT NULL,
        CONSTRAINT client_counts_pkey PRIMARY KEY (client, window_number),
        CONSTRAINT client_counts_hits_check CHECK (hits > 0)
      ) WITH (fillfactor = 50)`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE client_counts');
  }
}
