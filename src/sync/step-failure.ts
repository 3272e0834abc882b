import { isRefusedByDatabase } from '../database';
import { NoTurnError, TaostatsError, type TaostatsReason } from '../taostats';
import type { Setback } from './dataset';

/** Answers that the next question would get too: asking on would only cost calls. */
const FOR_ALL: ReadonlySet<TaostatsReason> = new Set([
  'rate-limited',
  'quota-exhausted',
  'auth-rejected',
  'plan-gated',
  'untrusted-tls',
  'breaker-open',
  'limiter-unavailable',
]);

export interface StepFailure extends Setback {
  /** True when the other steps of the run would fail for the same reason. */
  endsRun: boolean;
}

/** An error that is one step's own, as what it means for the run; null for errors that the run must end with. */
export function stepFailure(error: unknown): StepFailure | null {
  if (error instanceof TaostatsError && error.reason !== 'cancelled') {
    const { code, message: reason, retryAt } = error;
    return { state: 'failed', code, reason, retryAt, endsRun: FOR_ALL.has(error.reason) };
  }
  if (isRefusedByDatabase(error)) {
    const reason = 'PostgreSQL refused to store the answer; the log has the reason.';
    return { state: 'failed', code: 'sync/database-failure', reason, retryAt: null, endsRun: false };
  }
  return null;
}

/** The setback of a run with several: a refusal says more than a missing answer. */
export function worstSetback(setbacks: readonly Setback[]): Setback | null {
  return setbacks.find((setback) => setback.state === 'protected') ?? setbacks[0] ?? null;
}

/**
 * Of one step of a back-fill: a key of five calls a minute leaves one to the past, and as many steps wait for it as there
 * are workers for it. With less time, whoever joins the line last would never have his turn.
 */
export const BACKFILL_DEADLINE_MS = 200_000;

/** True when everything else came first for the whole of a back-fill's time: the past can wait, and nobody failed. */
export function isWithoutTurn(error: unknown): boolean {
  return error instanceof NoTurnError || (error instanceof TaostatsError && error.reason === 'deadline');
}
