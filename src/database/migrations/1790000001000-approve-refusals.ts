import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What a run was refused for, and what an operator has said to be true: the next run that is refused for that is believed. */
export class ApproveRefusals1790000001000 implements MigrationInterface {
  readonly name = 'ApproveRefusals1790000001000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE sync_runs ADD COLUMN refusal_sha256 text');
    await runner.query('ALTER TABLE dataset_states ADD COLUMN approved_sha256 text');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE dataset_states DROP COLUMN approved_sha256');
    await runner.query('ALTER TABLE sync_runs DROP COLUMN refusal_sha256');
  }
}
