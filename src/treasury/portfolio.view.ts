import { ApiProperty } from '@nestjs/swagger';
import { DataMeta } from '../common';
import { DrawdownView } from './portfolio-history.view';

const TAO = { example: '210.000000000', description: 'TAO.' } as const;
const MAYBE_TAO = {
  type: String,
  nullable: true,
  example: '210.000000000',
  description: 'TAO; null: not known.',
} as const;
const MAYBE_USD = { type: String, nullable: true, example: '58767.18', description: 'USD; null: not known.' } as const;

export class MissingView {
  @ApiProperty({ example: 'pool 67' }) input!: string;
  @ApiProperty({ example: 'trading has not started, the price has no meaning' }) reason!: string;
}

/** Mid >= 50 % >= 100 %, always. Null as soon as one input is missing: a part of a value is not a value. */
export class NavView {
  @ApiProperty({ ...MAYBE_TAO, description: 'TAO at the marginal prices, free and reserved included.' })
  mid_tao!: string | null;
  @ApiProperty({ ...MAYBE_TAO, description: 'TAO when half of each subnet’s stake is sold at once, applied to all.' })
  executable_50_tao!: string | null;
  @ApiProperty({ ...MAYBE_TAO, description: 'TAO when all stake is sold at once, fees and price impact taken off.' })
  executable_100_tao!: string | null;
  @ApiProperty(MAYBE_USD) mid_usd!: string | null;
  @ApiProperty(MAYBE_USD) executable_50_usd!: string | null;
  @ApiProperty(MAYBE_USD) executable_100_usd!: string | null;
}

/** Sums over what is known, also when something else is not. */
export class KnownPartsView {
  @ApiProperty(TAO) free_tao!: string;
  @ApiProperty({ ...TAO, description: 'TAO that cannot be spent; in the mid value only.' }) reserved_tao!: string;
  @ApiProperty(TAO) root_tao!: string;
  @ApiProperty({ ...TAO, description: 'Alpha at the marginal prices, in TAO.' }) alpha_mid_tao!: string;
  @ApiProperty(TAO) alpha_executable_50_tao!: string;
  @ApiProperty(TAO) alpha_executable_100_tao!: string;
  @ApiProperty({ ...TAO, description: 'Root dividends that wait to be claimed, in TAO; in no total.' })
  root_basket_tao!: string;
}

/** mid = value + fee + impact + unsellable, exactly. */
export class ExitView {
  @ApiProperty(TAO) value_tao!: string;
  @ApiProperty(TAO) fee_tao!: string;
  @ApiProperty({ ...TAO, description: 'TAO lost to the price that the sale itself moves.' }) impact_tao!: string;
  @ApiProperty({ ...TAO, description: 'TAO worth of what cannot be sold: locked, dust, above the ceiling of a swap.' })
  unsellable_tao!: string;
  @ApiProperty({ type: String, nullable: true, example: '0.0913', description: 'Fraction, fee included.' })
  slippage!: string | null;
}

/** A position's share of its subnet's value; positions add up to the subnet to the rao. */
export class PositionShareView {
  @ApiProperty() wallet!: string;
  @ApiProperty({ description: 'Empty: root stake that TaoStats counts and does not list.' }) hotkey!: string;
  @ApiProperty({ example: '5000.000000000', description: 'Alpha; TAO on root.' }) alpha!: string;
  @ApiProperty(MAYBE_TAO) mid_tao!: string | null;
  @ApiProperty(MAYBE_TAO) executable_50_tao!: string | null;
  @ApiProperty(MAYBE_TAO) executable_100_tao!: string | null;
  @ApiProperty({ ...MAYBE_TAO, description: 'TAO that the fee of selling all takes.' }) fee_tao!: string | null;
  @ApiProperty({ ...MAYBE_TAO, description: 'TAO that the price impact of selling all takes.' })
  impact_tao!: string | null;
}

