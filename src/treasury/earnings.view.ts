import { ApiProperty } from '@nestjs/swagger';
import { DataMeta } from '../common';
import { MissingView } from './portfolio.view';

const TAO = { example: '4.939835067', description: 'TAO.' } as const;
const FRACTION = { type: String, nullable: true, example: '0.0123', description: 'Fraction: 0.01 is 1 %.' } as const;

/** earnings = end - start - flows = price + emission - trading_cost, to the rao. */
export class EarningsPartsView {
  @ApiProperty(TAO) start_tao!: string;
  @ApiProperty(TAO) end_tao!: string;
  @ApiProperty({ ...TAO, description: 'TAO put in less TAO taken out.' }) flows_tao!: string;
  @ApiProperty(TAO) earnings_tao!: string;
  @ApiProperty({ ...TAO, description: 'TAO by the movement of prices.' }) price_tao!: string;
  @ApiProperty({ ...TAO, description: 'TAO by alpha that no event brought, at the end price.' }) emission_tao!: string;
  @ApiProperty({ ...TAO, description: 'TAO that trades cost: the next two.' }) trading_cost_tao!: string;
  @ApiProperty(TAO) fee_tao!: string;
  @ApiProperty({ ...TAO, description: 'TAO lost to prices that our own trades moved.' }) impact_tao!: string;
}

export class SubnetEarningsView {
  @ApiProperty({ example: 64 }) netuid!: number;
  @ApiProperty({ type: Number, nullable: true }) registration_block!: number | null;
  @ApiProperty({ enum: ['known', 'unknown'] }) state!: 'known' | 'unknown';
  @ApiProperty({ type: String, nullable: true, description: 'Why nothing is known.' }) reason!: string | null;
  @ApiProperty({ type: EarningsPartsView, nullable: true }) parts!: EarningsPartsView | null;
  @ApiProperty({ type: String, nullable: true, example: '71.685358756', description: 'Alpha that no event brought.' })
  emission_alpha!: string | null;
  @ApiProperty({ example: 12, description: 'Stakes, unstakes and transfers of the window.' }) events!: number;
  @ApiProperty({
    description: 'Some event told no slippage (its cost is then the fee alone) or no exact alpha or payout.',
  })
  estimated!: boolean;
}

/** end = start + external_flows + earnings; earnings = price + emission - trading_cost - cash_cost + unexplained. */
export class TotalEarningsView extends EarningsPartsView {
  @ApiProperty({ ...TAO, description: 'TAO and stake from outside less those that went outside.' })
  external_flows_tao!: string;
  @ApiProperty({ ...TAO, description: 'TAO paid for transfers and to front-ends.' }) cash_cost_tao!: string;
  @ApiProperty({ ...TAO, description: 'Free TAO that no event explains: usually minus the fees of extrinsics.' })
  unexplained_tao!: string;
  @ApiProperty({ example: '0', description: 'Rao by which the two sides differ: always 0.' }) closure_rao!: string;
  @ApiProperty({ ...FRACTION, description: 'Modified Dietz; null: nothing was invested.' }) return!: string | null;
  @ApiProperty({ ...FRACTION, description: 'A year at this rate; null under a day.' }) apr!: string | null;
  @ApiProperty({ ...FRACTION, description: 'A year at this rate, compounded; null under a day.' }) apy!: string | null;
  @ApiProperty({ description: 'Under seven days: too short to lean on.' }) indicative!: boolean;
}

export class EarningsWindowView {
  @ApiProperty({ format: 'date-time', description: 'The moment that was asked for.' }) from!: string;
  @ApiProperty({ format: 'date-time', description: 'The moment asked for, or until which events are known.' })
  to!: string;
  @ApiProperty({ type: String, format: 'date-time', nullable: true, description: 'Of the oldest state used.' })
  start_at!: string | null;
  @ApiProperty({ type: String, format: 'date-time', nullable: true, description: 'Of the newest state used.' })
  end_at!: string | null;
}

/** An event that could not be read: what it changed is not known, so the subnet's figures are not given. */
export class RejectedEventView {
  @ApiProperty({ example: 'finney-64-0x…-7295344-101' }) id!: string;
  @ApiProperty({ example: 'it names no alpha' }) reason!: string;
  @ApiProperty({ type: Number, nullable: true, example: 64, description: 'Null: it may have been on any subnet.' })
  netuid!: number | null;
  @ApiProperty({ example: 7295344 }) block_number!: number;
  @ApiProperty() wallet!: string;
}

export class EarningsView {
  @ApiProperty({ example: 'all' }) scope!: string;
  @ApiProperty({ type: EarningsWindowView }) window!: EarningsWindowView;
  @ApiProperty() complete!: boolean;
  @ApiProperty({ type: [MissingView], description: 'Why it is not complete.' }) missing!: MissingView[];
  @ApiProperty({ type: TotalEarningsView, nullable: true, description: 'Null unless complete.' })
  total!: TotalEarningsView | null;
  @ApiProperty({ type: [SubnetEarningsView] }) subnets!: SubnetEarningsView[];
  @ApiProperty({ type: [RejectedEventView], description: 'Events of the window that could not be read.' })
  rejected_events!: RejectedEventView[];
}

export class EarningsAnswer {
  @ApiProperty({ type: EarningsView }) data!: EarningsView;
  @ApiProperty({ type: DataMeta }) meta!: DataMeta;
}

export class EarningsPointView {
  @ApiProperty({ type: EarningsWindowView }) window!: EarningsWindowView;
  @ApiProperty() complete!: boolean;
  @ApiProperty({ type: [MissingView] }) missing!: MissingView[];
  @ApiProperty({ type: [RejectedEventView] }) rejected_events!: RejectedEventView[];
  @ApiProperty({ type: TotalEarningsView, nullable: true }) total!: TotalEarningsView | null;
}

export class EarningsSeriesAnswer {
  @ApiProperty({
    type: [EarningsPointView],
    description: 'Oldest first; each window begins where the one before ends.',
  })
  data!: EarningsPointView[];
  @ApiProperty({ type: DataMeta }) meta!: DataMeta;
}

export class ChangeView {
  @ApiProperty({ example: 'price' }) cause!: string;
  @ApiProperty({ type: Number, nullable: true, example: 64 }) netuid!: number | null;
  @ApiProperty({ example: '-0.912623468', description: 'TAO.' }) tao!: string;
  @ApiProperty({ example: 'SN64 price: -0.912623468 TAO' }) text!: string;
}

export class ChangesView {
  @ApiProperty({ example: 'all' }) scope!: string;
  @ApiProperty({ type: EarningsWindowView }) window!: EarningsWindowView;
  @ApiProperty() complete!: boolean;
  @ApiProperty({ type: [MissingView] }) missing!: MissingView[];
  @ApiProperty({ type: [RejectedEventView] }) rejected_events!: RejectedEventView[];
  @ApiProperty({ type: String, nullable: true, example: '200.000000000', description: 'TAO; null unless complete.' })
  from_tao!: string | null;
  @ApiProperty({ type: String, nullable: true, example: '204.000000000', description: 'TAO; null unless complete.' })
  to_tao!: string | null;
  @ApiProperty({ type: [ChangeView], description: 'Largest first; from_tao plus all of them is to_tao.' })
  lines!: ChangeView[];
}

export class ChangesAnswer {
  @ApiProperty({ type: ChangesView }) data!: ChangesView;
  @ApiProperty({ type: DataMeta }) meta!: DataMeta;
}
