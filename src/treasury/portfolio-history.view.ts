import { ApiProperty } from '@nestjs/swagger';
import { DataMeta } from '../common';

const TAO = { type: String, nullable: true, example: '204.918737110', description: 'TAO; null: incomplete.' } as const;
const FRACTION = { type: String, nullable: true, example: '0.1', description: 'Fraction: 0.1 is 10 %.' } as const;

/** How far the flow-adjusted unit price is below its peak; on the executable value at 100 %, over all history. */
export class DrawdownView {
  @ApiProperty({ ...FRACTION, description: 'Fraction below the peak; null: not known.' }) current!: string | null;
  @ApiProperty({ ...FRACTION, description: 'The worst so far; null: not known.' }) maximum!: string | null;
  @ApiProperty({ type: String, format: 'date-time', nullable: true }) maximum_at!: string | null;
  @ApiProperty({ enum: ['within', 'soft', 'hard', 'unknown'], description: 'The limit that `current` has reached.' })
  state!: string;
  @ApiProperty({ example: '0.15' }) soft_limit!: string;
  @ApiProperty({ example: '0.2' }) hard_limit!: string;
  @ApiProperty({ type: String, format: 'date-time', nullable: true, description: 'Newest moment that is in it.' })
  as_of!: string | null;
  @ApiProperty({ type: String, nullable: true, description: 'Why newer values are not in it; null: all are.' })
  ends_because!: string | null;
}

export class PortfolioPointView {
  @ApiProperty({ format: 'date-time' }) at!: string;
  @ApiProperty({ example: 7295344 }) block_number!: number;
  @ApiProperty() complete!: boolean;
  @ApiProperty({ type: [Object], description: 'Why it is not: input and reason.' })
  missing!: { input: string; reason: string }[];
  @ApiProperty(TAO) mid_tao!: string | null;
  @ApiProperty(TAO) executable_50_tao!: string | null;
  @ApiProperty(TAO) executable_100_tao!: string | null;
  @ApiProperty({ type: String, nullable: true, example: '279.84' }) usd_per_tao!: string | null;
  @ApiProperty({ type: String, nullable: true, example: '57000.01', description: 'USD.' }) mid_usd!: string | null;
  @ApiProperty({ ...TAO, description: 'TAO that came in (+) or went out (-) since the point before; null: not known.' })
  flow_tao!: string | null;
  @ApiProperty({ ...FRACTION, description: 'Value of one unit, 1 at the first point; null: not known.' })
  unit_price!: string | null;
  @ApiProperty(FRACTION) drawdown!: string | null;
}

export class PortfolioHistoryAnswer {
  @ApiProperty({ type: [PortfolioPointView] }) data!: PortfolioPointView[];
  @ApiProperty({ type: String, nullable: true }) next_cursor!: string | null;
  @ApiProperty({ enum: ['hour', 'day'], description: 'A point is the last complete value of so long, else the last.' })
  resolution!: string;
  @ApiProperty({ type: DrawdownView }) drawdown!: DrawdownView;
  @ApiProperty({ type: DataMeta }) meta!: DataMeta;
}
