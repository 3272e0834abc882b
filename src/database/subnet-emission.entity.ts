import { Entity, PrimaryColumn } from 'typeorm';
import { Amount, Count, Instant, REQUIRED, Words } from './columns';
import { CurrentRow } from './current-row';

/** The newest emission into a subnet that upstream has: what one block gave. */
@Entity('subnet_emissions')
export class SubnetEmission extends CurrentRow {
  @PrimaryColumn('integer') netuid!: number;
  @Count('block_number', REQUIRED) blockNumber!: number;
  @Instant('timestamp', REQUIRED) timestamp!: Date;
  /** Often nothing but the symbol of TAO. */
  @Words('name') name!: string | null;
  @Words('symbol') symbol!: string | null;
  /** Rao of TAO into the pool. */
  @Amount('tao_in_pool', REQUIRED) taoInPool!: string;
  /** Rao of alpha into the pool. */
  @Amount('alpha_in_pool', REQUIRED) alphaInPool!: string;
  /** Rao of alpha to miners, validators and the owner. */
  @Amount('alpha_rewards', REQUIRED) alphaRewards!: string;
}
