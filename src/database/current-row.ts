import { Column } from 'typeorm';

/** What every current table has beside its figures: where a row came from, and whether upstream still sends it. */
export abstract class CurrentRow {
  /** The run that last changed the row. */
  @Column('uuid', { name: 'run_id' })
  runId!: string;

  /** Since when complete answers lack the row; null while they hold it. */
  @Column('timestamptz', { name: 'missing_since', nullable: true })
  missingSince!: Date | null;

  /** Complete answers in a row that lacked it. */
  @Column('integer', { name: 'missing_snapshots' })
  missingSnapshots!: number;

  /** Set after three of them: the row is gone upstream. Readers of the current state leave such rows out. */
  @Column('timestamptz', { name: 'removed_at', nullable: true })
  removedAt!: Date | null;
}
