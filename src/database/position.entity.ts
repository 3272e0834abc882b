import { Column, Entity, PrimaryColumn } from 'typeorm';
import { Amount, Count, Instant, REQUIRED } from './columns';

/**
 * Stake of a coldkey with a hotkey on a subnet; several hotkeys on one subnet are several positions. Written only from
 * complete answers: a position that one of them lacks is a full exit, which stays as an explicit zero.
 */
@Entity('positions')
export class Position {
  @PrimaryColumn('text') coldkey!: string;
  @PrimaryColumn('text') hotkey!: string;
  @PrimaryColumn('integer') netuid!: number;
  /** Generation of the netuid that is held; null for root and while the subnets are not known yet. */
  @Count('registration_block_number') registrationBlockNumber!: number | null;
  /** Block and time of the answer that it was read from; all held positions of a wallet are from one. */
  @Count('block_number', REQUIRED) blockNumber!: number;
  @Instant('upstream_at', REQUIRED) upstreamAt!: Date;
  /** Rao of the subnet's alpha; of TAO for root. */
  @Amount('balance', REQUIRED) balance!: string;
  /** Rao of TAO at the spot price. */
  @Amount('balance_as_tao', REQUIRED) balanceAsTao!: string;
  /** Upstream time of the first complete answer without it; null while it is held. */
  @Instant('exited_at') exitedAt!: Date | null;
  @Instant('first_seen_at', REQUIRED) firstSeenAt!: Date;
  /** The run that last wrote the row. */
  @Column('uuid', { name: 'run_id' }) runId!: string;
}
