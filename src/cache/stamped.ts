/** A value with its times: when we fetched it, and how new it is by upstream's own stamp (null where it has none). */
export interface Stamped<T> {
  /** JSON-safe: strings, numbers, booleans, null, lists and plain objects. Amounts are decimal strings. */
  value: T;
  fetchedAt: Date;
  upstreamAt: Date | null;
}
