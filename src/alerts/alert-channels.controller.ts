import { Controller, Get, HttpCode, Param, Post, Query, Req, Res } from '@nestjs/common';
import {
  ApiBadRequestResponse,
  ApiNotFoundResponse,
  ApiOkResponse,
  ApiOperation,
  ApiParam,
  ApiServiceUnavailableResponse,
  ApiTags,
} from '@nestjs/swagger';
import {
  type CursorPart,
  decodeCursor,
  encodeCursor,
  type HttpReply,
  isId,
  nextPage,
  StrictValidationPipe,
  TARGET_RULES,
  type TargetRule,
} from '../common';
import type { AlertChannel } from '../config';
import { AlertOutboxRepository, type Delivery } from '../database';
import { AlertChannels, isGone } from './alert-channels.service';
import { DeliveriesQuery } from './alert-requests';
import { AlertSender } from './alert-sender.service';
import { ChannelsAnswer, type ChannelView, DeliveriesAnswer, TestAnswer, toDeliveryView } from './alert.view';

/** Where alerts go, and whether they arrive. */
@ApiTags('alerts')
@ApiServiceUnavailableResponse({ description: 'PostgreSQL is away; see Retry-After.' })
@Controller('api/v1/alerts')
export class AlertChannelsController {
  constructor(
    private readonly channels: AlertChannels,
    private readonly outbox: AlertOutboxRepository,
    private readonly sender: AlertSender,
  ) {}

  @Get('channels')
  @ApiOperation({
    summary: 'The configured channels, whether their targets are permitted, and how the last attempt went',
  })
  @ApiOkResponse({ type: ChannelsAnswer })
  async list(@Res({ passthrough: true }) reply: HttpReply): Promise<ChannelsAnswer> {
    const newest = await this.outbox.newestOfEach();
    const refusals = await Promise.all(this.channels.all.map((channel) => this.channels.refusalOf(channel)));
    reply.header('cache-control', 'no-store');
    return {
      data: this.channels.all.map((channel, index) => toChannelView(channel, newest, refusals[index] ?? null)),
    };
  }

  @Post('channels/:name/test')
  @HttpCode(200)
  @ApiOperation({ summary: 'Sends a test now, once; the answer is what came of it' })
  @ApiParam({ name: 'name', example: 'ops' })
  @ApiOkResponse({
    type: TestAnswer,
    description: 'Also where it was refused or failed: see `status` and `error_code`.',
  })
  @ApiNotFoundResponse({ description: 'No such channel; the problem names those that there are.' })
  async test(@Param('name') name: string, @Res({ passthrough: true }) reply: HttpReply): Promise<TestAnswer> {
    const delivery = await this.sender.test(name);
    reply.header('cache-control', 'no-store');
    return { data: toDeliveryView(delivery), message: inWords(delivery) };
  }

  @Get('deliveries')
  @ApiOperation({ summary: 'The log of deliveries of the last 30 days, newest first' })
  @ApiOkResponse({ type: DeliveriesAnswer })
  @ApiBadRequestResponse({ description: 'A problem that names the parameter.' })
  async deliveries(
    @Query(new StrictValidationPipe()) { limit, cursor }: DeliveriesQuery,
    @Req() request: { url: string },
    @Res({ passthrough: true }) reply: HttpReply,
  ): Promise<DeliveriesAnswer> {
    const before = cursor === undefined ? undefined : decodeCursor(cursor, isDeliveryId)[0];
    const found = await this.outbox.list({ before, limit: limit + 1 });
    const page = found.slice(0, limit);
    const last = page.at(-1);
    const nextCursor = found.length > limit && last !== undefined ? encodeCursor([last.id]) : null;
    const next = nextPage(request.url, nextCursor);
    if (next !== undefined) reply.header('link', `<${next}>; rel="next"`);
    reply.header('cache-control', 'no-store');
    return { data: page.map(toDeliveryView), next_cursor: nextCursor };
  }
}

function isDeliveryId(parts: CursorPart[]): parts is [string] {
  const [id] = parts;
  return parts.length === 1 && typeof id === 'string' && isId(id);
}

function toChannelView(channel: AlertChannel, newest: readonly Delivery[], refused: TargetRule | null): ChannelView {
  const last = newest.find((delivery) => delivery.channel === channel.name);
  return {
    name: channel.name,
    kind: channel.kind,
    target: new URL(channel.url).host,
    enabled: !isGone(channel, newest),
    refused,
    refused_because: refused === null ? null : TARGET_RULES[refused],
    last_delivery_at: last?.attemptedAt?.toISOString() ?? null,
    last_outcome: last?.status ?? null,
    last_error_code: last?.errorCode ?? null,
  };
}

function inWords({ status, errorCode, httpStatus }: Delivery): string {
  if (status === 'delivered') return `delivered: the receiver answered ${httpStatus ?? ''}`;
  const rule = errorCode !== null && errorCode in TARGET_RULES ? (errorCode as TargetRule) : null;
  if (rule !== null) return `refused by ${rule}, nothing was sent: ${TARGET_RULES[rule]}`;
  return httpStatus === null ? `no answer: ${errorCode ?? ''}` : `the receiver answered ${httpStatus}`;
}
