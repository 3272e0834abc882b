import { Column, Entity, PrimaryColumn } from 'typeorm';
import { Amount, REQUIRED, WHOLE } from './columns';

/** Emissions as they were observed; append only, partitioned by the month of the block. Units as in `SubnetEmission`. */
@Entity('subnet_emission_history')
export class SubnetEmissionHistory {
  @PrimaryColumn('integer') netuid!: number;
  @PrimaryColumn('timestamptz', { name: 'timestamp' }) timestamp!: Date;
  @PrimaryColumn('bigint', { name: 'block_number', transformer: WHOLE }) blockNumber!: number;
  @Amount('tao_in_pool', REQUIRED) taoInPool!: string;
  @Amount('alpha_in_pool', REQUIRED) alphaInPool!: string;
  @Amount('alpha_rewards', REQUIRED) alphaRewards!: string;
  /** The run that observed it. */
  @Column('uuid', { name: 'run_id' }) runId!: string;
}
