import { Controller, Get, Query, Req, Res } from '@nestjs/common';
import { ApiExtraModels, ApiOkResponse, ApiOperation, ApiProduces, ApiTags } from '@nestjs/swagger';
import { agesOf, versionOf } from '../analysis';
import { buildMeta, DatasetMeta, type HttpReply, StrictValidationPipe } from '../common';
import { modeOf, Settings } from '../config';
import { DatedDatasetRepository, type PriceHistory, PriceReadRepository } from '../database';
import { type List, type ListRequest, sendList } from './list-answer';
import { ListRefusals } from './list-refusals';
import { isDay, requireOrder } from './position-reader.service';
import { PRICE_DAY_COLUMNS, type PriceDayView, PriceHistoryAnswer, PriceHistoryQuery } from './price-history.view';

const DATASETS = ['price_history'] as const;

@ApiTags('prices')
@ApiExtraModels(DatasetMeta)
@ApiProduces('application/json', 'text/csv')
@ListRefusals()
@Controller('api/v1')
export class PriceHistoryController {
  constructor(
    private readonly prices: PriceReadRepository,
    private readonly dated: DatedDatasetRepository,
    private readonly settings: Settings,
  ) {}

  @Get(['prices/tao/history', 'prices/tao/history.csv'])
  @ApiOperation({ summary: 'The price of TAO by UTC day: open, high, low, close' })
  @ApiOkResponse({ type: PriceHistoryAnswer })
  async days(
    @Query(new StrictValidationPipe()) query: PriceHistoryQuery,
    @Req() request: ListRequest,
    @Res() reply: HttpReply,
  ): Promise<void> {
    requireOrder(query.from, query.to);
    await sendList(request, reply, query, await this.list(query));
  }

  private async list({ from, to, order }: PriceHistoryQuery): Promise<List<PriceDayView>> {
    const dated = await this.dated.read(DATASETS);
    const filter = { from, to, ascending: order === 'asc' };
    return {
      name: `prices-tao-history-${order}`,
      meta: buildMeta(agesOf(DATASETS, dated, this.settings), modeOf(this.settings).upstream),
      question: { from, to },
      version: versionOf(DATASETS, dated),
      columns: PRICE_DAY_COLUMNS,
      keyOf: (row) => [row.day],
      isKey: ([day]) => isDay(day),
      read: async (after, limit) =>
        (await this.prices.days(filter, after === null ? null : String(after[0]), limit)).map(toPriceDayView),
    };
  }
}

function toPriceDayView(row: PriceHistory): PriceDayView {
  return {
    day: row.day,
    open_usd: row.open,
    high_usd: row.high,
    low_usd: row.low,
    close_usd: row.close,
    volume_24_hours_usd: row.volume24h,
    is_finished: row.isFinished,
  };
}
