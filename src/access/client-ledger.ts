import type { ClientHits, SharedHits } from '../database';
import { slidingCount, waitMs, type Window } from './sliding-count';

/** Beyond this many callers at once, newcomers share one count: memory is bounded whatever addresses a flood invents. */
const CLIENT_LIMIT = 10_000;
const EVERYBODY_ELSE = '*';

interface Entry {
  windowNumber: number;
  /** Seen by all replicas, ours included as far as it was sent. */
  shared: number;
  unsent: number;
  previous: number;
}

export interface Admission {
  admitted: boolean;
  /** In the last window, this one included when it was admitted. */
  count: number;
  /** Until the next one would be admitted; 0 when it was admitted. */
  waitMs: number;
}

/**
 * Requests per client in memory: what this process has seen since the last exchange, on top of what all replicas had seen
 * by then. Refused requests are not counted, else a client that never pauses would be shut out for ever. Pure but for its state.
 */
export class ClientLedger {
  private readonly entries = new Map<string, Entry>();
  private readonly dirty = new Set<string>();
  private late: ClientHits[] = [];

  /** Counts one request of `client` when `limit` permits it. */
  admit(client: string, limit: number, window: Window): Admission {
    const name = this.entries.has(client) || this.makeRoom(window) ? client : EVERYBODY_ELSE;
    const entry = this.entryAt(name, window.number);
    const hits = { previous: entry.previous, current: entry.shared + entry.unsent };
    const wait = waitMs(hits, window, limit);
    if (wait > 0) return { admitted: false, count: slidingCount(hits, window), waitMs: wait };
    entry.unsent += 1;
    this.dirty.add(name);
    return { admitted: true, count: slidingCount(hits, window) + 1, waitMs: 0 };
  }

  /** Up to `most` counts that the other replicas do not know yet. They stay counted here until `learn` or `takeBack`. */
  collect(most: number): ClientHits[] {
    const unsent = this.late.splice(0, most);
    for (const client of this.dirty) {
      if (unsent.length >= most) break;
      const entry = this.entries.get(client);
      this.dirty.delete(client);
      if (entry === undefined || entry.unsent === 0) continue;
      unsent.push({ client, windowNumber: entry.windowNumber, hits: entry.unsent });
    }
    return unsent;
  }

  /** The exchange of `sent` succeeded, and this is what all replicas know now. */
  learn(sent: readonly ClientHits[], known: readonly SharedHits[]): void {
    for (const { client, windowNumber, hits } of sent) {
      const entry = this.entries.get(client);
      if (entry?.windowNumber === windowNumber) entry.unsent -= hits;
    }
    for (const { client, windowNumber, hits, previousHits } of known) {
      const entry = this.entries.get(client);
      if (entry === undefined) continue;
      if (entry.windowNumber === windowNumber) {
        entry.shared = hits;
        entry.previous = Math.max(entry.previous, previousHits);
      } else if (entry.windowNumber === windowNumber + 1) entry.previous = Math.max(entry.previous, hits);
    }
  }

  /** The exchange of `sent` failed: it is to be sent again. */
  takeBack(sent: readonly ClientHits[]): void {
    for (const hits of sent) {
      if (this.entries.get(hits.client)?.windowNumber === hits.windowNumber) this.dirty.add(hits.client);
    }
  }

  get size(): number {
    return this.entries.size;
  }

  private entryAt(client: string, windowNumber: number): Entry {
    let entry = this.entries.get(client);
    if (entry === undefined) {
      entry = { windowNumber, shared: 0, unsent: 0, previous: 0 };
      this.entries.set(client, entry);
    } else if (entry.windowNumber !== windowNumber) {
      const hits = entry.shared + entry.unsent;
      if (this.dirty.has(client) && entry.unsent > 0) {
        this.late.push({ client, windowNumber: entry.windowNumber, hits: entry.unsent });
      }
      entry.previous = entry.windowNumber === windowNumber - 1 ? hits : 0;
      entry.windowNumber = windowNumber;
      entry.shared = 0;
      entry.unsent = 0;
    }
    return entry;
  }

  /** True when there is room for one more client, after those who have been away for a whole window were forgotten. */
  private makeRoom(window: Window): boolean {
    if (this.entries.size < CLIENT_LIMIT) return true;
    for (const [client, entry] of this.entries) {
      if (entry.windowNumber < window.number - 1) this.entries.delete(client);
    }
    return this.entries.size < CLIENT_LIMIT;
  }
}
