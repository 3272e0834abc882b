import { ApiProperty } from '@nestjs/swagger';
import { DataMeta } from '../common';

const TAO = { type: String, nullable: true, example: '28113.142857142', description: 'TAO.' } as const;
const ALPHA = { type: String, nullable: true, example: '1830294.002817633', description: 'Alpha.' } as const;
const PRICE = { type: String, nullable: true, example: '0.0853797768549170136737598244' } as const;
const PERCENT = { type: String, nullable: true, example: '-1.73', description: 'Percent.' } as const;
const RATIO = { type: String, nullable: true, example: '0.0109', description: 'Share, 0 to 1.' } as const;
const COUNT = { type: Number, nullable: true, example: 17 } as const;
const TEXT = { type: String, nullable: true } as const;
const TIME = { type: String, format: 'date-time', nullable: true } as const;

/** A subnet's pool; amounts in whole tokens. */
export class PoolView {
  @ApiProperty({
    ...PRICE,
    description: 'TAO per alpha, every digit. Value with this, not with the ratio of the reserves.',
  })
  price_tao!: string;

  @ApiProperty({ ...PERCENT }) price_change_1_hour_percent!: string | null;
  @ApiProperty({ ...PERCENT }) price_change_1_day_percent!: string | null;
  @ApiProperty({ ...PERCENT }) price_change_1_week_percent!: string | null;
  @ApiProperty({ ...PERCENT }) price_change_1_month_percent!: string | null;
  @ApiProperty({ ...TAO, description: 'TAO in the pool; for root all root stake.' }) tao_reserve!: string;
  @ApiProperty({ ...ALPHA, description: 'Alpha in the pool.' }) alpha_reserve!: string;
  @ApiProperty({ ...ALPHA, description: 'Alpha outside the pool.' }) alpha_staked!: string;
  @ApiProperty({ ...TAO, description: 'TAO: all alpha at the price.' }) market_cap_tao!: string | null;
  @ApiProperty({ ...TAO, description: 'TAO: both reserves at the price.' }) liquidity_tao!: string | null;
  @ApiProperty({ ...TAO, description: 'TAO traded in 24 hours.' }) volume_24_hours_tao!: string | null;
  @ApiProperty({ ...TAO, description: 'TAO paid for alpha in 24 hours.' }) buys_24_hours_tao!: string | null;
  @ApiProperty({ ...TAO, description: 'TAO received for alpha in 24 hours.' }) sells_24_hours_tao!: string | null;
  @ApiProperty({ ...COUNT, description: 'Place among all subnets.' }) rank!: number | null;

  @ApiProperty({ type: Boolean, nullable: true, description: 'True: not tradable yet, the price means nothing.' })
  startup!: boolean | null;

  @ApiProperty({ example: 7295344 }) block_number!: number;
  @ApiProperty({ format: 'date-time', description: 'Time of that block.' }) block_at!: string;
}

/** A subnet and its pool. */
export class SubnetView {
  @ApiProperty({ example: 64 })
  netuid!: number;

  @ApiProperty({ ...TEXT, example: 'Chutes', description: 'Names are chosen by strangers and repeat.' })
  name!: string | null;

  @ApiProperty({ ...TEXT, example: 'SN64' })
  symbol!: string | null;

  @ApiProperty({
    ...COUNT,
    example: 2920010,
    description: 'Block of the registration: tells one user of a netuid from the next. Null for root.',
  })
  registration_block!: number | null;

  @ApiProperty({ ...TIME }) registered_at!: string | null;

  @ApiProperty({ type: Boolean, nullable: true, description: 'Alpha can be traded. Null: not known yet.' })
  active!: boolean | null;

  @ApiProperty({ ...TAO, example: '0.005714285', description: 'TAO that each block adds to the pool.' })
  emission_per_block_tao!: string | null;

  @ApiProperty({ ...RATIO, description: 'Share of all emission, 0 to 1.' }) projected_emission_share!: string | null;
  @ApiProperty({ ...TAO, description: 'TAO that flowed into the pool in a day, signed.' })
  net_flow_1_day_tao!: string | null;
  @ApiProperty({ ...TAO, description: 'TAO that flowed into the pool in seven days, signed.' })
  net_flow_7_days_tao!: string | null;
  @ApiProperty({ ...TAO, description: 'TAO that flowed into the pool in thirty days, signed.' })
  net_flow_30_days_tao!: string | null;

  @ApiProperty({ ...TIME, description: 'Since when TaoStats no longer sends the subnet; null while it does.' })
  missing_since!: string | null;

  @ApiProperty({ type: PoolView, nullable: true, description: 'Null while the pool of this generation is not known.' })
  pool!: PoolView | null;
}

/** What a subnet says of itself: unchecked text of strangers. */
export class IdentityView {
  @ApiProperty(TEXT) description!: string | null;
  @ApiProperty(TEXT) summary!: string | null;
  @ApiProperty(TEXT) url!: string | null;
  @ApiProperty(TEXT) github!: string | null;
  @ApiProperty(TEXT) discord!: string | null;
  @ApiProperty(TEXT) twitter!: string | null;
  @ApiProperty(TEXT) contact!: string | null;
  @ApiProperty(TEXT) logo_url!: string | null;
  @ApiProperty({ type: [String] }) tags!: string[];
}

export class SubnetDetailView extends SubnetView {
  @ApiProperty({ ...TEXT, description: 'Coldkey, ss58.' }) owner!: string | null;
  @ApiProperty({ ...TEXT, description: 'Hotkey, ss58.' }) owner_hotkey!: string | null;
  @ApiProperty({ ...TAO, description: 'TAO paid for the registration.' }) registration_cost_tao!: string | null;
  @ApiProperty({ ...TAO, description: 'TAO to register a neuron now.' }) neuron_registration_cost_tao!: string | null;
  @ApiProperty({ type: Boolean, nullable: true }) registration_allowed!: boolean | null;
  @ApiProperty(COUNT) max_neurons!: number | null;
  @ApiProperty(COUNT) active_neurons!: number | null;
  @ApiProperty(COUNT) validators!: number | null;
  @ApiProperty(COUNT) active_validators!: number | null;
  @ApiProperty(COUNT) active_miners!: number | null;
  @ApiProperty({ ...COUNT, example: 360, description: 'Blocks between two epochs.' }) tempo_blocks!: number | null;
  @ApiProperty({ ...COUNT, description: 'Block that these figures are from.' }) block_number!: number | null;
  @ApiProperty({ ...TIME, description: 'Time of that block.' }) block_at!: string | null;
  @ApiProperty({ type: IdentityView, nullable: true }) identity!: IdentityView | null;

  @ApiProperty({
    type: 'object',
    additionalProperties: { type: 'string' },
    example: { net_flow_1_day: 'root_has_no_flow' },
    description: 'Figures that are null although TaoStats sent a number, each with the reason.',
  })
  withheld!: Record<string, string>;
}

export class SubnetsAnswer {
  @ApiProperty({ type: [SubnetView] }) data!: SubnetView[];
  @ApiProperty({ type: Number, example: 129, description: 'Subnets that match, on all pages.' }) total!: number;
  @ApiProperty({ type: String, nullable: true }) next_cursor!: string | null;
  @ApiProperty({ type: DataMeta }) meta!: DataMeta;
}

export class SubnetAnswer {
  @ApiProperty({ type: SubnetDetailView }) data!: SubnetDetailView;
  @ApiProperty({ type: DataMeta }) meta!: DataMeta;
}
