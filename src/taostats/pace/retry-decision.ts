import type { CallOutcome } from '../../metrics';

/** What a call has used up so far. */
export interface CallHistory {
  /** Retries already made, without those on a stale socket. */
  retries: number;
  badPayloads: number;
  staleSockets: number;
}

export interface DecisionInput {
  outcome: CallOutcome;
  history: CallHistory;
  /** API_MAX_RETRIES. */
  maxRetries: number;
  /** After a throttled attempt: how long the key pauses. */
  pauseMs: number;
  /** RETRY_AFTER_MAX_WAIT_SECONDS in ms: bounds the sleep of a call, never the pause. */
  maxWaitMs: number;
  /** Until the call's deadline. */
  remainingMs: number;
  /** Wait that the backoff proposes. */
  backoffMs: number;
  /** Oversize and undecompressable bodies: reading them again only costs. */
  repeatable: boolean;
  /** The breaker still lets attempts through, and the retry budget has one left. */
  allowed: boolean;
}

export type Decision = { retry: false } | { retry: true; waitMs: number };

const STOP: Decision = { retry: false };

/**
 * Whether and when a failed attempt is repeated. A throttled one waits in the limiter, where the pause lies for all
 * replicas, so its own wait is 0; the call only has to be able to afford the pause.
 */
export function decideRetry(input: DecisionInput): Decision {
  const { outcome, history, maxRetries } = input;
  // Upstream closed an idle connection: a fresh socket costs nothing but its token.
  if (outcome === 'stale_socket') return history.staleSockets === 0 ? { retry: true, waitMs: 0 } : STOP;
  if (history.retries >= maxRetries) return STOP;
  if (outcome === 'rate_limited') {
    return input.pauseMs <= Math.min(input.maxWaitMs, input.remainingMs) ? { retry: true, waitMs: 0 } : STOP;
  }
  if (!input.allowed || input.backoffMs >= input.remainingMs) return STOP;
  if (outcome === 'bad_payload') {
    return input.repeatable && history.badPayloads <= 1 ? { retry: true, waitMs: input.backoffMs } : STOP;
  }
  return outcome === 'transient' || outcome === 'network' ? { retry: true, waitMs: input.backoffMs } : STOP;
}
