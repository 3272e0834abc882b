import { Column, Entity, PrimaryColumn } from 'typeorm';
import { SignedAmount } from './columns';

/** Flows as they were when they changed; append only, partitioned by month. */
@Entity('tao_flow_history')
export class TaoFlowHistory {
  @PrimaryColumn('integer') netuid!: number;
  /** When the answer arrived: upstream dates no flow. */
  @PrimaryColumn('timestamptz', { name: 'observed_at' }) observedAt!: Date;
  @SignedAmount('tao_flow') taoFlow!: string | null;
  /** The run that observed it. */
  @Column('uuid', { name: 'run_id' }) runId!: string;
}
