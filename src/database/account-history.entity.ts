import { Column, Entity, PrimaryColumn } from 'typeorm';
import { AccountFigures } from './account-figures';
import { Instant } from './columns';

/** `snapshot`: one of our own answers of that day. `history`: upstream's history. */
export type HistoryOrigin = 'snapshot' | 'history';

/** An account at its newest known block of a UTC day; the running day moves on with every answer. */
@Entity('account_history')
export class AccountHistory extends AccountFigures {
  @PrimaryColumn('text') address!: string;
  /** `2026-01-31`. */
  @PrimaryColumn('date') day!: string;
  @Column('text') origin!: HistoryOrigin;
  /** Upstream time of our last answer of that day, which had the positions too; null where we had none. */
  @Instant('positions_seen_at') positionsSeenAt!: Date | null;
  @Column('uuid', { name: 'run_id' }) runId!: string;
}
