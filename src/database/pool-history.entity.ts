import { Column, Entity, PrimaryColumn } from 'typeorm';
import { Amount, Count, Flag, REQUIRED, WHOLE } from './columns';

/** A pool as it was at a block; append only, partitioned by the month of the block. Units as in `Pool`. */
@Entity('pool_history')
export class PoolHistory {
  @PrimaryColumn('integer') netuid!: number;
  @PrimaryColumn('bigint', { name: 'block_number', transformer: WHOLE }) blockNumber!: number;
  @Count('registration_block_number') registrationBlockNumber!: number | null;
  @PrimaryColumn('timestamptz', { name: 'timestamp' }) timestamp!: Date;
  @Amount('price', REQUIRED) price!: string;
  @Amount('market_cap') marketCap!: string | null;
  @Amount('liquidity') liquidity!: string | null;
  @Amount('total_tao', REQUIRED) totalTao!: string;
  @Amount('total_alpha') totalAlpha!: string | null;
  @Amount('alpha_in_pool', REQUIRED) alphaInPool!: string;
  @Amount('alpha_staked', REQUIRED) alphaStaked!: string;
  @Amount('root_prop') rootProp!: string | null;
  @Count('rank') rank!: number | null;
  @Flag('startup_mode') startupMode!: boolean | null;
  @Amount('fee_rate') feeRate!: string | null;
  @Amount('tao_volume_24_hr') taoVolume24Hr!: string | null;
  @Amount('tao_buy_volume_24_hr') taoBuyVolume24Hr!: string | null;
  @Amount('tao_sell_volume_24_hr') taoSellVolume24Hr!: string | null;
  @Amount('alpha_volume_24_hr') alphaVolume24Hr!: string | null;
  @Amount('last_price') lastPrice!: string | null;
  @Count('buys_24_hr') buys24Hr!: number | null;
  @Count('sells_24_hr') sells24Hr!: number | null;
  /** The run that observed it. */
  @Column('uuid', { name: 'run_id' }) runId!: string;
}
