import { Column, Entity, PrimaryColumn } from 'typeorm';
import { Instant, Words } from './columns';

/** `failed`: the last step had no usable answer; the walk goes on from where it is at `retryAt`. */
export type BackfillState = 'pending' | 'running' | 'complete' | 'failed';

/** How far a walk through upstream's history has come. It goes on from `doneTo`, whatever happened in between. */
@Entity('backfills')
export class Backfill {
  @PrimaryColumn('text') dataset!: string;
  /** What is walked, for example an address, or `coldkey/hotkey/netuid`. */
  @PrimaryColumn('text') scope!: string;
  /** First and last UTC day that is wanted. */
  @Column('date', { name: 'window_from' }) windowFrom!: string;
  @Column('date', { name: 'window_to' }) windowTo!: string;
  /** Every day of the window up to this one has been read; null: none. */
  @Column('date', { name: 'done_to', nullable: true }) doneTo!: string | null;
  @Column('text') state!: BackfillState;
  /** Pages read and upstream calls made, over all steps. */
  @Column('integer') pages!: number;
  @Column('integer') calls!: number;
  /** Steps in a row without a usable answer, and why. */
  @Column('integer') failures!: number;
  @Instant('retry_at') retryAt!: Date | null;
  @Words('reason') reason!: string | null;
  @Column('timestamptz', { name: 'created_at' }) createdAt!: Date;
  @Column('timestamptz', { name: 'updated_at' }) updatedAt!: Date;
}
