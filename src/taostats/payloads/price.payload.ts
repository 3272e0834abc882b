import { DecimalText, Instant, OPTIONAL, Text } from '../wire/field';

const SIGNED = { optional: true, signed: true };

/** One row of `price/latest` and `price/history`. Amounts in USD; supplies in whole TAO, not rao; changes in percent. */
export class PricePayload {
  @Text() symbol!: string;
  @Text(OPTIONAL) name!: string | null;
  @Text(OPTIONAL) slug!: string | null;
  /** USD per TAO, up to 12 decimals. */
  @DecimalText() price!: string;
  /** When the market-data vendor measured it: this dates the price, not our arrival time. */
  @Instant() last_updated!: string;
  @Instant(OPTIONAL) created_at!: string | null;
  @Instant(OPTIONAL) updated_at!: string | null;
  @DecimalText(OPTIONAL) circulating_supply!: string | null;
  @DecimalText(OPTIONAL) max_supply!: string | null;
  @DecimalText(OPTIONAL) total_supply!: string | null;
  @DecimalText(OPTIONAL) volume_24h!: string | null;
  @DecimalText(OPTIONAL) market_cap!: string | null;
  @DecimalText(OPTIONAL) fully_diluted_market_cap!: string | null;
  @DecimalText(SIGNED) percent_change_1h!: string | null;
  @DecimalText(SIGNED) percent_change_24h!: string | null;
  @DecimalText(SIGNED) percent_change_7d!: string | null;
  @DecimalText(SIGNED) percent_change_30d!: string | null;
  @DecimalText(SIGNED) percent_change_60d!: string | null;
  @DecimalText(SIGNED) percent_change_90d!: string | null;
  /** Percent of the whole crypto market. */
  @DecimalText(SIGNED) market_cap_dominance!: string | null;
}

/** One candle of `price/ohlc`, USD per TAO. The newest candle is unfinished; period `1m` is a month. */
export class OhlcPayload {
  @Text() period!: string;
  /** Start of the candle. */
  @Instant() timestamp!: string;
  @Text() asset!: string;
  @DecimalText() open!: string;
  @DecimalText() high!: string;
  @DecimalText() low!: string;
  @DecimalText() close!: string;
  @DecimalText(OPTIONAL) volume_24h!: string | null;
}
