import type { Clock } from '../common';
import type { CacheMetrics } from '../metrics';
import { freshForMs, fromEntry, keepForMs, type Kept, toEntry } from './entry';
import { type EntryStore, UnreadableEntryError } from './entry-store';
import { FleetFlights } from './fleet-flights';
import type { Stamped } from './stamped';

/** What an answer beyond its time to live is good for. */
export interface StaleUse {
  /** Longest age at which it is given because `fetch` failed. Up to twice its time to live it is given at once. */
  onErrorForMs: number;
  /** Called beside a stale answer: asks, and stores the answer under the same key. May reject. */
  revalidate: () => Promise<unknown>;
  /** When it aborts, the reader waits no longer; its reason is the failure. */
  giveUp: AbortSignal;
  /** False for failures that are answers in themselves: these reach the reader. */
  covers: (error: unknown) => boolean;
}

export interface CacheRead<T> {
  /** What reads are counted by: an endpoint's path template, never a key. */
  namespace: string;
  /** From `cacheKey`. */
  key: string;
  /**
   * Age, counted from `fetchedAt` and up to 10 % more or less, at which a stored value will do; 0 asks every time and
   * stores nothing.
   */
  ttlMs: number;
  fetch: () => Promise<Stamped<T>>;
  /** Ask now and store the answer, whatever is cached. Not counted as a read. */
  refresh?: boolean;
  /** True for an answer that there is nothing: it does for half a minute at most, and never stale. */
  isNegative?: (value: T) => boolean;
  /** Absent: nothing older than `ttlMs` will do. */
  stale?: StaleUse;
}

export type Cached<T> = Stamped<T> & { origin: 'cache' | 'network' | 'stale' };

export interface CacheState {
  kind: 'memory' | 'redis';
  available: boolean;
  lastError: string | null;
}

/** What was found, with its age now. */
type Found = Kept & { ageMs: number };

/** Stamps of another replica may be ahead of our clock by this much. */
const CLOCK_TOLERANCE_MS = 60_000;
const REVALIDATED_UNTIL_TTLS = 2;

/**
 * Keeps answers for as long as their reader allows. Whatever is wrong with a store costs a miss and a metric: errors
 * reach the caller from `fetch` only. Values come back as JSON gives them, and belong to whoever reads them.
 */
export class ReadThroughCache {
  /** One question is asked once at a time; followers in this process get the leader's answer or its error. */
  private readonly flights = new Map<string, Promise<Stamped<unknown>>>();
  /** Questions that are asked beside a stale answer. */
  private readonly revalidating = new Set<string>();
  private readonly fleet: FleetFlights;

  /** `store` first; `spare` answers, from this process alone, while the store cannot. */
  constructor(
    private readonly store: EntryStore,
    private readonly spare: EntryStore | null,
    private readonly metrics: CacheMetrics,
    private readonly clock: Clock,
    private readonly random: () => number = Math.random,
  ) {
    this.fleet = new FleetFlights(store, clock);
  }

  async read<T>(request: CacheRead<T>): Promise<Cached<T>> {
    const { namespace, ttlMs, refresh = false, stale } = request;
    if (ttlMs <= 0 || refresh) return { ...(await this.fetchOnce(request)), origin: 'network' };
    const found = await this.find(request);
    if (found !== null && found.ageMs < freshForMs(found, ttlMs)) {
      this.metrics.hit(namespace);
      return { ...(found.answer as Stamped<T>), origin: 'cache' };
    }
    const old = stale === undefined || found?.negative === true ? null : found;
    if (old !== null && old.ageMs < REVALIDATED_UNTIL_TTLS * ttlMs) {
      this.revalidate(request);
      return this.giveStale(request, old);
    }
    try {
      const answer = await this.fetchUntilGivenUp(request);
      this.metrics.miss(namespace);
      return { ...answer, origin: 'network' };
    } catch (error) {
      if (old !== null && stale?.covers(error) === true) return this.giveStale(request, old);
      this.metrics.miss(namespace);
      throw error;
    }
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

  private giveStale<T>({ namespace }: CacheRead<T>, { answer }: Found): Cached<T> {
    this.metrics.stale(namespace);
    return { ...(answer as Stamped<T>), origin: 'stale' };
  }

  private revalidate<T>({ key, namespace, stale }: CacheRead<T>): void {
    if (stale === undefined || this.revalidating.has(key) || this.flights.has(key)) return;
    this.revalidating.add(key);
    stale
      .revalidate()
      // The reader has an answer; the next reader of an older one learns why there is no newer.
      .catch(() => this.metrics.failure(namespace))
      .finally(() => this.revalidating.delete(key));
  }

  /** A reader who joined another's flight still waits no longer than it wants to. */
  private fetchUntilGivenUp<T>(request: CacheRead<T>): Promise<Stamped<T>> {
    const flight = this.fetchOnce(request);
    const signal = request.stale?.giveUp;
    if (signal === undefined) return flight;
    return new Promise((resolve, reject) => {
      const giveUp = (): void => reject(signal.reason as Error);
      if (signal.aborted) giveUp();
      signal.addEventListener('abort', giveUp, { once: true });
      flight.then(resolve, reject).finally(() => signal.removeEventListener('abort', giveUp));
    });
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

  private fetchAndKeep<T>(request: CacheRead<T>, isWanted: () => boolean): Promise<Stamped<T>> {
    const { key, ttlMs, refresh = false } = request;
    const fetch = async (): Promise<Stamped<T>> => {
      const answer = await request.fetch();
      if (ttlMs > 0 && isWanted()) await this.keep(request, answer);
      return answer;
    };
    if (ttlMs <= 0 || refresh) return fetch();
    return this.fleet.fetchOrFollow(key, () => this.findFresh(request), fetch);
  }

  private async findFresh<T>(request: CacheRead<T>): Promise<Stamped<T> | null> {
    const found = await this.find(request);
    return found !== null && found.ageMs < freshForMs(found, request.ttlMs) ? (found.answer as Stamped<T>) : null;
  }

  private async keep<T>(request: CacheRead<T>, answer: Stamped<T>): Promise<void> {
    const { namespace, key, ttlMs, isNegative, stale } = request;
    try {
      const entry = toEntry(answer, { negative: isNegative?.(answer.value) ?? false, random: this.random() });
      const keptForMs = Math.max(keepForMs(ttlMs), stale?.onErrorForMs ?? 0);
      await this.spare?.set(key, entry, keptForMs);
      await this.store.set(key, entry, keptForMs);
    } catch {
      this.metrics.failure(namespace);
    }
  }

  private async find<T>(request: CacheRead<T>): Promise<Found | null> {
    try {
      return await this.findIn(this.store, request);
    } catch (error) {
      this.metrics.failure(request.namespace);
      if (error instanceof UnreadableEntryError) await this.store.delete(request.key).catch(() => undefined);
      else if (this.spare !== null) return this.findIn(this.spare, request);
      return null;
    }
  }

  /** Whatever is stored and not beyond every use. */
  private async findIn<T>(store: EntryStore, { key, ttlMs, stale }: CacheRead<T>): Promise<Found | null> {
    const stored = await store.get(key);
    if (stored === undefined) return null;
    const kept = fromEntry(stored);
    if (kept === null) throw new UnreadableEntryError(key);
    const ageMs = this.clock.nowMs() - kept.answer.fetchedAt.getTime();
    const usefulForMs = Math.max(freshForMs(kept, ttlMs), stale?.onErrorForMs ?? 0);
    return ageMs < usefulForMs && ageMs > -CLOCK_TOLERANCE_MS ? { ...kept, ageMs } : null;
  }
}
