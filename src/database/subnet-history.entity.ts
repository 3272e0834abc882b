import { Column, Entity, PrimaryColumn } from 'typeorm';
import { Amount, Count, Flag, REQUIRED, SignedAmount, WHOLE } from './columns';

/** A subnet as it was at a block; append only, partitioned by the month of the block. Units as in `Subnet`. */
@Entity('subnet_history')
export class SubnetHistory {
  @PrimaryColumn('integer') netuid!: number;
  @PrimaryColumn('bigint', { name: 'block_number', transformer: WHOLE }) blockNumber!: number;
  @Count('registration_block_number') registrationBlockNumber!: number | null;
  @PrimaryColumn('timestamptz', { name: 'timestamp' }) timestamp!: Date;
  @Amount('emission', REQUIRED) emission!: string;
  @Amount('projected_emission') projectedEmission!: string | null;
  @SignedAmount('excess_tao') excessTao!: string | null;
  @SignedAmount('ema_tao_flow') emaTaoFlow!: string | null;
  @SignedAmount('tao_flow') taoFlow!: string | null;
  @SignedAmount('net_flow_1_day') netFlow1Day!: string | null;
  @SignedAmount('net_flow_7_days') netFlow7Days!: string | null;
  @SignedAmount('net_flow_30_days') netFlow30Days!: string | null;
  @SignedAmount('neuron_registration_cost') neuronRegistrationCost!: string | null;
  @SignedAmount('recycled_24_hours') recycled24Hours!: string | null;
  @SignedAmount('recycled_lifetime') recycledLifetime!: string | null;
  @Count('max_neurons') maxNeurons!: number | null;
  @Count('active_keys') activeKeys!: number | null;
  @Count('validators') validators!: number | null;
  @Count('active_validators') activeValidators!: number | null;
  @Count('active_miners') activeMiners!: number | null;
  @Count('active_dual') activeDual!: number | null;
  @SignedAmount('fee_rate') feeRate!: string | null;
  @SignedAmount('incentive_burn') incentiveBurn!: string | null;
  @Flag('registration_allowed') registrationAllowed!: boolean | null;
  @Flag('subtoken_enabled') subtokenEnabled!: boolean | null;
  /** The run that observed it. */
  @Column('uuid', { name: 'run_id' }) runId!: string;
}
