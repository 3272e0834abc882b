import { Injectable } from '@nestjs/common';
import { normalizeIp } from '@nestjs/throttler';
import type { Caller, Scope } from '../common';
import { isLoopback, Settings } from '../config';
import { TooManyRequestsError } from './access-errors';
import { ClientCounts } from './client-counts.service';
import { isReading, pathOf, requiredScope } from './route-scope';

export const MINUTE_MS = 60_000;
/** An IPv6 caller owns a whole /64, and would otherwise have 2^64 counts. */
const IPV6_PREFIX = 64;

/** Who asks and what for, as far as limits go. */
export interface LimitedRequest {
  method: string;
  url: string;
  ip: string;
  routeOptions: { config?: { requiredScope?: Scope | 'open' } };
  caller?: Caller | undefined;
}

/** What one caller may send a minute: reads and changes are counted apart, so that polling does not lock an operator out. */
@Injectable()
export class CallerLimits {
  constructor(
    private readonly settings: Settings,
    private readonly counts: ClientCounts,
  ) {}

  /** The limit that holds for `request`; 0 is none: probes, and programs of this machine while it alone is served. */
  limitFor(request: LimitedRequest): number {
    if (this.settings.authTokens.length === 0 && isLoopback(withoutMapping(request.ip))) return 0;
    const { method } = request;
    const declared = request.routeOptions.config?.requiredScope;
    if (requiredScope({ method, path: pathOf(request.url), declared }) === 'open') return 0;
    return isReading(method) ? this.settings.clientRequestsPerMinute : this.settings.clientChangesPerMinute;
  }

  /** The name that the request is counted under: its token, else its address. */
  clientOf({ method, ip, caller }: LimitedRequest): string {
    const who =
      caller === undefined ? `address ${normalizeIp(withoutMapping(ip), IPV6_PREFIX)}` : `token ${caller.label}`;
    return isReading(method) ? who : `${who} changes`;
  }

  /** Counts `request`; throws `access/too-many-requests` when it is one too many. */
  check(request: LimitedRequest): void {
    const limit = this.limitFor(request);
    if (limit === 0) return;
    const { admitted, waitMs } = this.counts.admit(this.clientOf(request), limit, MINUTE_MS);
    if (!admitted) throw new TooManyRequestsError(limit, Math.max(1, Math.ceil(waitMs / 1000)));
  }
}

function withoutMapping(ip: string): string {
  return ip.replace(/^::ffff:(?=\d+\.)/, '');
}
