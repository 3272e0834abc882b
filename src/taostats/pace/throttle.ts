import { type BackoffShape, computeBackoffMs } from './backoff';

/** A 429 for the minute heals by waiting; one for used-up credits does not heal within the month. */
export type ThrottleKind = 'minute' | 'credits';

const CREDITS = /insufficient credits|remaining:\s*0\b|credits? (?:exhausted|depleted)/i;

export function throttleKind(message: string): ThrottleKind {
  return CREDITS.test(message) ? 'credits' : 'minute';
}

const FALLBACK_MS = 60_000;
const FALLBACK_CAP_MS = 900_000;
/** Credits and rejected keys are looked at again this often: one probe each. */
export const COOL_DOWN_MS = 15 * 60_000;
/** A hostile Retry-After must not silence us for ever: one probe a day at the least. */
export const PAUSE_CLAMP_MS = 24 * 3_600_000;
const RELEASE_MARGIN_MS = 1000;
const RELEASE_JITTER = 0.1;

export interface PauseInput {
  /** What the answer asked for; null when it said nothing that could be read. */
  askedMs: number | null;
  /** 429s in a row before this one. */
  strikes: number;
  /** ENABLE_RETRY_AFTER: false uses the backoff and ignores what was asked. */
  honourRetryAfter: boolean;
  backoff: BackoffShape;
  random: number;
}

export interface Pause {
  pauseMs: number;
  clamped: boolean;
}

/**
 * How long the whole key pauses after a 429: what was asked plus 1 s and up to 10 %, so that replicas do not return
 * together; without a header 60 s, doubled by every further 429 up to 15 min; never above 24 h.
 */
export function computePause(input: PauseInput): Pause {
  const { askedMs, strikes, honourRetryAfter, backoff, random } = input;
  if (!honourRetryAfter) return { pauseMs: computeBackoffMs(strikes + 1, backoff, random), clamped: false };
  const waitMs = askedMs ?? Math.min(FALLBACK_MS * 2 ** Math.min(strikes, 10), FALLBACK_CAP_MS);
  if (waitMs > PAUSE_CLAMP_MS) return { pauseMs: PAUSE_CLAMP_MS, clamped: true };
  return { pauseMs: Math.ceil(waitMs * (1 + RELEASE_JITTER * random)) + RELEASE_MARGIN_MS, clamped: false };
}
