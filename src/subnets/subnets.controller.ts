import { Controller, Get, Headers, Param, Query, Req, Res } from '@nestjs/common';
import {
  ApiBadRequestResponse,
  ApiNotFoundResponse,
  ApiNotModifiedResponse,
  ApiOkResponse,
  ApiOperation,
  ApiParam,
  ApiServiceUnavailableResponse,
  ApiTags,
} from '@nestjs/swagger';
import {
  type HttpReply,
  NetuidPipe,
  nextPage,
  PreparedAnswers,
  sendDated,
  StrictValidationPipe,
  strongEtag,
} from '../common';
import { SubnetHistoryAnswer } from './pool-point.view';
import { SubnetHistoryReader } from './subnet-history-reader.service';
import { SubnetReader } from './subnet-reader.service';
import { SubnetAnswer, SubnetsAnswer } from './subnet.view';
import { SubnetHistoryQuery, SubnetsQuery } from './subnets-query';

const NETUID = { name: 'netuid', schema: { type: 'integer', minimum: 0, maximum: 65_535 }, example: 64 } as const;
const NOT_MODIFIED = 'The reader of If-None-Match has the same rows already.';

@ApiTags('subnets')
@ApiBadRequestResponse({ description: 'A problem that names the parameter.' })
@ApiServiceUnavailableResponse({ description: 'PostgreSQL is away, or the subnet was never synced; see Retry-After.' })
@Controller('api/v1/subnets')
export class SubnetsController {
  constructor(
    private readonly reader: SubnetReader,
    private readonly past: SubnetHistoryReader,
    private readonly prepared: PreparedAnswers,
  ) {}

  @Get()
  @ApiOperation({ summary: 'Subnets with their pools; empty, with trust `unknown`, before the first sync' })
  @ApiOkResponse({ type: SubnetsAnswer })
  @ApiNotModifiedResponse({ description: NOT_MODIFIED })
  async list(
    @Query(new StrictValidationPipe()) query: SubnetsQuery,
    @Req() request: { url: string },
    @Headers('if-none-match') known: string | undefined,
    @Res() reply: HttpReply,
  ): Promise<void> {
    const { version, meta, page } = await this.reader.list(query);
    this.prepared.send(reply, known, {
      meta,
      etag: strongEtag('subnets', version, meta.trust, meta.source, query),
      next: nextPage(request.url, page.next_cursor),
      rows: () => page satisfies Omit<SubnetsAnswer, 'meta'>,
    });
  }

  @Get(':netuid')
  @ApiOperation({ summary: 'One subnet with its pool and its identity' })
  @ApiParam(NETUID)
  @ApiOkResponse({ type: SubnetAnswer })
  @ApiNotModifiedResponse({ description: NOT_MODIFIED })
  @ApiNotFoundResponse({ description: 'No such subnet, or no longer.' })
  async read(
    @Param('netuid', new NetuidPipe()) netuid: number,
    @Headers('if-none-match') known: string | undefined,
    @Res() reply: HttpReply,
  ): Promise<void> {
    const { version, meta, data } = await this.reader.get(netuid);
    const etag = strongEtag('subnet', version, meta.trust, meta.source, netuid);
    this.prepared.send(reply, known, { meta, etag, rows: () => ({ data }) satisfies Omit<SubnetAnswer, 'meta'> });
  }

  @Get(':netuid/history')
  @ApiOperation({ summary: 'The pool of a subnet over time: as it was observed, or by hours and days' })
  @ApiParam(NETUID)
  @ApiOkResponse({ type: SubnetHistoryAnswer })
  @ApiNotModifiedResponse({ description: NOT_MODIFIED })
  @ApiNotFoundResponse({ description: 'No such subnet, or no longer.' })
  async history(
    @Param('netuid', new NetuidPipe()) netuid: number,
    @Query(new StrictValidationPipe()) query: SubnetHistoryQuery,
    @Req() request: { url: string },
    @Headers('if-none-match') known: string | undefined,
    @Res() reply: HttpReply,
  ): Promise<void> {
    const { meta, page } = await this.past.read(netuid, query);
    sendDated(reply, known, {
      meta,
      // Of the rows themselves: history may also be filled from behind.
      etag: strongEtag('history', page, meta.trust, meta.source, netuid),
      next: nextPage(request.url, page.next_cursor),
      body: () => ({ ...page, meta }) satisfies SubnetHistoryAnswer,
    });
  }
}
