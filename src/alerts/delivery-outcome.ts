import { TargetRefusedError, parseRetryAfter } from '../common';
import type { DeliveryOutcome } from '../database';
import type { PostAnswer } from './guarded-post';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
/** Waits before each retry, as Standard Webhooks advises; after the last one the delivery has failed. */
const RETRY_MS = [
  5_000,
  5 * MINUTE_MS,
  30 * MINUTE_MS,
  2 * HOUR_MS,
  5 * HOUR_MS,
  10 * HOUR_MS,
  14 * HOUR_MS,
  20 * HOUR_MS,
];
/** A wait differs from the plan by up to a fifth, so that receivers do not get everything at once. */
const JITTER = 0.2;
const LONGEST_PAUSE_MS = 24 * HOUR_MS;
/** The receiver asks not to be written to again. */
const GONE = 410;

/** An attempt as it ended: an answer, or the error that kept one away. */
export type Attempt = { answer: PostAnswer } | { error: unknown };

export interface AttemptedAt {
  /** 1 for the first. */
  attempts: number;
  now: Date;
  /** In [0, 1). */
  random: number;
}

/** What an attempt makes of its delivery. Refused targets, redirects and 410 end it; everything else is tried again. */
export function outcomeOf(attempt: Attempt, tried: AttemptedAt): DeliveryOutcome {
  if ('error' in attempt) {
    const { error } = attempt;
    if (error instanceof TargetRefusedError) return failed(null, error.rule);
    return again(tried, 0, { httpStatus: null, errorCode: connectionError(error) });
  }
  const { status, retryAfter, date } = attempt.answer;
  if (status >= 200 && status < 300) {
    return { status: 'delivered', nextAttemptAt: null, httpStatus: status, errorCode: null };
  }
  if (status >= 300 && status < 400) return failed(status, 'delivery/redirected');
  if (status === GONE) return failed(status, 'delivery/gone');
  const pauseMs = parseRetryAfter(retryAfter, { dateHeader: date, nowMs: tried.now.getTime() }).delayMs ?? 0;
  return again(tried, pauseMs, { httpStatus: status, errorCode: `delivery/http-${status}` });
}

function again(
  { attempts, now, random }: AttemptedAt,
  pauseMs: number,
  seen: Pick<DeliveryOutcome, 'httpStatus' | 'errorCode'>,
): DeliveryOutcome {
  const plannedMs = RETRY_MS[attempts - 1];
  if (plannedMs === undefined) return { status: 'failed', nextAttemptAt: null, ...seen };
  const waitMs = Math.max(plannedMs * (1 + JITTER * (2 * random - 1)), Math.min(pauseMs, LONGEST_PAUSE_MS));
  return { status: 'pending', nextAttemptAt: new Date(now.getTime() + waitMs), ...seen };
}

function failed(httpStatus: number | null, errorCode: string): DeliveryOutcome {
  return { status: 'failed', nextAttemptAt: null, httpStatus, errorCode };
}

const CONNECTION_ERRORS: Readonly<Record<string, string>> = {
  ENOTFOUND: 'delivery/name-not-found',
  EAI_AGAIN: 'delivery/name-not-found',
  ECONNREFUSED: 'delivery/connection-refused',
  ECONNRESET: 'delivery/connection-lost',
  EPIPE: 'delivery/connection-lost',
  ETIMEDOUT: 'delivery/timed-out',
  ABORT_ERR: 'delivery/timed-out',
  // Among others: the other side speaks plain http.
  EPROTO: 'delivery/tls',
};

/** A code, never the message: that would hold the address. */
function connectionError(error: unknown): string {
  const causes = error instanceof AggregateError ? (error.errors as unknown[]) : [error];
  const codes = causes.map((cause) => (cause as NodeJS.ErrnoException | null)?.code ?? '');
  const known = codes.map((code) => CONNECTION_ERRORS[code]).find((code) => code !== undefined);
  if (known !== undefined) return known;
  return codes.some((code) => /CERT|TLS|SSL|SELF_SIGNED|UNABLE_TO/.test(code)) ? 'delivery/tls' : 'delivery/failed';
}
