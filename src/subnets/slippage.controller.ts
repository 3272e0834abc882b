import { Controller, Get, Headers, Param, Query, Res } from '@nestjs/common';
import {
  ApiBadRequestResponse,
  ApiExtraModels,
  ApiNotFoundResponse,
  ApiNotModifiedResponse,
  ApiOkResponse,
  ApiOperation,
  ApiParam,
  ApiServiceUnavailableResponse,
  ApiTags,
  ApiUnprocessableEntityResponse,
} from '@nestjs/swagger';
import {
  DatasetMeta,
  type HttpReply,
  NetuidPipe,
  PreparedAnswers,
  sendDated,
  StrictValidationPipe,
  strongEtag,
} from '../common';
import { ExitCurveAnswer, SurfaceAnswer } from './slippage-curve.view';
import { ExitCurveQuery, SlippageQuery, SurfaceQuery } from './slippage-query';
import { SlippageAnswer } from './slippage-quote.view';
import { SlippageReader } from './slippage-reader.service';

const NETUID = { name: 'netuid', schema: { type: 'integer', minimum: 0, maximum: 65_535 }, example: 64 } as const;
const NOT_MODIFIED = 'The reader of If-None-Match has the same figures already.';
const NOT_FOUND = 'No such subnet, or no longer.';
const REFUSED = 'The chain would refuse the trade; the problem’s code says why, for example `slippage/above_max_swap`.';

@ApiTags('slippage')
@ApiExtraModels(DatasetMeta)
@ApiBadRequestResponse({ description: 'A problem that names the parameter.' })
@ApiServiceUnavailableResponse({
  description: 'PostgreSQL is away, never synced, or below `min_trust`; see Retry-After.',
})
@Controller('api/v1')
export class SlippageController {
  constructor(
    private readonly reader: SlippageReader,
    private readonly prepared: PreparedAnswers,
  ) {}

  @Get('subnets/:netuid/slippage')
  @ApiOperation({ summary: 'What one trade would yield, with its fee and its price impact' })
  @ApiParam(NETUID)
  @ApiOkResponse({ type: SlippageAnswer })
  @ApiNotModifiedResponse({ description: NOT_MODIFIED })
  @ApiNotFoundResponse({ description: NOT_FOUND })
  @ApiUnprocessableEntityResponse({ description: REFUSED })
  async quote(
    @Param('netuid', new NetuidPipe()) netuid: number,
    @Query(new StrictValidationPipe()) query: SlippageQuery,
    @Headers('if-none-match') known: string | undefined,
    @Res() reply: HttpReply,
  ): Promise<void> {
    const { meta, data } = await this.reader.quote(netuid, query);
    const etag = strongEtag('slippage', data, meta.trust, meta.source);
    sendDated(reply, known, { meta, etag, body: () => ({ data, meta }) satisfies SlippageAnswer });
  }

  @Get('subnets/:netuid/exit-curve')
  @ApiOperation({
    summary: 'What selling parts of an amount of alpha would yield, and how much can be sold under a slippage',
  })
  @ApiParam(NETUID)
  @ApiOkResponse({ type: ExitCurveAnswer })
  @ApiNotModifiedResponse({ description: NOT_MODIFIED })
  @ApiNotFoundResponse({ description: NOT_FOUND })
  @ApiUnprocessableEntityResponse({ description: REFUSED })
  async exitCurve(
    @Param('netuid', new NetuidPipe()) netuid: number,
    @Query(new StrictValidationPipe()) query: ExitCurveQuery,
    @Headers('if-none-match') known: string | undefined,
    @Res() reply: HttpReply,
  ): Promise<void> {
    const { version, meta, data } = await this.reader.exitCurve(netuid, query);
    const etag = strongEtag('exit-curve', version, meta.trust, meta.source, netuid, query);
    sendDated(reply, known, { meta, etag, body: () => ({ data, meta }) satisfies ExitCurveAnswer });
  }

  @Get('slippage/surface')
  @ApiOperation({ summary: 'Slippage of 2, 5, 10, 15 and 20 TAO in both directions on every subnet; asks nobody' })
  @ApiOkResponse({ type: SurfaceAnswer })
  @ApiNotModifiedResponse({ description: NOT_MODIFIED })
  async surface(
    @Query(new StrictValidationPipe()) query: SurfaceQuery,
    @Headers('if-none-match') known: string | undefined,
    @Res() reply: HttpReply,
  ): Promise<void> {
    const { version, meta, data } = await this.reader.surface(query.min_trust);
    const etag = strongEtag('surface', version, meta.trust, meta.source);
    this.prepared.send(reply, known, { meta, etag, rows: () => ({ data }) satisfies Omit<SurfaceAnswer, 'meta'> });
  }
}
