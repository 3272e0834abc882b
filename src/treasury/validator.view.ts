import { ApiProperty } from '@nestjs/swagger';
import { DataMeta } from '../common';
import { columnsOf } from './list-answer';
import { ADDRESS_EXAMPLE } from './list-query';

const TAO = { type: String, nullable: true, example: '28113.142857142', description: 'TAO.' } as const;
const TEXT = { type: String, nullable: true } as const;
const COUNT = { type: Number, nullable: true } as const;
const RATIO = { type: String, nullable: true, example: '0.371', description: 'Ratio: 0.371 is 37.1 %.' } as const;

/** A validator, with what it yields on the subnet that was asked for. */
export class ValidatorView {
  @ApiProperty({ example: ADDRESS_EXAMPLE }) hotkey!: string;
  @ApiProperty({ ...TEXT, example: ADDRESS_EXAMPLE }) coldkey!: string | null;
  @ApiProperty({ ...TEXT, description: 'Written by strangers, like `url` and `description`.' }) name!: string | null;
  @ApiProperty({ ...COUNT, example: 1 }) rank!: number | null;
  @ApiProperty({ ...RATIO, example: '0.18', description: 'Ratio: 0.18 is 18 %.' }) take!: string | null;
  @ApiProperty({ ...TAO, description: 'TAO; alpha and weighted root stake.' }) weighted_stake_tao!: string | null;
  @ApiProperty({ ...TAO, description: 'TAO at spot prices.' }) alpha_stake_tao!: string | null;
  @ApiProperty(TAO) root_stake_tao!: string | null;
  @ApiProperty({ ...TEXT, description: 'Percent.' }) dominance_percent!: string | null;
  @ApiProperty(COUNT) active_subnets!: number | null;
  @ApiProperty(COUNT) nominators!: number | null;
  @ApiProperty(TAO) nominator_return_per_day_tao!: string | null;
  @ApiProperty({
    ...COUNT,
    example: 64,
    description: 'The subnet that the rest is about; null when none was asked for.',
  })
  netuid!: number | null;

  @ApiProperty({ ...TAO, description: 'Alpha of the subnet; TAO on root.' }) stake!: string | null;
  @ApiProperty({ ...RATIO, description: 'Ratio a year; one epoch, so very noisy.' }) apy_1_hour!: string | null;
  @ApiProperty(RATIO) apy_1_day!: string | null;
  @ApiProperty(RATIO) apy_7_days!: string | null;
  @ApiProperty(RATIO) apy_30_days!: string | null;
  @ApiProperty({ ...RATIO, description: 'Share of the epochs; null on root.' }) participation_1_day!: string | null;
  @ApiProperty(RATIO) participation_7_days!: string | null;
  @ApiProperty(RATIO) participation_30_days!: string | null;
  @ApiProperty({ ...COUNT, example: 7295344, description: 'Block of the yield, or else of the validator.' })
  block_number!: number | null;

  @ApiProperty({ ...TEXT, format: 'date-time' }) block_at!: string | null;
  @ApiProperty(TEXT) url!: string | null;
  @ApiProperty(TEXT) description!: string | null;
}

export const VALIDATOR_COLUMNS = columnsOf<ValidatorView>({
  hotkey: true,
  coldkey: true,
  name: true,
  rank: true,
  take: true,
  weighted_stake_tao: true,
  alpha_stake_tao: true,
  root_stake_tao: true,
  dominance_percent: true,
  active_subnets: true,
  nominators: true,
  nominator_return_per_day_tao: true,
  netuid: true,
  stake: true,
  apy_1_hour: true,
  apy_1_day: true,
  apy_7_days: true,
  apy_30_days: true,
  participation_1_day: true,
  participation_7_days: true,
  participation_30_days: true,
  block_number: true,
  block_at: true,
  url: true,
  description: true,
});

export class ValidatorsAnswer {
  @ApiProperty({ type: [ValidatorView], description: 'Largest stake first: on the subnet, or over all.' })
  data!: ValidatorView[];

  @ApiProperty({ type: String, nullable: true }) next_cursor!: string | null;
  @ApiProperty({ type: DataMeta }) meta!: DataMeta;
}
