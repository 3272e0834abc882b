import { ApiProperty } from '@nestjs/swagger';
import { DataMeta } from '../common';
import type { TaoPrice } from '../database';

const USD = { type: String, nullable: true, example: '2893847561.23', description: 'USD.' } as const;
const PERCENT = { type: String, nullable: true, example: '-1.73', description: 'Percent.' } as const;
const SUPPLY = { type: String, nullable: true, example: '10340832', description: 'TAO.' } as const;

/** The newest price of TAO; every digit as the market-data vendor gave it. */
export class TaoPriceView {
  @ApiProperty({ example: 'TAO' }) symbol!: string;
  @ApiProperty({ example: '279.843716593217', description: 'USD per TAO.' }) price_usd!: string;
  @ApiProperty({ format: 'date-time', description: 'When the vendor measured it.' }) measured_at!: string;
  @ApiProperty(USD) market_cap_usd!: string | null;
  @ApiProperty(USD) fully_diluted_market_cap_usd!: string | null;
  @ApiProperty(USD) volume_24_hours_usd!: string | null;
  @ApiProperty(SUPPLY) circulating_supply_tao!: string | null;
  @ApiProperty(SUPPLY) total_supply_tao!: string | null;
  @ApiProperty(SUPPLY) max_supply_tao!: string | null;
  @ApiProperty(PERCENT) change_1_hour_percent!: string | null;
  @ApiProperty(PERCENT) change_24_hours_percent!: string | null;
  @ApiProperty(PERCENT) change_7_days_percent!: string | null;
  @ApiProperty(PERCENT) change_30_days_percent!: string | null;
  @ApiProperty(PERCENT) change_60_days_percent!: string | null;
  @ApiProperty(PERCENT) change_90_days_percent!: string | null;
  @ApiProperty({ ...PERCENT, description: 'Percent of the whole crypto market.' })
  market_cap_dominance_percent!: string | null;
}

export class TaoPriceAnswer {
  @ApiProperty({ type: TaoPriceView }) data!: TaoPriceView;
  @ApiProperty({ type: DataMeta }) meta!: DataMeta;
}

export function toTaoPriceView(price: TaoPrice): TaoPriceView {
  return {
    symbol: price.symbol,
    price_usd: price.price,
    measured_at: price.lastUpdated.toISOString(),
    market_cap_usd: price.marketCap,
    fully_diluted_market_cap_usd: price.fullyDilutedMarketCap,
    volume_24_hours_usd: price.volume24h,
    circulating_supply_tao: price.circulatingSupply,
    total_supply_tao: price.totalSupply,
    max_supply_tao: price.maxSupply,
    change_1_hour_percent: price.percentChange1h,
    change_24_hours_percent: price.percentChange24h,
    change_7_days_percent: price.percentChange7d,
    change_30_days_percent: price.percentChange30d,
    change_60_days_percent: price.percentChange60d,
    change_90_days_percent: price.percentChange90d,
    market_cap_dominance_percent: price.marketCapDominance,
  };
}
