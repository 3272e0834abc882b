import { Controller, Get, Headers, Query, Res } from '@nestjs/common';
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
import { DatasetMeta, type DataMeta, type HttpReply, sendDated, StrictValidationPipe, strongEtag } from '../common';
import { ChangesQuery, EarningsQuery, EarningsSeriesQuery } from './earnings-query';
import { EarningsReader } from './earnings-reader.service';
import { ChangesAnswer, EarningsAnswer, EarningsSeriesAnswer } from './earnings.view';

const NOT_MODIFIED = 'The reader of If-None-Match has the same figures already.';

@ApiTags('earnings')
@ApiExtraModels(DatasetMeta)
@ApiBadRequestResponse({ description: 'A problem that names the parameter.' })
@ApiNotFoundResponse({ description: 'The wallet is not followed.' })
@ApiServiceUnavailableResponse({ description: 'PostgreSQL is away, or the figures are below `min_trust`.' })
@Controller('api/v1')
export class EarningsController {
  constructor(private readonly reader: EarningsReader) {}

  @Get('earnings/summary')
  @ApiOperation({ summary: 'What was earned between two moments, by subnet and in total: prices, emission, costs' })
  @ApiOkResponse({ type: EarningsAnswer })
  @ApiNotModifiedResponse({ description: NOT_MODIFIED })
  async summary(
    @Query(new StrictValidationPipe()) query: EarningsQuery,
    @Headers('if-none-match') known: string | undefined,
    @Res() reply: HttpReply,
  ): Promise<void> {
    send(reply, known, (await this.reader.summary(query)) satisfies EarningsAnswer);
  }

  @Get('earnings/timeseries')
  @ApiOperation({ summary: 'The same window by window; earnings of neighbours add up to those of both' })
  @ApiOkResponse({ type: EarningsSeriesAnswer })
  @ApiNotModifiedResponse({ description: NOT_MODIFIED })
  async series(
    @Query(new StrictValidationPipe()) query: EarningsSeriesQuery,
    @Headers('if-none-match') known: string | undefined,
    @Res() reply: HttpReply,
  ): Promise<void> {
    send(reply, known, (await this.reader.series(query)) satisfies EarningsSeriesAnswer);
  }

  @Get('changes')
  @ApiOperation({ summary: 'Why the treasury is worth more or less than before: one line per cause, which add up' })
  @ApiOkResponse({ type: ChangesAnswer })
  @ApiNotModifiedResponse({ description: NOT_MODIFIED })
  async changes(
    @Query(new StrictValidationPipe()) query: ChangesQuery,
    @Headers('if-none-match') known: string | undefined,
    @Res() reply: HttpReply,
  ): Promise<void> {
    send(reply, known, (await this.reader.changes(query)) satisfies ChangesAnswer);
  }
}

function send(reply: HttpReply, known: string | undefined, answer: { data: object; meta: DataMeta }): void {
  const { data, meta } = answer;
  const etag = strongEtag('earnings', data, meta.trust, meta.source);
  sendDated(reply, known, { meta, etag, body: () => ({ data, meta }) });
}
