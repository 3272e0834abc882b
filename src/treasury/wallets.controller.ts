import { Body, Controller, Delete, Get, Headers, HttpCode, Param, Patch, Post, Query, Res } from '@nestjs/common';
import {
  ApiBadRequestResponse,
  ApiConflictResponse,
  ApiCreatedResponse,
  ApiExtraModels,
  ApiNoContentResponse,
  ApiNotFoundResponse,
  ApiNotModifiedResponse,
  ApiOkResponse,
  ApiOperation,
  ApiParam,
  ApiServiceUnavailableResponse,
  ApiTags,
} from '@nestjs/swagger';
import { DatasetMeta, type HttpReply, InvalidInputError, sendDated, StrictValidationPipe, strongEtag } from '../common';
import { WalletBook } from './wallet-book.service';
import { NewWallet, WalletChange, WalletsQuery } from './wallet-requests';
import { WalletAnswer, WalletDatasetView, WalletHistoryView, WalletsAnswer } from './wallet.view';

const ADDRESS = { name: 'address', example: '5FHneW46xGXgs5mUiveU4sbTyGBzmstUspZC92UhjJM694ty' } as const;
const NOT_FOLLOWED = 'The wallet is not followed.';

@ApiTags('wallets')
@ApiExtraModels(DatasetMeta, WalletDatasetView, WalletHistoryView)
@ApiBadRequestResponse({ description: 'A problem that names the field and the reason: mistyped, or another network.' })
@ApiServiceUnavailableResponse({ description: 'PostgreSQL is away; see Retry-After.' })
@Controller('api/v1/wallets')
export class WalletsController {
  constructor(private readonly book: WalletBook) {}

  @Get()
  @ApiOperation({ summary: 'The wallets that are followed, how each stands and how complete its history is' })
  @ApiOkResponse({ type: WalletsAnswer })
  @ApiNotModifiedResponse({ description: 'Nothing has changed for the reader of If-None-Match.' })
  async list(
    @Query(new StrictValidationPipe()) query: WalletsQuery,
    @Headers('if-none-match') known: string | undefined,
    @Res() reply: HttpReply,
  ): Promise<void> {
    const { data, meta } = await this.book.list(query.include_deleted ?? false);
    const etag = strongEtag('wallets', data, meta.trust, meta.source);
    sendDated(reply, known, { meta, etag, body: () => ({ data, meta }) satisfies WalletsAnswer });
  }

  @Get(':address')
  @ApiOperation({ summary: 'One wallet, also one that is no longer followed' })
  @ApiParam(ADDRESS)
  @ApiOkResponse({ type: WalletAnswer })
  @ApiNotModifiedResponse({ description: 'Nothing has changed for the reader of If-None-Match.' })
  @ApiNotFoundResponse({ description: NOT_FOLLOWED })
  async read(
    @Param('address') address: string,
    @Headers('if-none-match') known: string | undefined,
    @Res() reply: HttpReply,
  ): Promise<void> {
    const { data, meta } = await this.book.get(address);
    const etag = strongEtag('wallet', data, meta.trust, meta.source);
    sendDated(reply, known, { meta, etag, body: () => ({ data, meta }) satisfies WalletAnswer });
  }

  @Post()
  @ApiOperation({ summary: 'Follows a wallet, again if it had been deleted; its positions are synced at once' })
  @ApiCreatedResponse({ type: WalletAnswer, description: 'Followed from now on.' })
  @ApiOkResponse({ type: WalletAnswer, description: 'It was followed already.' })
  @ApiConflictResponse({ description: 'It is followed already, under another label.' })
  async add(
    @Body(new StrictValidationPipe()) wallet: NewWallet,
    @Res({ passthrough: true }) reply: HttpReply,
  ): Promise<WalletAnswer> {
    const { address, label } = wallet;
    const outcome = await this.book.add(address, label ?? null);
    reply
      .code(outcome === 'known' ? 200 : 201)
      .header('location', `/api/v1/wallets/${address}`)
      .header('cache-control', 'no-store');
    return this.book.get(address);
  }

  @Patch(':address')
  @ApiOperation({ summary: 'Renames a wallet, pauses its syncs or resumes them' })
  @ApiParam(ADDRESS)
  @ApiOkResponse({ type: WalletAnswer })
  @ApiNotFoundResponse({ description: NOT_FOLLOWED })
  async change(
    @Param('address') address: string,
    @Body(new StrictValidationPipe()) change: WalletChange,
    @Res({ passthrough: true }) reply: HttpReply,
  ): Promise<WalletAnswer> {
    const { label, active } = change;
    if (label === undefined && active == null) {
      const message = 'or `active`: at least one of them must be given';
      throw new InvalidInputError('request/invalid-body', [{ field: 'label', message }]);
    }
    await this.book.change(address, {
      ...(label === undefined ? {} : { label }),
      ...(active == null ? {} : { isActive: active }),
    });
    reply.header('cache-control', 'no-store');
    return this.book.get(address);
  }

  @Delete(':address')
  @HttpCode(204)
  @ApiOperation({ summary: 'Stops following a wallet; everything known of it stays' })
  @ApiParam(ADDRESS)
  @ApiNoContentResponse({ description: 'No longer followed.' })
  @ApiNotFoundResponse({ description: NOT_FOLLOWED })
  remove(@Param('address') address: string): Promise<void> {
    return this.book.remove(address);
  }
}
