import { type ExecutionContext, Inject, Injectable } from '@nestjs/common';
import { ThrottlerGuard, type ThrottlerLimitDetail, type ThrottlerModuleOptions } from '@nestjs/throttler';
import { TooManyRequestsError } from './access-errors';
import { CallerLimits, type LimitedRequest, MINUTE_MS } from './caller-limits.service';
import type { ClientCounts } from './client-counts.service';

/** Refuses in our own words; who is limited, and how far, is in `throttlerOptions`. */
@Injectable()
export class CallerThrottlerGuard extends ThrottlerGuard {
  @Inject(CallerLimits) private readonly limits!: CallerLimits;

  /** Asked before the route's own limits are looked up: on loopback nobody has one. */
  protected override shouldSkip(context: ExecutionContext): Promise<boolean> {
    return Promise.resolve(this.limits.limitFor(requestOf(context)) === 0);
  }

  protected override throwThrottlingException(
    _context: ExecutionContext,
    { limit, timeToBlockExpire }: ThrottlerLimitDetail,
  ): Promise<void> {
    return Promise.reject(new TooManyRequestsError(limit, timeToBlockExpire));
  }
}

/** One limit per caller over all routes, on counts that all replicas share. */
export function throttlerOptions(limits: CallerLimits, counts: ClientCounts): ThrottlerModuleOptions {
  return {
    storage: counts,
    setHeaders: false,
    getTracker: (request) => limits.clientOf(request as LimitedRequest),
    generateKey: (_context, client) => client,
    throttlers: [{ ttl: MINUTE_MS, limit: (context) => limits.limitFor(requestOf(context)) }],
  };
}

function requestOf(context: ExecutionContext): LimitedRequest {
  return context.switchToHttp().getRequest<LimitedRequest>();
}
