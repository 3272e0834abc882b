import { Column, Entity, PrimaryColumn } from 'typeorm';
import { Amount, Count, Instant, REQUIRED, Words } from './columns';

/** Free TAO that went from or to a followed wallet; stake never appears here. */
@Entity('transfers')
export class Transfer {
  @PrimaryColumn('text') id!: string;
  @Count('block_number', REQUIRED) blockNumber!: number;
  @Instant('timestamp', REQUIRED) timestamp!: Date;
  @Column('text', { name: 'from_address' }) fromAddress!: string;
  @Column('text', { name: 'to_address' }) toAddress!: string;
  @Words('network') network!: string | null;
  /** Rao of TAO. */
  @Amount('amount', REQUIRED) amount!: string;
  /** Rao of TAO, paid by the sender. */
  @Amount('fee') fee!: string | null;
  @Words('transaction_hash') transactionHash!: string | null;
  @Words('extrinsic_id') extrinsicId!: string | null;
  /** The run that last wrote the row. */
  @Column('uuid', { name: 'run_id' }) runId!: string;
}
