import { parseRetryAfter } from '../../common';

export type Headers = Readonly<Record<string, string | readonly string[] | undefined>>;

export interface AskedWait {
  delayMs: number | null;
  invalidRetryAfter: number;
}

/** A reset above this is a Unix time, below it a number of seconds. */
const EPOCH_THRESHOLD = 1_000_000_000;
const WHOLE = /^\d{1,12}$/;

/**
 * How long the answer asks us to wait: `Retry-After`, else `RateLimit: ...;r=0;t=30` (ratelimit-headers draft), else
 * `X-RateLimit-Reset`. TaoStats itself is known to send none of them. Names are lower case, as Node has them.
 */
export function askedWait(headers: Headers, nowMs: number): AskedWait {
  const date = headers['date'];
  const dateHeader = typeof date === 'string' ? date : undefined;
  const retryAfter = parseRetryAfter(headers['retry-after'], { dateHeader, nowMs });
  const delayMs = retryAfter.delayMs ?? rateLimitReset(headers['ratelimit']) ?? legacyReset(headers, nowMs);
  return { delayMs, invalidRetryAfter: retryAfter.invalid };
}

function rateLimitReset(header: Headers[string]): number | null {
  if (typeof header !== 'string') return null;
  const remaining = /;\s*r=(\d{1,9})/.exec(header)?.[1];
  const reset = /;\s*t=(\d{1,9})/.exec(header)?.[1];
  return remaining === '0' && reset !== undefined ? Math.max(Number(reset), 1) * 1000 : null;
}

function legacyReset(headers: Headers, nowMs: number): number | null {
  const reset = headers['x-ratelimit-reset'];
  if (typeof reset !== 'string' || !WHOLE.test(reset.trim())) return null;
  const value = Number(reset);
  const delayMs = value > EPOCH_THRESHOLD ? value * 1000 - nowMs : value * 1000;
  return Math.max(delayMs, 1000);
}
