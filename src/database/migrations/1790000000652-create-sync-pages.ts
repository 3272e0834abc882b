import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Pages of runs that are under way, so that a run cut short does not cost its calls again. */
export class CreateSyncPages1790000000652 implements MigrationInterface {
  readonly name = 'CreateSyncPages1790000000652';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE sync_pages (
        dataset text NOT NULL,
        run_id uuid NOT NULL,
        question text NOT NULL,
        page integer NOT NULL,
        sha256 text NOT NULL,
        body_gzip bytea NOT NULL,
        received_at timestamptz NOT NULL DEFAULT clock_timestamp(),
        CONSTRAINT sync_pages_pkey PRIMARY KEY (dataset, run_id, question, page)
      )`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE sync_pages');
  }
}
