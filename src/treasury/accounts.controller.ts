import { Controller, Get, Param, Query, Req, Res } from '@nestjs/common';
import { ApiExtraModels, ApiOkResponse, ApiOperation, ApiParam, ApiProduces, ApiTags } from '@nestjs/swagger';
import { DatasetMeta, type HttpReply, StrictValidationPipe } from '../common';
import { AccountReader } from './account-reader.service';
import { AccountHistoryAnswer, AccountsAnswer } from './account.view';
import { AccountHistoryQuery, AccountsQuery } from './accounts-query';
import { type ListRequest, sendList } from './list-answer';
import { ADDRESS_EXAMPLE } from './list-query';
import { ListRefusals } from './list-refusals';
import { WalletHistoryView } from './wallet.view';

@ApiTags('accounts')
@ApiExtraModels(DatasetMeta, WalletHistoryView)
@ApiProduces('application/json', 'text/csv')
@ListRefusals()
@Controller('api/v1')
export class AccountsController {
  constructor(private readonly reader: AccountReader) {}

  @Get(['accounts', 'accounts.csv'])
  @ApiOperation({ summary: 'What each wallet has: free, staked, reserved, in all' })
  @ApiOkResponse({ type: AccountsAnswer })
  async list(
    @Query(new StrictValidationPipe()) query: AccountsQuery,
    @Req() request: ListRequest,
    @Res() reply: HttpReply,
  ): Promise<void> {
    await sendList(request, reply, query, await this.reader.list(query));
  }

  @Get(['accounts/:address/history', 'accounts/:address/history.csv'])
  @ApiOperation({ summary: 'A wallet’s account at the end of each UTC day' })
  @ApiParam({ name: 'address', example: ADDRESS_EXAMPLE })
  @ApiOkResponse({ type: AccountHistoryAnswer })
  async history(
    @Param('address') address: string,
    @Query(new StrictValidationPipe()) query: AccountHistoryQuery,
    @Req() request: ListRequest,
    @Res() reply: HttpReply,
  ): Promise<void> {
    await sendList(request, reply, query, await this.reader.history(address, query));
  }
}
