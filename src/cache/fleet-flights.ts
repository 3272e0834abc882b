import type { Clock } from '../common';
import type { EntryStore } from './entry-store';

/** A leader that takes longer, or dies, costs at most one more call of everybody who waits. */
const LONGEST_FLIGHT_MS = 10_000;
const LOOK_MS = 50;

/**
 * One question is asked by one replica at a time, as far as the store can tell: efficiency, never safety. Whoever finds
 * the store away asks by itself.
 */
export class FleetFlights {
  constructor(
    private readonly store: EntryStore,
    private readonly clock: Clock,
  ) {}

  /**
   * The answer that another replica stored meanwhile, as `find` sees it; else what `fetch` answers, which is expected to
   * store it. A leader that failed leaves the question to the next.
   */
  async fetchOrFollow<T>(key: string, find: () => Promise<T | null>, fetch: () => Promise<T>): Promise<T> {
    const untilMs = this.clock.monotonicMs() + LONGEST_FLIGHT_MS;
    let isLeader = await this.claim(key);
    while (!isLeader && this.clock.monotonicMs() < untilMs) {
      await this.clock.sleep(LOOK_MS);
      const found = await find();
      if (found !== null) return found;
      isLeader = await this.claim(key);
    }
    try {
      return await fetch();
    } finally {
      if (isLeader) await this.store.release?.(flightOf(key)).catch(() => undefined);
    }
  }

  private async claim(key: string): Promise<boolean> {
    return (await this.store.claim?.(flightOf(key), LONGEST_FLIGHT_MS).catch(() => true)) ?? true;
  }
}

function flightOf(key: string): string {
  return `${key}:flight`;
}
