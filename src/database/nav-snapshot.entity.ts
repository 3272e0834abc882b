import { Column, Entity, PrimaryColumn } from 'typeorm';
import { Amount, Count, Flag, Instant, REQUIRED } from './columns';

/** One wallet's part of a snapshot, in rao; by address. Its figures are null where they were not known. */
export interface SnapshotWallet {
  /** Block of the answer that its stake and balances are of. */
  block: number;
  mid: string | null;
  exec100: string | null;
}

/** All stake of one wallet on one generation of a subnet, at the wallet's block, in rao. */
export interface SnapshotHolding {
  netuid: number;
  /** Registration block; null for root. */
  generation: number | null;
  alpha: string;
  /** TAO at the spot price of the same block, as upstream valued it. */
  value: string;
}

/**
 * Net asset value at one moment, in rao of TAO. The three values are null unless every input was known and trusted;
 * `free` to `alphaMid` add up what was known even then.
 */
@Entity('nav_snapshots')
export class NavSnapshot {
  /** `all`: the followed wallets together; otherwise a wallet's address. */
  @PrimaryColumn('text') scope!: string;
  /** The run of the positions that it was written after. */
  @PrimaryColumn('uuid', { name: 'run_id' }) runId!: string;
  /** Time and number of the newest block among the wallets' answers. */
  @Instant('at', REQUIRED) at!: Date;
  @Count('block_number', REQUIRED) blockNumber!: number;
  /** Newest block among the pools; null without pools. */
  @Count('pools_block') poolsBlock!: number | null;
  @Flag('complete', REQUIRED) complete!: boolean;
  /** Inputs that were missing or not trusted. */
  @Column('jsonb') missing!: { input: string; reason: string }[];
  @Amount('mid') mid!: string | null;
  @Amount('exec_50') exec50!: string | null;
  @Amount('exec_100') exec100!: string | null;
  @Amount('free', REQUIRED) free!: string;
  @Amount('reserved', REQUIRED) reserved!: string;
  @Amount('root', REQUIRED) root!: string;
  @Amount('alpha_mid', REQUIRED) alphaMid!: string;
  /** USD. */
  @Amount('usd_per_tao') usdPerTao!: string | null;
  @Column('jsonb') wallets!: Record<string, SnapshotWallet>;
  /** Of a wallet's own snapshot; empty where several wallets are together, because their blocks differ. */
  @Column('jsonb') holdings!: SnapshotHolding[];
}
