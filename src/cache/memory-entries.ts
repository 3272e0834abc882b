import { createCache, type MemoryCache, memoryStore } from 'cache-manager';
import type { Entry } from './entry';
import type { EntryStore } from './entry-store';

/** A full answer of 129 pools takes 0.4 MB as text. */
const MAX_CHARACTERS = 32 * 1024 * 1024;
const MAX_ENTRIES = 500;

/** Entries of this process, the least recently used leave first. Kept as text: what readers do to a value is theirs alone. */
export class MemoryEntries implements EntryStore {
  readonly kind = 'memory';
  readonly available = true;
  readonly lastError = null;
  private readonly cache: MemoryCache;

  constructor() {
    this.cache = createCache(
      memoryStore({
        max: MAX_ENTRIES,
        maxSize: MAX_CHARACTERS,
        sizeCalculation: (text) => Math.max(1, String(text).length),
        shouldCloneBeforeSet: false,
        // None: readers judge the age, and the store's own timers, one an entry, fire at once beyond 24 days.
        ttl: 0,
      }),
    );
  }

  async get(key: string): Promise<unknown> {
    const text = await this.cache.get<string>(key);
    return text === undefined ? undefined : (JSON.parse(text) as unknown);
  }

  async set(key: string, entry: Entry): Promise<void> {
    await this.cache.set(key, JSON.stringify(entry));
  }

  async delete(key: string): Promise<void> {
    await this.cache.del(key);
  }

  close(): Promise<void> {
    return this.cache.reset();
  }
}
