import type { Clock } from '../common';
import type { CacheMetrics } from '../metrics';
import { fromEntry, toEntry } from './entry';
import { type EntryStore, UnreadableEntryError } from './entry-store';
import type { Stamped } from './stamped';

export interface CacheRead<T> {
  /** What hits and misses are counted by: an endpoint's path template, never a key. */
  namespace: string;
  /** From `cacheKey`. */
  key: string;
  /** Longest age, counted from `fetchedAt`, at which a stored value will do; 0 asks every time and stores nothing. */
  ttlMs: number;
  fetch: () => Promise<Stamped<T>>;
  /** Ask now and store the answer, whatever is cached. Counts neither as a hit nor as a miss. */
  refresh?: boolean;
}

export type Cached<T> = Stamped<T> & { origin: 'cache' | 'network' };

export interface CacheState {
  kind: 'memory' | 'redis';
  available: boolean;
  lastError: string | null;
}

/** Stamps of another replica may be ahead of our clock by this much. */
const CLOCK_TOLERANCE_MS = 60_000;

/**
 * Keeps answers for as long as their reader allows. Whatever is wrong with a store costs a miss and a metric: errors
 * reach the caller from `fetch` only. Values come back as JSON gives them, and belong to whoever reads them.
 */
export class ReadThroughCache {
  /** One question is asked once at a time; followers get the leader's answer or its error. */
  private readonly flights = new Map<string, Promise<Stamped<unknown>>>();

  /** `store` first; `spare` answers, from this process alone, while the store cannot. */
  constructor(
    private readonly store: EntryStore,
    private readonly spare: EntryStore | null,
    private readonly metrics: CacheMetrics,
    private readonly clock: Clock,
  ) {}

  async read<T>(request: CacheRead<T>): Promise<Cached<T>> {
    const { namespace, key, ttlMs, refresh = false } = request;
    if (ttlMs > 0 && !refresh) {
      const stored = await this.find(namespace, key, ttlMs);
      if (stored !== null) {
        this.metrics.hit(namespace);
        return { ...(stored as Stamped<T>), origin: 'cache' };
      }
      this.metrics.miss(namespace);
    }
    return { ...(await this.fetchOnce(request)), origin: 'network' };
  }

  /** Forgets the answer; one that is on its way is not stored either. */
  async invalidate(key: string): Promise<void> {
    this.flights.delete(key);
    await Promise.allSettled([this.store.delete(key), this.spare?.delete(key)]);
  }

  state(): CacheState {
    const { kind, available, lastError } = this.store;
    return { kind, available, lastError };
  }

  async onApplicationShutdown(): Promise<void> {
    await Promise.all([this.store.close(), this.spare?.close()]);
  }

  private fetchOnce<T>(request: CacheRead<T>): Promise<Stamped<T>> {
    const { key } = request;
    const running = this.flights.get(key);
    if (running !== undefined) return running as Promise<Stamped<T>>;
    const flight: Promise<Stamped<T>> = this.fetchAndKeep(request, () => this.flights.get(key) === flight).finally(
      () => {
        if (this.flights.get(key) === flight) this.flights.delete(key);
      },
    );
    this.flights.set(key, flight);
    return flight;
  }

  private async fetchAndKeep<T>(request: CacheRead<T>, isWanted: () => boolean): Promise<Stamped<T>> {
    const answer = await request.fetch();
    if (request.ttlMs > 0 && isWanted()) await this.keep(request, answer);
    return answer;
  }

  private async keep({ namespace, key, ttlMs }: CacheRead<unknown>, answer: Stamped<unknown>): Promise<void> {
    try {
      const entry = toEntry(answer);
      await this.spare?.set(key, entry, ttlMs);
      await this.store.set(key, entry, ttlMs);
    } catch {
      this.metrics.failure(namespace);
    }
  }

  private async find(namespace: string, key: string, ttlMs: number): Promise<Stamped<unknown> | null> {
    try {
      return await this.findIn(this.store, key, ttlMs);
    } catch (error) {
      this.metrics.failure(namespace);
      if (error instanceof UnreadableEntryError) await this.store.delete(key).catch(() => undefined);
      else if (this.spare !== null) return this.findIn(this.spare, key, ttlMs);
      return null;
    }
  }

  private async findIn(store: EntryStore, key: string, ttlMs: number): Promise<Stamped<unknown> | null> {
    const stored = await store.get(key);
    if (stored === undefined) return null;
    const answer = fromEntry(stored);
    if (answer === null) throw new UnreadableEntryError(key);
    const ageMs = this.clock.nowMs() - answer.fetchedAt.getTime();
    return ageMs < ttlMs && ageMs > -CLOCK_TOLERANCE_MS ? answer : null;
  }
}
