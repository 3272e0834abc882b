import { ApiProperty } from '@nestjs/swagger';
import { DataMeta } from '../common';
import { RefusalView, SlippageInputsView } from './slippage-quote.view';

const FIGURE = { type: String, nullable: true, description: 'Null: refused.' } as const;

/** One trade of a curve, from the untouched pool. */
export class CurvePointView {
  @ApiProperty({ enum: ['stake', 'unstake'] }) direction!: string;
  @ApiProperty({ example: '10.000000000', description: 'TAO that the trade is worth at the price before it.' })
  size_tao!: string;
  @ApiProperty({ example: '652.1', description: 'TAO for a stake, alpha for an unstake.' }) input!: string;
  @ApiProperty({ ...FIGURE, example: '9.9', description: 'Alpha for a stake, TAO for an unstake; null: refused.' })
  output!: string | null;
  @ApiProperty({ ...FIGURE, example: '0.0106', description: 'Fraction, fee included; null: refused.' })
  slippage!: string | null;
  @ApiProperty({ ...FIGURE, example: '0.0101', description: 'Fraction without the fee; null: refused.' })
  price_impact!: string | null;
  @ApiProperty({ type: RefusalView, nullable: true }) refusal!: RefusalView | null;
}

export class LargestTradeView {
  @ApiProperty({ example: '0.01', description: 'Fraction that the slippage, fee included, does not exceed.' })
  slippage!: string;
  @ApiProperty({ ...FIGURE, example: '17565.7', description: 'Alpha. Null: any amount (root).' })
  amount!: string | null;
}

export class ExitCurveView {
  @ApiProperty({ example: 64 }) netuid!: number;
  @ApiProperty({ example: '1000.000000000', description: 'Alpha.' }) amount!: string;
  @ApiProperty({ example: 'balancer_weighted' }) method!: string;
  @ApiProperty({ type: [String] }) notes!: string[];
  @ApiProperty({ type: SlippageInputsView }) inputs!: SlippageInputsView;
  @ApiProperty({ type: [CurvePointView] }) points!: CurvePointView[];
  @ApiProperty({ type: [LargestTradeView], description: 'The most alpha that can be sold under a slippage.' })
  largest_under!: LargestTradeView[];
}

export class ExitCurveAnswer {
  @ApiProperty({ type: ExitCurveView }) data!: ExitCurveView;
  @ApiProperty({ type: DataMeta }) meta!: DataMeta;
}

export class SurfaceSubnetView {
  @ApiProperty({ example: 64 }) netuid!: number;
  @ApiProperty({ type: String, nullable: true, example: 'balancer_weighted', description: 'Null: no market.' })
  method!: string | null;
  @ApiProperty({ type: [String] }) notes!: string[];
  @ApiProperty({ type: SlippageInputsView }) inputs!: SlippageInputsView;
  @ApiProperty({ type: [CurvePointView] }) points!: CurvePointView[];
}

export class SurfaceView {
  @ApiProperty({ type: [String], example: ['2.000000000', '5.000000000'], description: 'TAO.' }) sizes_tao!: string[];
  @ApiProperty({ type: [SurfaceSubnetView] }) subnets!: SurfaceSubnetView[];
}

export class SurfaceAnswer {
  @ApiProperty({ type: SurfaceView }) data!: SurfaceView;
  @ApiProperty({ type: DataMeta }) meta!: DataMeta;
}
