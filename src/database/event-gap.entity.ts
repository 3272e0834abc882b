import { Column, Entity, PrimaryColumn } from 'typeorm';
import { Count, Instant, REQUIRED } from './columns';

/** A stretch of a wallet's time whose events could not be read, until a complete walk closes it. */
@Entity('event_gaps')
export class EventGap {
  @PrimaryColumn('text') dataset!: string;
  @PrimaryColumn('text') wallet!: string;
  @PrimaryColumn('timestamptz', { name: 'gap_from' }) gapFrom!: Date;
  @Instant('gap_to', REQUIRED) gapTo!: Date;
  /** Code of what went wrong. */
  @Column('text', { name: 'reason_code' }) reasonCode!: string;
  @Column('text') reason!: string;
  /** The subnet of the only row that is missing; null: anything may be. */
  @Count('netuid') netuid!: number | null;
  /** Walks that failed here. */
  @Column('integer') attempts!: number;
  @Instant('first_seen_at', REQUIRED) firstSeenAt!: Date;
  @Instant('last_tried_at', REQUIRED) lastTriedAt!: Date;
  /** Null while it is open. */
  @Instant('closed_at') closedAt!: Date | null;
}
