import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { HistoryOrigin } from './account-history.entity';
import { Amount, Count, Instant, REQUIRED } from './columns';

/** A position at its newest known block of a UTC day. The zero of an exit is its last row until it is held again. */
@Entity('position_history')
export class PositionHistory {
  @PrimaryColumn('text') coldkey!: string;
  @PrimaryColumn('text') hotkey!: string;
  @PrimaryColumn('integer') netuid!: number;
  /** `2026-01-31`. */
  @PrimaryColumn('date') day!: string;
  @Count('registration_block_number') registrationBlockNumber!: number | null;
  @Count('block_number', REQUIRED) blockNumber!: number;
  @Instant('upstream_at', REQUIRED) upstreamAt!: Date;
  @Amount('balance', REQUIRED) balance!: string;
  @Amount('balance_as_tao', REQUIRED) balanceAsTao!: string;
  @Column('text') origin!: HistoryOrigin;
  @Column('uuid', { name: 'run_id' }) runId!: string;
}
