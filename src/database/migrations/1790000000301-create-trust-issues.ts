import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Open issues of the trust pack with the moment they began, so that every replica and every restart names the same one. */
export class CreateTrustIssues1790000000301 implements MigrationInterface {
  readonly name = 'CreateTrustIssues1790000000301';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE trust_issues (
        key text NOT NULL,
        since timestamptz NOT NULL,
        last_seen_at timestamptz NOT NULL,
        CONSTRAINT trust_issues_pkey PRIMARY KEY (key)
      )`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE trust_issues');
  }
}
