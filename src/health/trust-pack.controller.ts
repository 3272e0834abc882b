import { Controller, Get, Headers, Res } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { TRUST_PACK_SCHEMA } from './trust-pack.schema';
import type { Reply } from './reply';
import { TrustSnapshot } from './trust-snapshot.service';

@ApiTags('trust')
@Controller('api/v1/trust-pack')
export class TrustPackController {
  constructor(private readonly snapshot: TrustSnapshot) {}

  @Get()
  @ApiOperation({ summary: 'What is known, how old it is, what is wrong and since when; answered from memory' })
  @ApiOkResponse({ description: 'Times are UTC, rates 0 to 1, null means unknown.', schema: TRUST_PACK_SCHEMA })
  read(@Headers('if-none-match') known: string | undefined, @Res() reply: Reply): void {
    const { body, etag } = this.snapshot.current();
    reply.header('etag', etag).header('cache-control', 'no-cache');
    if (known === etag) {
      reply.code(304).send();
      return;
    }
    reply.header('content-type', 'application/json; charset=utf-8').send(body);
  }
}
