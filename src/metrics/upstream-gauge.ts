import { Injectable } from '@nestjs/common';

export type BreakerState = 'closed' | 'open' | 'half_open';

/** Where this service stands with TaoStats; times by the database's clock. */
export interface UpstreamSnapshot {
  /** The key's name in what is counted of it; never the key. */
  keyScope?: string;
  /** Configured requests per minute. */
  limitPerMinute: number;
  /** What TaoStats was seen to allow; at most `limitPerMinute`. */
  learnedLimit: number;
  /** Tokens taken in the running window. */
  usedInWindow: number;
  /** No call before then; null or past: no pause. */
  blockedUntil: Date | null;
  pauseReason: string | null;
  breakers: { scope: string; state: BreakerState; until: Date | null }[];
  keyState: 'ok' | 'rejected' | 'unknown';
  /** Credits are used up; next probe then. */
  quotaExhaustedUntil: Date | null;
  /** Endpoint templates that the plan does not include. */
  planGated: string[];
  invalidRetryAfterTotal: number;
  /** A Retry-After beyond 24 h was cut to 24 h. */
  pauseClamped?: boolean;
  /** TLS or host of the upstream could not be trusted; null while it can. */
  securityProblem?: string | null;
}

/** Holds the newest view of the upstream, so that health can show it without knowing TaoStats. */
@Injectable()
export class UpstreamGauge {
  private current: UpstreamSnapshot | null = null;

  setUpstreamSnapshot(snapshot: UpstreamSnapshot): void {
    this.current = snapshot;
  }

  /** Null until the client has looked for the first time. */
  upstreamSnapshot(): UpstreamSnapshot | null {
    return this.current;
  }
}
