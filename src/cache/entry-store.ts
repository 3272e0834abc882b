import type { Entry } from './entry';

/** Where entries live. Every method may reject; nobody may depend on what a store holds. */
export interface EntryStore {
  readonly kind: 'memory' | 'redis';
  /** False while reads and writes are known to be of no use. */
  readonly available: boolean;
  /** What went wrong last; null when nothing has since it last answered. */
  readonly lastError: string | null;
  /** Undefined when there is none. Rejects with `UnreadableEntryError` when there is something else. */
  get(key: string): Promise<unknown>;
  set(key: string, entry: Entry, ttlMs: number): Promise<void>;
  delete(key: string): Promise<void>;
  /** Absent where no other process sees the store. False while somebody else holds the claim, for `ttlMs` at most. */
  claim?(key: string, ttlMs: number): Promise<boolean>;
  release?(key: string): Promise<void>;
  close(): Promise<void>;
}

/** Under the key is something that is no entry: text that is no JSON, or a Redis list. It may be deleted. */
export class UnreadableEntryError extends Error {}
