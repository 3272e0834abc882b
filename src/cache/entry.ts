import type { Stamped } from './stamped';

/** Raised whenever the shape of an entry changes: entries of another version are misses. */
const VERSION = 2;
/** Times to live differ by so much from entry to entry, so that what was stored together is not asked for together. */
const JITTER = 0.1;
/** That there is nothing may be news in half a minute. */
const LONGEST_NEGATIVE_MS = 30_000;

/** What a store keeps under a key. */
export interface Entry {
  v: number;
  fetchedAt: string;
  upstreamAt: string | null;
  value: unknown;
  /** Upstream had nothing, or nothing to say. */
  negative: boolean;
  /** Of the time to live, 0.9 to 1.1. */
  share: number;
}

/** An entry as it was read. */
export interface Kept {
  answer: Stamped<unknown>;
  negative: boolean;
  share: number;
}

/** `random` is 0 to 1. */
export function toEntry(
  { value, fetchedAt, upstreamAt }: Stamped<unknown>,
  { negative, random }: { negative: boolean; random: number },
): Entry {
  return {
    v: VERSION,
    fetchedAt: fetchedAt.toISOString(),
    upstreamAt: upstreamAt?.toISOString() ?? null,
    value,
    negative,
    share: 1 - JITTER + 2 * JITTER * random,
  };
}

/** What a stored entry holds; null when it is anything but a whole entry of this version. */
export function fromEntry(stored: unknown): Kept | null {
  if (typeof stored !== 'object' || stored === null) return null;
  const { v, fetchedAt, upstreamAt, value, negative, share } = stored as Partial<Entry>;
  if (v !== VERSION || value === undefined || typeof fetchedAt !== 'string') return null;
  if (typeof negative !== 'boolean' || typeof share !== 'number') return null;
  const fetched = new Date(fetchedAt);
  const upstream = typeof upstreamAt === 'string' ? new Date(upstreamAt) : null;
  if (Number.isNaN(fetched.getTime()) || (upstream !== null && Number.isNaN(upstream.getTime()))) return null;
  return { answer: { value, fetchedAt: fetched, upstreamAt: upstream }, negative, share };
}

/** Until which age an entry will do for a reader who allows `ttlMs`. */
export function freshForMs({ negative, share }: Kept, ttlMs: number): number {
  return negative ? Math.min(LONGEST_NEGATIVE_MS, ttlMs) : ttlMs * share;
}

/** How long a store has to keep what a reader with `ttlMs` may still want. */
export function keepForMs(ttlMs: number): number {
  return ttlMs * (1 + JITTER);
}
