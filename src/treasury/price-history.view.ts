import { ApiProperty } from '@nestjs/swagger';
import { ChoiceField, DataMeta, InstantField } from '../common';
import { columnsOf } from './list-answer';
import { type Order, ORDERS, PageQuery } from './list-query';

const USD = { example: '279.843716593217', description: 'USD per TAO.' } as const;

/** One UTC day of the price of TAO; every digit as the market-data vendor gave it. */
export class PriceDayView {
  @ApiProperty({ example: '2026-01-31', description: 'UTC.' }) day!: string;
  @ApiProperty(USD) open_usd!: string;
  @ApiProperty(USD) high_usd!: string;
  @ApiProperty(USD) low_usd!: string;
  @ApiProperty(USD) close_usd!: string;
  @ApiProperty({ type: String, nullable: true, description: 'USD.' }) volume_24_hours_usd!: string | null;

  @ApiProperty({ description: 'False: the day was not over when this was read, so its figures are of that moment.' })
  is_finished!: boolean;
}

export const PRICE_DAY_COLUMNS = columnsOf<PriceDayView>({
  day: true,
  open_usd: true,
  high_usd: true,
  low_usd: true,
  close_usd: true,
  volume_24_hours_usd: true,
  is_finished: true,
});

export class PriceHistoryAnswer {
  @ApiProperty({ type: [PriceDayView] }) data!: PriceDayView[];
  @ApiProperty({ type: String, nullable: true }) next_cursor!: string | null;
  @ApiProperty({ type: DataMeta }) meta!: DataMeta;
}

export class PriceHistoryQuery extends PageQuery {
  @InstantField({ description: 'From this day on.', example: '2026-01-01' })
  from?: Date;

  @InstantField({ description: 'Up to, and without, this day.', example: '2026-02-01' })
  to?: Date;

  @ChoiceField(ORDERS, { default: 'desc', description: '`desc`: newest first.' })
  order: Order = 'desc';
}
