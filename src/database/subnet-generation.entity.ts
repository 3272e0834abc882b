import { Column, Entity, PrimaryColumn } from 'typeorm';
import { WHOLE } from './columns';

/** One use of a netuid: from the registration of a subnet to its end. Root, which was never registered, has block 0. */
@Entity('subnet_generations')
export class SubnetGeneration {
  @PrimaryColumn('integer')
  netuid!: number;

  @PrimaryColumn('bigint', { name: 'registration_block_number', transformer: WHOLE })
  registrationBlockNumber!: number;

  @Column('timestamptz', { name: 'registered_at', nullable: true })
  registeredAt!: Date | null;

  /** When we first saw it. */
  @Column('timestamptz', { name: 'opened_at' })
  openedAt!: Date;

  /** When we first saw its successor; null while it is the current one. At most one of a netuid is open. */
  @Column('timestamptz', { name: 'closed_at', nullable: true })
  closedAt!: Date | null;
}
