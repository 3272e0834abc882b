import type { Stamped } from './stamped';

/** Raised whenever the shape of an entry changes: entries of another version are misses. */
const VERSION = 1;

/** What a store keeps under a key. */
export interface Entry {
  v: number;
  fetchedAt: string;
  upstreamAt: string | null;
  value: unknown;
}

export function toEntry({ value, fetchedAt, upstreamAt }: Stamped<unknown>): Entry {
  return { v: VERSION, fetchedAt: fetchedAt.toISOString(), upstreamAt: upstreamAt?.toISOString() ?? null, value };
}

/** The stamped value of a stored entry; null when it is anything but a whole entry of this version. */
export function fromEntry(stored: unknown): Stamped<unknown> | null {
  if (typeof stored !== 'object' || stored === null) return null;
  const { v, fetchedAt, upstreamAt, value } = stored as Partial<Entry>;
  if (v !== VERSION || value === undefined || typeof fetchedAt !== 'string') return null;
  const fetched = new Date(fetchedAt);
  const upstream = typeof upstreamAt === 'string' ? new Date(upstreamAt) : null;
  if (Number.isNaN(fetched.getTime()) || (upstream !== null && Number.isNaN(upstream.getTime()))) return null;
  return { value, fetchedAt: fetched, upstreamAt: upstream };
}
