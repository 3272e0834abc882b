import { ApiProperty } from '@nestjs/swagger';
import { DataMeta } from '../common';

const TOKENS = ['tao', 'alpha'] as const;
type Token = (typeof TOKENS)[number];
const FRACTION = { type: String, example: '0.012345678901234567', description: 'Fraction: 0.01 is 1 %.' } as const;
const PRICE = { example: '0.0853797768549170136737598244', description: 'TAO per alpha.' } as const;

/** Why the chain would not carry out a trade. */
export class RefusalView {
  @ApiProperty({ example: 'above_max_swap' }) code!: string;
  @ApiProperty({ example: "more than 1000 times the pool's reserve of that token" }) reason!: string;
}

/** The pool that a figure was computed from; all of one stored row, so of one block. */
export class SlippageInputsView {
  @ApiProperty({ example: 7295344 }) block_number!: number;
  @ApiProperty({ format: 'date-time', description: 'Time of the block.' }) block_at!: string;
  @ApiProperty(PRICE) price_tao!: string;
  @ApiProperty({ example: '28113.142857142', description: 'TAO in the pool.' }) tao_reserve!: string;
  @ApiProperty({ example: '1830294.002817633', description: 'Alpha in the pool.' }) alpha_reserve!: string;

  @ApiProperty({
    type: String,
    nullable: true,
    example: '0.00050354776836804761',
    description: 'Fraction of the input. Null: not known, the network’s 33/65535 is assumed.',
  })
  fee_rate!: string | null;
}

/** A trade on our own curve, to the rao. expected_output = output + fee_cost + impact_cost exactly. */
export class LocalQuoteView {
  @ApiProperty({ enum: TOKENS }) output_token!: Token;
  @ApiProperty({ example: '117.123456789', description: 'What the trader gets, after the fee.' }) output!: string;
  @ApiProperty({ example: '117.2', description: 'The input at the price before the trade, without fee or impact.' })
  expected_output!: string;
  @ApiProperty({ enum: TOKENS, description: 'The token that the fee is taken from.' }) fee_token!: Token;
  @ApiProperty({ example: '0.005035477', description: 'In `fee_token`.' }) fee!: string;
  @ApiProperty({ example: '0.059', description: 'The fee in the output token.' }) fee_cost!: string;
  @ApiProperty({ example: '0.017', description: 'What the moving price costs, in the output token.' })
  impact_cost!: string;
  @ApiProperty({ ...FRACTION, description: 'Shortfall against the price before, fee included; 0.01 is 1 %.' })
  slippage!: string;
  @ApiProperty({ ...FRACTION, description: 'The same without the fee.' }) price_impact!: string;
  @ApiProperty({ ...PRICE, description: 'TAO per alpha before the trade.' }) spot_price_tao!: string;
  @ApiProperty({ ...PRICE, description: 'TAO per alpha of this trade, fee included.' }) average_price_tao!: string;
  @ApiProperty({ ...PRICE, description: 'TAO per alpha that the next trader meets.' }) post_price_tao!: string;
  @ApiProperty({ example: 'balancer_weighted', description: 'The curve that held at the block of the inputs.' })
  method!: string;
  @ApiProperty({ type: [String], example: ['fee_assumed'], description: 'What to know about the inputs.' })
  notes!: string[];
}

export class UpstreamErrorView {
  @ApiProperty({ example: 'taostats/deadline' }) code!: string;
  @ApiProperty({ example: 'no answer within 3000 ms' }) detail!: string;
}

/** The answer of TaoStats beside ours. TaoStats leaves the fee out, so the difference is to our figure without fee. */
export class UpstreamQuoteView {
  @ApiProperty({ example: '117.2' }) output!: string;
  @ApiProperty({ example: '117.3' }) expected_output!: string;
  @ApiProperty(FRACTION) slippage!: string;
  @ApiProperty(PRICE) price_tao!: string;
  @ApiProperty({ example: 7295345 }) block_number!: number;
  @ApiProperty({ format: 'date-time' }) block_at!: string;
  @ApiProperty({ format: 'date-time', description: 'When TaoStats was asked; answers are kept for a few seconds.' })
  fetched_at!: string;

  @ApiProperty({
    example: false,
    description: 'True: older than answers are kept, because a newer one is on its way or could not be had.',
  })
  stale!: boolean;

  @ApiProperty({ example: false, description: 'False: the price may have moved between the two.' })
  same_block!: boolean;

  @ApiProperty({
    type: String,
    nullable: true,
    example: '-0.00000001',
    description: 'Ours over theirs, less one, without fee. At different blocks of output over expected output.',
  })
  difference!: string | null;

  @ApiProperty({ enum: ['pass', 'warn', 'fail', 'skipped'], description: 'Whether the two agree (check R9).' })
  agreement!: string;
}

/** Exactly one of the two is null. */
export class UpstreamView {
  @ApiProperty({ type: UpstreamQuoteView, nullable: true }) quote!: UpstreamQuoteView | null;
  @ApiProperty({ type: UpstreamErrorView, nullable: true }) error!: UpstreamErrorView | null;
}

export class SlippageView {
  @ApiProperty({ example: 64 }) netuid!: number;
  @ApiProperty({ enum: ['stake', 'unstake'] }) direction!: string;
  @ApiProperty({ enum: TOKENS }) input_token!: Token;
  @ApiProperty({ example: '10.500000000' }) input!: string;
  @ApiProperty({ enum: ['local', 'taostats'], description: 'Whose `output` and `slippage` these are.' })
  answered_by!: 'local' | 'taostats';
  @ApiProperty({ enum: TOKENS }) output_token!: Token;
  @ApiProperty({ example: '117.123456789' }) output!: string;
  @ApiProperty(FRACTION) slippage!: string;
  @ApiProperty({ description: 'TaoStats leaves the fee out of its answers; ours contain it.' }) includes_fee!: boolean;
  @ApiProperty({ type: LocalQuoteView }) local!: LocalQuoteView;
  @ApiProperty({ type: SlippageInputsView }) inputs!: SlippageInputsView;
  @ApiProperty({ type: UpstreamView, nullable: true, description: 'Null: not asked (ENABLE_CLIENT_SIDE_SLIPPAGE).' })
  upstream!: UpstreamView | null;
}

export class SlippageAnswer {
  @ApiProperty({ type: SlippageView }) data!: SlippageView;
  @ApiProperty({ type: DataMeta }) meta!: DataMeta;
}
