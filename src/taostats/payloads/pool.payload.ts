import { normalizeDecimal } from '../../common';
import {
  DecimalText,
  Flag,
  Instant,
  MAX_DECIMAL_LENGTH,
  OPTIONAL,
  RaoText,
  Text,
  Whole,
  defineField,
  isInstant,
} from '../wire/field';

const SIGNED = { optional: true, signed: true };

/** One point of `seven_day_prices`: four hours apart, oldest first, price in TAO per alpha. */
export interface PricePoint {
  block_number: number;
  timestamp: string;
  price: string;
}

const MAX_POINTS = 1000;

const POINT_PRICE = /^\d+(?:\.\d+)?$/;

function normalizePoint(value: unknown): void {
  if (typeof value !== 'object' || value === null) return;
  const point = value as Record<string, unknown>;
  const { price } = point;
  if (typeof price === 'number' && Number.isSafeInteger(price)) point['price'] = String(price);
  else if (typeof price === 'string' && !POINT_PRICE.test(price)) point['price'] = normalizeDecimal(price) ?? price;
}

function isPricePoint(value: unknown): value is PricePoint {
  if (typeof value !== 'object' || value === null) return false;
  const { block_number, timestamp, price } = value as Partial<PricePoint>;
  return (
    Number.isSafeInteger(block_number) &&
    typeof price === 'string' &&
    price.length <= MAX_DECIMAL_LENGTH &&
    POINT_PRICE.test(price) &&
    isInstant(timestamp)
  );
}

/** The series is one check, not 44 nested objects: nested validation costs seven times the parsing of the whole answer. */
const PriceSeries = defineField('priceSeries', {
  normalize: (value) => {
    if (Array.isArray(value)) value.forEach(normalizePoint);
    return value;
  },
  accepts: (value) => Array.isArray(value) && value.length <= MAX_POINTS && value.every(isPricePoint),
  expected: 'a list of {block_number, timestamp, price}',
});

/** What `pool/latest` and `pool/history` share. For the root row (netuid 0) alpha fields are TAO and the price is 1. */
export class PoolHistoryPayload {
  @Whole() netuid!: number;
  @Whole() block_number!: number;
  @Instant() timestamp!: string;
  @Text(OPTIONAL) name!: string | null;
  @Text(OPTIONAL) symbol!: string | null;
  /** TAO per alpha, up to 28 decimals. Not `total_tao / alpha_in_pool`: value with this figure. */
  @DecimalText() price!: string;
  /** Rao of TAO, with decimals: (alpha_in_pool + alpha_staked) * price. */
  @DecimalText(OPTIONAL) market_cap!: string | null;
  /** Rao of TAO: total_tao + alpha_in_pool * price. */
  @DecimalText(OPTIONAL) liquidity!: string | null;
  /** The pool's TAO reserve in rao; for root all root stake. */
  @RaoText() total_tao!: string;
  /** Rao of alpha; never the reserve. */
  @RaoText(OPTIONAL) total_alpha!: string | null;
  /** The pool's alpha reserve in rao of alpha. */
  @RaoText() alpha_in_pool!: string;
  @RaoText() alpha_staked!: string;
  @DecimalText(OPTIONAL) root_prop!: string | null;
  @Whole(OPTIONAL) rank!: number | null;
  /** True: the price means nothing yet. */
  @Flag(OPTIONAL) startup_mode!: boolean | null;
  @Flag(OPTIONAL) swap_v3_initialized!: boolean | null;
  @Flag(OPTIONAL) enabled_user_liquidity!: boolean | null;
  // Fields of the concentrated-liquidity era; the chain dropped them in mid-2026, so none is ever required.
  @DecimalText(OPTIONAL) fee_rate!: string | null;
  @DecimalText(SIGNED) protocol_provided_tao!: string | null;
  @DecimalText(SIGNED) protocol_provided_alpha!: string | null;
  @DecimalText(SIGNED) user_provided_tao!: string | null;
  @DecimalText(SIGNED) user_provided_alpha!: string | null;
  @DecimalText(OPTIONAL) alpha_sqrt_price!: string | null;
  @DecimalText(OPTIONAL) liquidity_raw!: string | null;
  @Whole(SIGNED) current_tick!: number | null;
  @DecimalText(SIGNED) fee_global_tao!: string | null;
  @DecimalText(SIGNED) fee_global_alpha!: string | null;
}

/** One row of `dtao/pool/latest`. Changes in percent, volumes in rao of TAO or of alpha. */
export class PoolPayload extends PoolHistoryPayload {
  @DecimalText(OPTIONAL) fear_and_greed_index!: string | null;
  @Text(OPTIONAL) fear_and_greed_sentiment!: string | null;
  @DecimalText(SIGNED) market_cap_change_1_day!: string | null;
  @DecimalText(SIGNED) price_change_1_hour!: string | null;
  @DecimalText(SIGNED) price_change_1_day!: string | null;
  @DecimalText(SIGNED) price_change_1_week!: string | null;
  @DecimalText(SIGNED) price_change_1_month!: string | null;
  @DecimalText(OPTIONAL) tao_volume_24_hr!: string | null;
  @DecimalText(SIGNED) tao_volume_24_hr_change_1_day!: string | null;
  @DecimalText(OPTIONAL) tao_buy_volume_24_hr!: string | null;
  @DecimalText(OPTIONAL) tao_sell_volume_24_hr!: string | null;
  @DecimalText(OPTIONAL) alpha_volume_24_hr!: string | null;
  @DecimalText(SIGNED) alpha_volume_24_hr_change_1_day!: string | null;
  @DecimalText(OPTIONAL) alpha_buy_volume_24_hr!: string | null;
  @DecimalText(OPTIONAL) alpha_sell_volume_24_hr!: string | null;
  /** TAO per alpha; null when nobody traded for a day. */
  @DecimalText(OPTIONAL) last_price!: string | null;
  @DecimalText(OPTIONAL) highest_price_24_hr!: string | null;
  @DecimalText(OPTIONAL) lowest_price_24_hr!: string | null;
  @Whole(OPTIONAL) buys_24_hr!: number | null;
  @Whole(OPTIONAL) sells_24_hr!: number | null;
  @Whole(OPTIONAL) buyers_24_hr!: number | null;
  @Whole(OPTIONAL) sellers_24_hr!: number | null;
  @PriceSeries(OPTIONAL) seven_day_prices!: PricePoint[] | null;
}

/** The one row of `dtao/slippage`. `slippage` is a percent; the fee is not included. */
export class SlippagePayload {
  @Whole() netuid!: number;
  @Whole() block_number!: number;
  @Instant() timestamp!: string;
  @DecimalText() alpha_price!: string;
  /** Rao of the token that comes out. */
  @RaoText() output_tokens!: string;
  @RaoText() expected_output_tokens!: string;
  @RaoText(SIGNED) diff!: string | null;
  @DecimalText({ signed: true }) slippage!: string;
}
