import { Controller, HttpCode, Post, Req } from '@nestjs/common';
import { ApiForbiddenResponse, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { AppError, type Caller } from '../common';
import { MetricsStore } from '../database';
import { TrustSnapshot } from './trust-snapshot.service';

interface Peer {
  ip: string;
  headers: Record<string, string | string[] | undefined>;
  /** Known when tokens are configured; then its scope has been checked before. */
  caller?: Caller | undefined;
}

@ApiTags('operations')
@Controller('api/v1/metrics')
export class MetricsResetController {
  constructor(
    private readonly store: MetricsStore,
    private readonly snapshot: TrustSnapshot,
  ) {}

  @Post('reset')
  @HttpCode(200)
  @ApiOperation({
    summary: 'All counters back to zero, for tests; by an admin token, without tokens from this machine only',
  })
  @ApiOkResponse({ schema: { example: { reset: true, counting_since: '2026-01-15T12:00:00.000Z' } } })
  @ApiForbiddenResponse({ description: 'Asked from another machine, or from a web page of another origin' })
  async reset(@Req() request: Peer): Promise<{ reset: true; counting_since: Date | null }> {
    if (request.caller === undefined && !isFromThisMachine(request)) {
      throw new AppError('metrics/not-allowed', 'Without tokens, counters are reset from this machine only', {
        status: 403,
      });
    }
    await this.store.reset();
    await this.snapshot.look();
    return { reset: true, counting_since: this.store.reading().countingSince };
  }
}

/** Loopback, not through a proxy on this machine, and not by a browser on behalf of a foreign page. */
export function isFromThisMachine({ ip, headers }: Peer): boolean {
  const address = ip.replace(/^::ffff:/, '');
  const isLoopback = address === '::1' || /^127\.\d{1,3}\.\d{1,3}\.\d{1,3}$/.test(address);
  const isProxied = headers['x-forwarded-for'] !== undefined || headers['forwarded'] !== undefined;
  const site = headers['sec-fetch-site'];
  return isLoopback && !isProxied && (site === undefined || site === 'same-origin' || site === 'none');
}
