import type { Cached, Stamped } from '../cache';
import type { Fetched } from './fetch-request';
import { TaostatsError } from './taostats-errors';

/** What of an answer goes through the cache. */
export type Answer<P> = Omit<Fetched<P>, 'fetchedAt' | 'upstreamAt' | 'origin' | 'calls'>;

/** TaoStats will not answer this question, however often it is asked. */
interface Refusal {
  refusal: string;
}

export type Keepable<P> = Answer<P> | Refusal;

/** Turns a refusal into what the cache can keep, so that a question without an answer is not asked anew by every reader. */
export function keepRefusal(error: unknown, fetchedAt: Date): Stamped<Refusal> {
  if (!(error instanceof TaostatsError) || error.reason !== 'bad-request') throw error;
  return { value: { refusal: error.message }, fetchedAt, upstreamAt: null };
}

/** The answer; throws `taostats/bad-request` when a refusal was kept instead. */
export function throwRefusal<P>(cached: Cached<Keepable<P>>): Cached<Answer<P>> {
  const { value } = cached;
  if ('refusal' in value) throw new TaostatsError('bad-request', value.refusal);
  return { ...cached, value };
}

/** No row at all, or a refusal. */
export function isNegative(value: Keepable<unknown>): boolean {
  return 'refusal' in value || (value.rows.length === 0 && value.rejected.length === 0);
}

/** True when TaoStats, or the way to it, failed: then an old answer is better than none. */
export function isOutage(error: unknown): boolean {
  return error instanceof TaostatsError && error.reason !== 'plan-gated' && error.reason !== 'cancelled';
}
