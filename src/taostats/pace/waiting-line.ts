import type { Priority } from '../fetch-request';

const ORDER: readonly Priority[] = ['interactive', 'scheduled', 'backfill'];
/** More waiting calls than this cannot be served before their deadlines at any limit that we know of. */
const CAPACITY = 200;

/** Waiting attempts by priority, first come first served within one. A full line sheds its oldest backfill. */
export class WaitingLine<T extends { readonly priority: Priority }> {
  private readonly waiting: T[] = [];

  /** Whom to serve next. */
  head(): T | undefined {
    for (const priority of ORDER) {
      const first = this.waiting.find((entry) => entry.priority === priority);
      if (first !== undefined) return first;
    }
    return undefined;
  }

  /** Adds `entry` and returns who had to go for it: null, the oldest backfill, or `entry` itself. */
  join(entry: T): T | null {
    if (this.waiting.length < CAPACITY) {
      this.waiting.push(entry);
      return null;
    }
    const shed = this.waiting.find((candidate) => candidate.priority === 'backfill');
    if (shed === undefined) return entry;
    this.leave(shed);
    this.waiting.push(entry);
    return shed;
  }

  leave(entry: T): void {
    const index = this.waiting.indexOf(entry);
    if (index >= 0) this.waiting.splice(index, 1);
  }
}
