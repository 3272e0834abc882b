import { Controller, Get, Headers, Query, Req, Res } from '@nestjs/common';
import {
  ApiBadRequestResponse,
  ApiExtraModels,
  ApiNotFoundResponse,
  ApiNotModifiedResponse,
  ApiOkResponse,
  ApiOperation,
  ApiServiceUnavailableResponse,
  ApiTags,
} from '@nestjs/swagger';
import { DatasetMeta, type HttpReply, nextPage, sendDated, StrictValidationPipe, strongEtag } from '../common';
import { PortfolioHistoryAnswer } from './portfolio-history.view';
import { PortfolioHistoryQuery, PortfolioQuery } from './portfolio-query';
import { PortfolioReader } from './portfolio-reader.service';
import { PortfolioAnswer } from './portfolio.view';

const NOT_MODIFIED = 'The reader of If-None-Match has the same figures already.';

@ApiTags('portfolio')
@ApiExtraModels(DatasetMeta)
@ApiBadRequestResponse({ description: 'A problem that names the parameter.' })
@ApiNotFoundResponse({ description: 'The wallet is not followed.' })
@ApiServiceUnavailableResponse({ description: 'PostgreSQL is away, or the figures are below `min_trust`.' })
@Controller('api/v1/portfolio')
export class PortfolioController {
  constructor(private readonly reader: PortfolioReader) {}

  @Get()
  @ApiOperation({ summary: 'What one wallet, or all of them together, is worth: at the mid price and when sold' })
  @ApiOkResponse({ type: PortfolioAnswer })
  @ApiNotModifiedResponse({ description: NOT_MODIFIED })
  async value(
    @Query(new StrictValidationPipe()) query: PortfolioQuery,
    @Headers('if-none-match') known: string | undefined,
    @Res() reply: HttpReply,
  ): Promise<void> {
    const { meta, data } = await this.reader.value(query);
    const etag = strongEtag('portfolio', data, meta.trust, meta.source);
    sendDated(reply, known, { meta, etag, body: () => ({ data, meta }) satisfies PortfolioAnswer });
  }

  @Get('history')
  @ApiOperation({ summary: 'What it was worth, hour by hour or day by day, with its drawdown' })
  @ApiOkResponse({ type: PortfolioHistoryAnswer })
  @ApiNotModifiedResponse({ description: NOT_MODIFIED })
  async history(
    @Query(new StrictValidationPipe()) query: PortfolioHistoryQuery,
    @Req() request: { url: string },
    @Headers('if-none-match') known: string | undefined,
    @Res() reply: HttpReply,
  ): Promise<void> {
    const { meta, page } = await this.reader.history(query);
    sendDated(reply, known, {
      meta,
      etag: strongEtag('portfolio-history', page, meta.trust, meta.source, query),
      next: nextPage(request.url, page.next_cursor),
      body: () => ({ ...page, meta }) satisfies PortfolioHistoryAnswer,
    });
  }
}
