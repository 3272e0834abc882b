import { Column, Entity, PrimaryColumn } from 'typeorm';
import { Instant, REQUIRED, Words } from './columns';

/** Where a wallet came from: WALLET_ADDRESSES, or an operator's request. */
export type WalletOrigin = 'environment' | 'request';

/** A coldkey that the treasury follows. Deleting one only marks it: everything known of it stays. */
@Entity('wallets')
export class Wallet {
  /** ss58 with Bittensor's prefix. */
  @PrimaryColumn('text') address!: string;
  @Words('label') label!: string | null;
  /** False: kept and shown, but not synced. */
  @Column('boolean', { name: 'is_active' }) isActive!: boolean;
  @Column('text') origin!: WalletOrigin;
  @Instant('created_at', REQUIRED) createdAt!: Date;
  @Instant('updated_at', REQUIRED) updatedAt!: Date;
  /** Since when it is no longer followed; null while it is. */
  @Instant('deleted_at') deletedAt!: Date | null;
}
