import { Entity, PrimaryColumn } from 'typeorm';
import { Amount, Count, Flag, Instant, REQUIRED, SignedAmount, Words } from './columns';
import { CurrentRow } from './current-row';

/** The newest good state of each pool. Amounts in rao, prices in TAO per alpha, both with every digit that upstream sent. */
@Entity('pools')
export class Pool extends CurrentRow {
  @PrimaryColumn('integer') netuid!: number;
  /** Generation of the netuid that the row belongs to; null for root and while the subnets are not known yet. */
  @Count('registration_block_number') registrationBlockNumber!: number | null;
  @Count('block_number', REQUIRED) blockNumber!: number;
  @Instant('timestamp', REQUIRED) timestamp!: Date;
  @Words('name') name!: string | null;
  @Words('symbol') symbol!: string | null;
  /** TAO per alpha. The figure to value with: not the ratio of the reserves. */
  @Amount('price', REQUIRED) price!: string;
  /** Rao of TAO: (alpha in the pool + alpha staked) * price. */
  @Amount('market_cap') marketCap!: string | null;
  /** Rao of TAO: TAO reserve + alpha reserve * price. */
  @Amount('liquidity') liquidity!: string | null;
  /** TAO reserve in rao; for root all root stake. */
  @Amount('total_tao', REQUIRED) totalTao!: string;
  /** Rao of alpha, all of it: never the reserve. */
  @Amount('total_alpha') totalAlpha!: string | null;
  /** Alpha reserve in rao of alpha. */
  @Amount('alpha_in_pool', REQUIRED) alphaInPool!: string;
  /** Alpha outside the pool, in rao of alpha. */
  @Amount('alpha_staked', REQUIRED) alphaStaked!: string;
  /** Ratio, 0 to 1. */
  @Amount('root_prop') rootProp!: string | null;
  @Count('rank') rank!: number | null;
  /** True: not tradable yet, the price means nothing. */
  @Flag('startup_mode') startupMode!: boolean | null;
  @Flag('swap_v3_initialized') swapV3Initialized!: boolean | null;
  @Flag('enabled_user_liquidity') enabledUserLiquidity!: boolean | null;
  /** Ratio, 0 to 1. */
  @Amount('fee_rate') feeRate!: string | null;
  @SignedAmount('protocol_provided_tao') protocolProvidedTao!: string | null;
  @SignedAmount('protocol_provided_alpha') protocolProvidedAlpha!: string | null;
  @SignedAmount('user_provided_tao') userProvidedTao!: string | null;
  @SignedAmount('user_provided_alpha') userProvidedAlpha!: string | null;
  @Amount('alpha_sqrt_price') alphaSqrtPrice!: string | null;
  @Amount('liquidity_raw') liquidityRaw!: string | null;
  @Count('current_tick') currentTick!: number | null;
  @SignedAmount('fee_global_tao') feeGlobalTao!: string | null;
  @SignedAmount('fee_global_alpha') feeGlobalAlpha!: string | null;
  /** 0 to 100. */
  @Amount('fear_and_greed_index') fearAndGreedIndex!: string | null;
  @Words('fear_and_greed_sentiment') fearAndGreedSentiment!: string | null;
  /** Changes are percent. */
  @SignedAmount('market_cap_change_1_day') marketCapChange1Day!: string | null;
  @SignedAmount('price_change_1_hour') priceChange1Hour!: string | null;
  @SignedAmount('price_change_1_day') priceChange1Day!: string | null;
  @SignedAmount('price_change_1_week') priceChange1Week!: string | null;
  @SignedAmount('price_change_1_month') priceChange1Month!: string | null;
  /** Volumes are rao of TAO or of alpha. */
  @Amount('tao_volume_24_hr') taoVolume24Hr!: string | null;
  @SignedAmount('tao_volume_24_hr_change_1_day') taoVolume24HrChange1Day!: string | null;
  @Amount('tao_buy_volume_24_hr') taoBuyVolume24Hr!: string | null;
  @Amount('tao_sell_volume_24_hr') taoSellVolume24Hr!: string | null;
  @Amount('alpha_volume_24_hr') alphaVolume24Hr!: string | null;
  @SignedAmount('alpha_volume_24_hr_change_1_day') alphaVolume24HrChange1Day!: string | null;
  @Amount('alpha_buy_volume_24_hr') alphaBuyVolume24Hr!: string | null;
  @Amount('alpha_sell_volume_24_hr') alphaSellVolume24Hr!: string | null;
  /** TAO per alpha; null when nobody traded for a day. */
  @Amount('last_price') lastPrice!: string | null;
  @Amount('highest_price_24_hr') highestPrice24Hr!: string | null;
  @Amount('lowest_price_24_hr') lowestPrice24Hr!: string | null;
  @Count('buys_24_hr') buys24Hr!: number | null;
  @Count('sells_24_hr') sells24Hr!: number | null;
  @Count('buyers_24_hr') buyers24Hr!: number | null;
  @Count('sellers_24_hr') sellers24Hr!: number | null;
}
