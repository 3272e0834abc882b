import { ApiProperty } from '@nestjs/swagger';
import { DataMeta } from '../common';
import { columnsOf } from './list-answer';
import { MissingView } from './portfolio.view';

const TAO = { type: String, nullable: true, example: '4.939835067', description: 'TAO; null: not known.' } as const;
const ALPHA = { type: String, nullable: true, example: '100.000000000', description: 'Alpha; TAO on root.' } as const;
const GENERATION = { type: Number, nullable: true, description: 'Generation of the netuid; null for root.' } as const;

/** One wallet on one subnet. realised + unrealised + yield = value + out - in + carried_out - carried_in, to the rao. */
export class CostBasisView {
  @ApiProperty() wallet!: string;
  @ApiProperty({ example: 64 }) netuid!: number;
  @ApiProperty(GENERATION) registration_block!: number | null;
  @ApiProperty({ enum: ['known', 'unknown'] }) state!: 'known' | 'unknown';
  @ApiProperty({ type: String, nullable: true, description: 'Why nothing is known.' }) reason!: string | null;
  @ApiProperty({
    type: Boolean,
    nullable: true,
    description: 'False: of some alpha it is not known how it was acquired, so its cost is taken as zero.',
  })
  basis_complete!: boolean | null;
  @ApiProperty({ ...ALPHA, description: 'Alpha that is held; TAO on root.' }) alpha!: string | null;
  @ApiProperty({ ...TAO, description: 'TAO that it is worth at the price, before any cost of selling.' })
  value_tao!: string | null;
  @ApiProperty({ ...TAO, description: 'TAO that what is held did cost.' }) cost_tao!: string | null;
  @ApiProperty({ type: String, nullable: true, example: '0.0123', description: 'TAO per alpha; null: nothing held.' })
  unit_cost_tao!: string | null;
  @ApiProperty({ ...TAO, description: 'TAO gained or lost by what was given away.' }) realised_tao!: string | null;
  @ApiProperty({ ...TAO, description: 'TAO gained or lost on what is held, without the yield.' })
  unrealised_tao!: string | null;
  @ApiProperty({ ...TAO, description: 'TAO by emission; zero by the method of averages.' }) yield_tao!: string | null;
  @ApiProperty({ ...TAO, description: 'TAO paid for purchases, and by FIFO for stake from outsiders.' })
  in_tao!: string | null;
  @ApiProperty({ ...TAO, description: 'TAO from sales and payouts, and by FIFO for stake to outsiders.' })
  out_tao!: string | null;
  @ApiProperty({ ...TAO, description: 'Cost of lots from other own wallets.' }) carried_in_tao!: string | null;
  @ApiProperty({ ...TAO, description: 'Cost of lots that went to other own wallets.' }) carried_out_tao!: string | null;
  @ApiProperty({ ...ALPHA, description: 'Alpha that no event brought.' }) emission_alpha!: string | null;
  @ApiProperty({ ...ALPHA, description: 'Alpha given away, or missing, beyond all that is known.' })
  unmatched_alpha!: string | null;
  @ApiProperty({ type: Number, nullable: true, example: 3, description: 'Open lots.' }) lots!: number | null;
  @ApiProperty({ type: Number, nullable: true, example: 12 }) events!: number | null;
  @ApiProperty({ type: String, nullable: true, example: '0', description: 'Rao by which both sides differ: always 0.' })
  closure_rao!: string | null;
}

export const COST_BASIS_COLUMNS = columnsOf<CostBasisView>({
  wallet: true,
  netuid: true,
  registration_block: true,
  state: true,
  reason: true,
  basis_complete: true,
  alpha: true,
  value_tao: true,
  cost_tao: true,
  unit_cost_tao: true,
  realised_tao: true,
  unrealised_tao: true,
  yield_tao: true,
  in_tao: true,
  out_tao: true,
  carried_in_tao: true,
  carried_out_tao: true,
  emission_alpha: true,
  unmatched_alpha: true,
  lots: true,
  events: true,
  closure_rao: true,
});

/** An open lot. */
export class LotView {
  @ApiProperty() wallet!: string;
  @ApiProperty({ example: 64 }) netuid!: number;
  @ApiProperty(GENERATION) registration_block!: number | null;
  @ApiProperty({ example: 0, description: 'Place among the position’s lots; the lowest is given away first.' })
  position!: number;
  @ApiProperty({ example: 'finney-64-0x…-7295344-101', description: 'The event that brought it, or its day.' })
  id!: string;
  @ApiProperty({
    enum: ['buy', 'transfer_in', 'emission', 'opening'],
    description: '`opening`: not known how it was acquired.',
  })
  kind!: string;
  @ApiProperty({ type: Number, nullable: true, example: 7295344 }) acquired_block!: number | null;
  @ApiProperty({
    type: String,
    format: 'date-time',
    nullable: true,
    description: 'Null: since the last day on record.',
  })
  acquired_at!: string | null;
  @ApiProperty({ example: '100.000000000', description: 'Alpha; TAO on root.' }) alpha!: string;
  @ApiProperty({ example: '1.000000000', description: 'TAO.' }) cost_tao!: string;
  @ApiProperty({ ...TAO, description: 'Its share of the position’s value.' }) value_tao!: string | null;
}

export const LOT_COLUMNS = columnsOf<LotView>({
  wallet: true,
  netuid: true,
  registration_block: true,
  position: true,
  id: true,
  kind: true,
  acquired_block: true,
  acquired_at: true,
  alpha: true,
  cost_tao: true,
  value_tao: true,
});

/** The rows that were asked for, added up; null where one of them is not known. */
export class CostBasisTotalView {
  @ApiProperty(TAO) value_tao!: string | null;
  @ApiProperty(TAO) cost_tao!: string | null;
  @ApiProperty(TAO) realised_tao!: string | null;
  @ApiProperty(TAO) unrealised_tao!: string | null;
  @ApiProperty(TAO) yield_tao!: string | null;
  @ApiProperty({ type: Boolean, nullable: true }) basis_complete!: boolean | null;
}

export class CostBasisFrame {
  @ApiProperty({ type: String, format: 'date-time', description: 'Until which events are known and counted.' })
  closed_at!: string;
  @ApiProperty({ description: 'False: something is not known, see `missing`.' }) complete!: boolean;
  @ApiProperty({ type: [MissingView] }) missing!: MissingView[];
}

export class CostBasisAnswer extends CostBasisFrame {
  @ApiProperty({ type: [CostBasisView] }) data!: CostBasisView[];
  @ApiProperty({ type: String, nullable: true }) next_cursor!: string | null;
  @ApiProperty({ type: CostBasisTotalView }) total!: CostBasisTotalView;
  @ApiProperty({ type: DataMeta }) meta!: DataMeta;
}

export class LotsAnswer extends CostBasisFrame {
  @ApiProperty({ type: [LotView] }) data!: LotView[];
  @ApiProperty({ type: String, nullable: true }) next_cursor!: string | null;
  @ApiProperty({ type: DataMeta }) meta!: DataMeta;
}
