import { Column, Entity, PrimaryColumn } from 'typeorm';
import { Instant, REQUIRED, Words } from './columns';

/** `behind`: older events are still being read; `current`: everything up to `completeTo`; `failed`: the last walk had no end. */
export type EventCursorState = 'behind' | 'current' | 'failed';

/**
 * How far one wallet's events have been read: every page of [completeFrom, completeTo] was walked, but for the open rows
 * of `event_gaps`. The end moves only after a walk that was complete.
 */
@Entity('event_cursors')
export class EventCursor {
  @PrimaryColumn('text') dataset!: string;
  @PrimaryColumn('text') wallet!: string;
  @Instant('complete_from', REQUIRED) completeFrom!: Date;
  @Instant('complete_to', REQUIRED) completeTo!: Date;
  /** Where reading ends for now: what upstream had indexed at the last walk. */
  @Instant('wanted_to', REQUIRED) wantedTo!: Date;
  @Column('text') state!: EventCursorState;
  /** Over all walks. */
  @Column('integer') pages!: number;
  @Column('integer') calls!: number;
  @Column('integer', { name: 'rows_read' }) rowsRead!: number;
  /** Walks in a row that failed at this place; each makes the next window half as long. */
  @Column('integer') failures!: number;
  @Words('reason_code') reasonCode!: string | null;
  @Words('reason') reason!: string | null;
  @Instant('updated_at', REQUIRED) updatedAt!: Date;
}
