import type { CallOutcome } from '../../metrics';
import { RateLimitedError, TaostatsError, type TaostatsReason } from '../taostats-errors';

const REASONS: Readonly<Record<Exclude<CallOutcome, 'ok'>, TaostatsReason>> = {
  rate_limited: 'rate-limited',
  quota_exhausted: 'quota-exhausted',
  bad_payload: 'bad-payload',
  contract: 'contract',
  permanent: 'bad-request',
  plan_gated: 'plan-gated',
  auth: 'auth-rejected',
  transient: 'unavailable',
  network: 'unavailable',
  security: 'untrusted-tls',
  redirect: 'unavailable',
  cancelled: 'cancelled',
  stale_socket: 'unavailable',
};

export interface FailureContext {
  endpoint: string;
  /** Our own words for what happened; never text from upstream. */
  detail: string;
  /** 0 when nothing pauses. */
  pausedUntilMs: number;
  cause?: unknown;
}

/** The error that callers get for a failed attempt. */
export function failureOf(outcome: Exclude<CallOutcome, 'ok'>, context: FailureContext): TaostatsError {
  const { endpoint, detail, pausedUntilMs, cause } = context;
  const retryAt = new Date(pausedUntilMs);
  if (outcome === 'rate_limited') return new RateLimitedError(retryAt, { endpoint, cause });
  const paused = outcome === 'auth' || outcome === 'quota_exhausted' ? { retryAt } : {};
  return new TaostatsError(REASONS[outcome], `${endpoint}: ${detail}`, { endpoint, cause, ...paused });
}
