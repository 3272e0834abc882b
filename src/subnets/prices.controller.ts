import { Controller, Get, Headers, Query, Res } from '@nestjs/common';
import {
  ApiNotModifiedResponse,
  ApiOkResponse,
  ApiOperation,
  ApiServiceUnavailableResponse,
  ApiTags,
} from '@nestjs/swagger';
import { agesOf } from '../analysis';
import { AppError, buildMeta, type HttpReply, sendDated, StrictValidationPipe, strongEtag } from '../common';
import { modeOf, Settings } from '../config';
import { DatedDatasetRepository, SubnetReadRepository } from '../database';
import { TaoPriceAnswer, toTaoPriceView } from './tao-price.view';

const PRICE_DATASETS = ['tao_price'] as const;
const NOT_SYNCED_RETRY_SECONDS = 10;

/** No parameter is known, so that a misspelt one is refused rather than ignored. */
class NoQuery {}

@ApiTags('prices')
@Controller('api/v1/prices')
export class PricesController {
  constructor(
    private readonly prices: SubnetReadRepository,
    private readonly dated: DatedDatasetRepository,
    private readonly settings: Settings,
  ) {}

  @Get('tao')
  @ApiOperation({ summary: 'The price of TAO in USD' })
  @ApiOkResponse({ type: TaoPriceAnswer })
  @ApiNotModifiedResponse({ description: 'The reader of If-None-Match has the same price already.' })
  @ApiServiceUnavailableResponse({ description: 'PostgreSQL is away, or the price was never synced; see Retry-After.' })
  async tao(
    @Query(new StrictValidationPipe()) _query: NoQuery,
    @Headers('if-none-match') known: string | undefined,
    @Res() reply: HttpReply,
  ): Promise<void> {
    // State first: rows may then be newer than they are said to be, never older.
    const dated = await this.dated.read(PRICE_DATASETS);
    const price = await this.prices.taoPrice();
    if (price === null) {
      throw new AppError('prices/not-synced', 'The price of TAO has never been synced', {
        status: 503,
        retryAfterSeconds: NOT_SYNCED_RETRY_SECONDS,
      });
    }
    const meta = buildMeta(agesOf(PRICE_DATASETS, dated, this.settings), modeOf(this.settings).upstream);
    const data = toTaoPriceView(price);
    const etag = strongEtag('tao', data, meta.trust, meta.source);
    sendDated(reply, known, { meta, etag, body: () => ({ data, meta }) satisfies TaoPriceAnswer });
  }
}
