import { Controller, Get, Query, Req, Res } from '@nestjs/common';
import { ApiExtraModels, ApiOkResponse, ApiOperation, ApiProduces, ApiTags } from '@nestjs/swagger';
import { DatasetMeta, type HttpReply, StrictValidationPipe } from '../common';
import { EventReader } from './event-reader.service';
import { EventsAnswer } from './event.view';
import { EventsQuery } from './events-query';
import { type ListRequest, sendList } from './list-answer';
import { ListRefusals } from './list-refusals';
import { WalletHistoryView } from './wallet.view';

/** The same path streams what happens in the service to callers who accept text/event-stream, see src/health. */
@ApiTags('events')
@ApiExtraModels(DatasetMeta, WalletHistoryView)
@ApiProduces('application/json', 'text/csv')
@ListRefusals()
@Controller('api/v1')
export class EventsController {
  constructor(private readonly reader: EventReader) {}

  @Get(['events', 'events.csv'])
  @ApiOperation({ summary: 'Stakes, unstakes and transfers of the wallets' })
  @ApiOkResponse({ type: EventsAnswer })
  async list(
    @Query(new StrictValidationPipe()) query: EventsQuery,
    @Req() request: ListRequest,
    @Res() reply: HttpReply,
  ): Promise<void> {
    await sendList(request, reply, query, await this.reader.list(query));
  }
}
