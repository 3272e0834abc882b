import type { MigrationInterface, QueryRunner } from 'typeorm';

/** The newest accepted request of each dataset, so that people cannot spend what the schedule needs. */
export class CreateSyncRequests1790000000650 implements MigrationInterface {
  readonly name = 'CreateSyncRequests1790000000650';

  async up(runner: QueryRunner): Promise<void> {
    // paid_until: when the share of the limit that requests may use has made up for this one and all before it.
    await runner.query(`
      CREATE TABLE sync_requests (
        dataset text NOT NULL,
        accepted_at timestamptz NOT NULL,
        paid_until timestamptz NOT NULL,
        CONSTRAINT sync_requests_pkey PRIMARY KEY (dataset)
      ) WITH (fillfactor = 50)`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE sync_requests');
  }
}
