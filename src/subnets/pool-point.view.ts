import { ApiProperty } from '@nestjs/swagger';
import { DataMeta, tokensOf } from '../common';
import type { PoolHistory } from '../database';

const TAO = { type: String, nullable: true, example: '28113.142857142', description: 'TAO.' } as const;

/** A pool as it was at a block. */
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
}

export class SubnetHistoryAnswer {
  @ApiProperty({ type: [PoolPointView] }) data!: PoolPointView[];
  @ApiProperty({ type: String, nullable: true }) next_cursor!: string | null;
  @ApiProperty({ type: DataMeta }) meta!: DataMeta;
}

export function toPoolPointView(point: PoolHistory): PoolPointView {
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
  };
}
