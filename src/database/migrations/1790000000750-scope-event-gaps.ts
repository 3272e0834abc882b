import type { MigrationInterface, QueryRunner } from 'typeorm';

/** A gap of one bad row is of one subnet; states are looked up by their block, around the end of a subnet. */
export class ScopeEventGaps1790000000750 implements MigrationInterface {
  readonly name = 'ScopeEventGaps1790000000750';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(
      'ALTER TABLE event_gaps ADD COLUMN netuid bigint CONSTRAINT event_gaps_netuid_check CHECK (netuid >= 0)',
    );
    await runner.query('CREATE INDEX nav_snapshots_block_number_idx ON nav_snapshots (scope, block_number)');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP INDEX nav_snapshots_block_number_idx');
    await runner.query('ALTER TABLE event_gaps DROP COLUMN netuid');
  }
}
