import { Controller, Get, Param, Query, Req, Res } from '@nestjs/common';
import {
  ApiExtraModels,
  ApiNotFoundResponse,
  ApiOkResponse,
  ApiOperation,
  ApiParam,
  ApiProduces,
  ApiTags,
} from '@nestjs/swagger';
import { DatasetMeta, type HttpReply, NetuidPipe, StrictValidationPipe, withoutCsvSuffix } from '../common';
import { type ListRequest, sendList } from './list-answer';
import { ListRefusals } from './list-refusals';
import { PositionReader } from './position-reader.service';
import { PositionHistoryAnswer, PositionsAnswer, SubnetPositionsAnswer } from './position.view';
import { PositionHistoryQuery, PositionsQuery, SubnetPositionsQuery } from './positions-query';
import { WalletHistoryView } from './wallet.view';

const NETUID = { name: 'netuid', schema: { type: 'integer', minimum: 0, maximum: 65_535 }, example: 64 } as const;
const NOT_FOUND = { description: 'The wallet is not followed, or there is no such subnet.' };

/** `64` and `64.csv`. */
class NetuidOfList extends NetuidPipe {
  override transform(text: string): number {
    return super.transform(withoutCsvSuffix(text));
  }
}

@ApiTags('positions')
@ApiExtraModels(DatasetMeta, WalletHistoryView)
@ApiProduces('application/json', 'text/csv')
@ListRefusals()
@Controller('api/v1')
export class PositionsController {
  constructor(private readonly reader: PositionReader) {}

  @Get(['positions', 'positions.csv'])
  @ApiOperation({ summary: 'What the wallets hold, valued at the newest pools' })
  @ApiOkResponse({ type: PositionsAnswer })
  async list(
    @Query(new StrictValidationPipe()) query: PositionsQuery,
    @Req() request: ListRequest,
    @Res() reply: HttpReply,
  ): Promise<void> {
    await sendList(request, reply, query, await this.reader.list(query));
  }

  @Get('positions/:netuid')
  @ApiOperation({ summary: 'What the wallets hold on one subnet, and the sum of it; with `.csv` behind it as CSV' })
  @ApiParam(NETUID)
  @ApiOkResponse({ type: SubnetPositionsAnswer })
  @ApiNotFoundResponse(NOT_FOUND)
  async onSubnet(
    @Param('netuid', new NetuidOfList()) netuid: number,
    @Query(new StrictValidationPipe()) query: SubnetPositionsQuery,
    @Req() request: ListRequest,
    @Res() reply: HttpReply,
  ): Promise<void> {
    await sendList(request, reply, query, await this.reader.onSubnet(netuid, query));
  }

  @Get(['positions/:netuid/history', 'positions/:netuid/history.csv'])
  @ApiOperation({ summary: 'The wallets’ positions on one subnet at the end of each UTC day' })
  @ApiParam(NETUID)
  @ApiOkResponse({ type: PositionHistoryAnswer })
  @ApiNotFoundResponse(NOT_FOUND)
  async history(
    @Param('netuid', new NetuidPipe()) netuid: number,
    @Query(new StrictValidationPipe()) query: PositionHistoryQuery,
    @Req() request: ListRequest,
    @Res() reply: HttpReply,
  ): Promise<void> {
    await sendList(request, reply, query, await this.reader.history(netuid, query));
  }
}