/** All stake on one subnet, over wallets and hotkeys: it meets the pool as one sale. */
export class HoldingView {
  @ApiProperty({ example: 64 }) netuid!: number;
  @ApiProperty({ type: Number, nullable: true, description: 'Generation of the netuid; null for root.' })
  registration_block!: number | null;
  @ApiProperty({ example: '10000.000000000', description: 'Alpha; TAO on root.' }) alpha!: string;
  @ApiProperty({ type: String, nullable: true, example: '0.01', description: 'TAO per alpha.' })
  price_tao!: string | null;
  @ApiProperty({ type: Number, nullable: true, description: 'Block of the pool that priced it; null: root, unpriced.' })
  pool_block!: number | null;
  @ApiProperty(MAYBE_TAO) mid_tao!: string | null;
  @ApiProperty(MAYBE_USD) mid_usd!: string | null;
  @ApiProperty({ type: ExitView, nullable: true }) exit_50!: ExitView | null;
  @ApiProperty({ type: ExitView, nullable: true }) exit_100!: ExitView | null;
  @ApiProperty({ ...MAYBE_TAO, description: 'TAO: half sold, the other half at the price after that.' })
  half_sold_mark_tao!: string | null;
  @ApiProperty({ type: [String], example: ['dust'], description: 'dust, locked, unpriced, startup, incomplete …' })
  flags!: string[];
  @ApiProperty({ type: [PositionShareView] }) positions!: PositionShareView[];
}

/** One wallet's share of the whole; shares add up to the whole to the rao. */
export class WalletShareView {
  @ApiProperty() address!: string;
  @ApiProperty({ type: String, nullable: true }) label!: string | null;
  @ApiProperty({ type: Number, nullable: true, description: 'Block of its balances; null: never answered.' })
  block_number!: number | null;
  @ApiProperty(MAYBE_TAO) free_tao!: string | null;
  @ApiProperty(MAYBE_TAO) reserved_tao!: string | null;
  @ApiProperty(TAO) root_tao!: string;
  @ApiProperty(TAO) alpha_mid_tao!: string;
  @ApiProperty(MAYBE_TAO) mid_tao!: string | null;
  @ApiProperty(MAYBE_TAO) executable_50_tao!: string | null;
  @ApiProperty(MAYBE_TAO) executable_100_tao!: string | null;
  @ApiProperty() complete!: boolean;
}

export class ConcentrationView {
  @ApiProperty({ example: '3424.04', description: 'Herfindahl-Hirschman index, 0 to 10000.' }) hhi!: string;
  @ApiProperty({ example: '2.92', description: 'Equal positions that would be as concentrated.' })
  effective_count!: string;
  @ApiProperty({ enum: ['spread', 'moderate', 'concentrated'] }) band!: string;
}

export class PortfolioView {
  @ApiProperty({ example: 'all', description: '`all`, or the wallet.' }) scope!: string;
  @ApiProperty() complete!: boolean;
  @ApiProperty({ type: [MissingView], description: 'Why it is not complete.' }) missing!: MissingView[];
  @ApiProperty({ type: NavView }) nav!: NavView;
  @ApiProperty({ type: KnownPartsView }) known!: KnownPartsView;
  @ApiProperty({ type: String, nullable: true, example: '279.84' }) usd_per_tao!: string | null;
  @ApiProperty({ type: String, format: 'date-time', nullable: true }) usd_measured_at!: string | null;
  @ApiProperty({ type: [HoldingView] }) holdings!: HoldingView[];
  @ApiProperty({ type: [WalletShareView] }) wallets!: WalletShareView[];
  @ApiProperty({
    type: ConcentrationView,
    nullable: true,
    description: 'On executable values; root and cash one each.',
  })
  concentration!: ConcentrationView | null;
  @ApiProperty({ type: ConcentrationView, nullable: true, description: 'Among alpha holdings alone.' })
  alpha_concentration!: ConcentrationView | null;
  @ApiProperty({ type: DrawdownView }) drawdown!: DrawdownView;
}

export class PortfolioAnswer {
  @ApiProperty({ type: PortfolioView }) data!: PortfolioView;
  @ApiProperty({ type: DataMeta }) meta!: DataMeta;
}
