import { Column, Entity, PrimaryColumn } from 'typeorm';
import { Amount, Count, Flag, Instant, REQUIRED, SignedAmount, Words } from './columns';

/** A stake or an unstake of a followed wallet, exactly as upstream tells it. Emissions are never among them. */
@Entity('delegation_events')
export class DelegationEvent {
  @PrimaryColumn('text') id!: string;
  @Count('block_number', REQUIRED) blockNumber!: number;
  @Instant('timestamp', REQUIRED) timestamp!: Date;
  /** `DELEGATE` or `UNDELEGATE`. */
  @Column('text') action!: string;
  /** The wallet. */
  @Column('text') nominator!: string;
  /** The hotkey. */
  @Column('text') delegate!: string;
  @Words('delegate_name') delegateName!: string | null;
  @Count('netuid') netuid!: number | null;
  /** Rao of TAO; 0 for hotkey swaps and liquidations. */
  @Amount('amount', REQUIRED) amount!: string;
  /** Rao of alpha. */
  @Amount('alpha') alpha!: string | null;
  @Amount('usd') usd!: string | null;
  @Amount('alpha_price_in_tao') alphaPriceInTao!: string | null;
  @Amount('alpha_price_in_usd') alphaPriceInUsd!: string | null;
  /** Percent; 200 and -200 mark hotkey swaps. */
  @SignedAmount('slippage') slippage!: string | null;
  /** Rao of TAO on DELEGATE, rao of alpha on UNDELEGATE. */
  @Amount('fee') fee!: string | null;
  @Words('extrinsic_id') extrinsicId!: string | null;
  /** True or null. */
  @Flag('is_transfer') isTransfer!: boolean | null;
  @Words('transfer_address') transferAddress!: string | null;
  /** The run that last wrote the row. */
  @Column('uuid', { name: 'run_id' }) runId!: string;
}
