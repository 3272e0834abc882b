import type { MigrationInterface, QueryRunner } from 'typeorm';

const TABLES = ['cache_metric_minutes', 'cache_metric_totals'];

/** Answers that the cache gave beyond their time to live. */
export class CountStaleAnswers1790000000651 implements MigrationInterface {
  readonly name = 'CountStaleAnswers1790000000651';

  async up(runner: QueryRunner): Promise<void> {
    // With a default: a replica of the version before still inserts without it.
    for (const table of TABLES) await runner.query(`ALTER TABLE ${table} ADD COLUMN stale bigint NOT NULL DEFAULT 0`);
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const table of TABLES) await runner.query(`ALTER TABLE ${table} DROP COLUMN stale`);
  }
}
