import { ApiProperty } from '@nestjs/swagger';
import { DataMeta, tokensOf } from '../common';
import type { PoolBucket, PoolFigures } from '../database';

const TAO = { type: String, nullable: true, example: '28113.142857142', description: 'TAO.' } as const;

/** The observations that a point stands for. */
export class PoolBucketView {
  @ApiProperty({ format: 'date-time', description: 'Begin of the hours or days, UTC.' }) from!: string;
  @ApiProperty({ format: 'date-time', description: 'Their end, which is no longer part of them.' }) to!: string;
  @ApiProperty({ example: 6, description: 'Observations in it.' }) observations!: number;
  @ApiProperty({ example: '0.0851', description: 'The first price in it, TAO per alpha.' }) price_first_tao!: string;
  @ApiProperty({ example: '0.0860', description: 'The highest.' }) price_high_tao!: string;
  @ApiProperty({ example: '0.0849', description: 'The lowest.' }) price_low_tao!: string;
}

/** A pool as it was at a block: for a point of hours or days the last that was observed in them. */
export class PoolPointView {
  @ApiProperty({ format: 'date-time', description: 'Time of the block.' }) at!: string;
  @ApiProperty({ example: 7295344 }) block_number!: number;

  @ApiProperty({ example: '0.0853797768549170136737598244', description: 'TAO per alpha, every digit.' })
  price_tao!: string;

  @ApiProperty({ ...TAO, nullable: false }) tao_reserve!: string;
  @ApiProperty({ example: '1830294.002817633', description: 'Alpha in the pool.' }) alpha_reserve!: string;
  @ApiProperty({ example: '901220.100000001', description: 'Alpha outside the pool.' }) alpha_staked!: string;
  @ApiProperty(TAO) market_cap_tao!: string | null;
  @ApiProperty(TAO) liquidity_tao!: string | null;
  @ApiProperty({ ...TAO, description: 'TAO traded in the 24 hours before.' }) volume_24_hours_tao!: string | null;

  @ApiProperty({ type: Boolean, nullable: true, description: 'True: the price means nothing.' })
  startup!: boolean | null;

  @ApiProperty({ type: Number, nullable: true, description: 'Generation of the netuid that the point belongs to.' })
  registration_block!: number | null;

  @ApiProperty({ type: PoolBucketView, nullable: true, description: 'Null for a single observation.' })
  bucket!: PoolBucketView | null;
}

export class SubnetHistoryPage {
  @ApiProperty({ type: [PoolPointView], description: 'Where nothing was observed there is no point.' })
  data!: PoolPointView[];
  @ApiProperty({ type: String, nullable: true }) next_cursor!: string | null;

  @ApiProperty({ enum: ['raw', 'hour', 'day'], description: 'What the points are made of: `raw` is each observation.' })
  resolution!: string;

  @ApiProperty({ type: Number, nullable: true, example: 86_400, description: 'Length of a point; null for `raw`.' })
  step_seconds!: number | null;

  @ApiProperty({
    type: String,
    format: 'date-time',
    nullable: true,
    description: 'Single observations from before were dropped, see HISTORY_RETENTION_DAYS; null: none were.',
  })
  raw_from!: string | null;
}

export class SubnetHistoryAnswer extends SubnetHistoryPage {
  @ApiProperty({ type: DataMeta }) meta!: DataMeta;
}

export function toPoolPointView(point: PoolFigures): PoolPointView {
  return pointView(point, null);
}

export function toPoolBucketView(point: PoolBucket, lengthMs: number): PoolPointView {
  return pointView(point, {
    from: point.bucketAt.toISOString(),
    to: new Date(point.bucketAt.getTime() + lengthMs).toISOString(),
    observations: point.points,
    price_first_tao: point.priceFirst,
    price_high_tao: point.priceHigh,
    price_low_tao: point.priceLow,
  });
}

function pointView(point: PoolFigures, bucket: PoolBucketView | null): PoolPointView {
  return {
    at: point.timestamp.toISOString(),
    block_number: point.blockNumber,
    price_tao: point.price,
    tao_reserve: tokensOf(point.totalTao),
    alpha_reserve: tokensOf(point.alphaInPool),
    alpha_staked: tokensOf(point.alphaStaked),
    market_cap_tao: tokensOf(point.marketCap),
    liquidity_tao: tokensOf(point.liquidity),
    volume_24_hours_tao: tokensOf(point.taoVolume24Hr),
    startup: point.startupMode,
    registration_block: point.registrationBlockNumber,
    bucket,
  };
}
