import { Column, Entity, PrimaryColumn } from 'typeorm';
import { Count, Instant, Words } from './columns';

/**
 * `pending`: never answered. `not_indexed`: TaoStats does not know the address yet, which is no balance of zero.
 * `synced`: the stored rows are the newest complete answer. `protected`: the newest answer was refused and an older one
 * stands. `failed`: the newest attempt had no answer, and an older one stands where there is one.
 */
export type WalletSyncState = 'pending' | 'not_indexed' | 'synced' | 'protected' | 'failed';

/** What one dataset knows of one wallet. Its age is that of `lastSuccessAt`, whatever state the newest attempt left. */
@Entity('wallet_states')
export class WalletState {
  @PrimaryColumn('text') address!: string;
  @PrimaryColumn('text') dataset!: string;
  @Column('text') state!: WalletSyncState;
  @Instant('last_attempt_at') lastAttemptAt!: Date | null;
  /** When an answer was last applied or confirmed; null: never. */
  @Instant('last_success_at') lastSuccessAt!: Date | null;
  /** Block and time of the answer that stands. */
  @Count('upstream_block') upstreamBlock!: number | null;
  @Instant('upstream_at') upstreamAt!: Date | null;
  @Words('answer_sha256') answerSha256!: string | null;
  /** Why the newest attempt was not applied; null when it was. */
  @Words('reason_code') reasonCode!: string | null;
  @Words('reason') reason!: string | null;
  /** Answers in a row that were refused for `reasonCode`. */
  @Column('integer', { name: 'refused_count' }) refusedCount!: number;
  @Column('integer', { name: 'consecutive_failures' }) consecutiveFailures!: number;
}
