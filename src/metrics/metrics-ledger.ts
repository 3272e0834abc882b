import { Inject, Injectable } from '@nestjs/common';
import { CLOCK, type Clock } from '../common';
import { addTotals, emptyTotals, type RecentError, type Totals } from './counts';

const MINUTE_MS = 60_000;
/** Errors kept between two flushes; older ones give way. */
const MAX_ERRORS = 200;
/** Minutes kept while PostgreSQL is away. Rolling windows reach one hour back, so older minutes may be merged. */
const MAX_MINUTES = 120;
/** Distinct endpoints, namespaces or datasets; anything beyond counts as `other` so that no label is unbounded. */
const MAX_NAMES = 100;
export const OTHER = 'other';

/** What was counted since the last drain: by start of minute (epoch ms), and the newest errors, oldest first. */
export interface LedgerDeltas {
  minutes: Map<number, Totals>;
  errors: RecentError[];
}

/** Where all recorders write: counters by minute in memory, taken out by whoever stores them. */
@Injectable()
export class MetricsLedger {
  private pending = emptyDeltas();
  private readonly names = { api: new Set<string>(), cache: new Set<string>(), sync: new Set<string>() };

  constructor(@Inject(CLOCK) private readonly clock: Clock) {}

  /** Counters of the running minute, to be changed in place. */
  now(): Totals {
    const nowMs = this.clock.nowMs();
    const minute = nowMs - (nowMs % MINUTE_MS);
    const existing = this.pending.minutes.get(minute);
    if (existing !== undefined) return existing;
    const fresh = emptyTotals();
    this.pending.minutes.set(minute, fresh);
    mergeOldest(this.pending.minutes);
    return fresh;
  }

  /** `name` itself while there are few names of its family, `other` afterwards. */
  bounded(family: keyof Totals, name: string): string {
    const known = this.names[family];
    if (known.has(name)) return name;
    if (known.size >= MAX_NAMES) return OTHER;
    known.add(name);
    return name;
  }

  recordError(error: Omit<RecentError, 'at'>): void {
    this.pending.errors.push({ at: new Date(this.clock.nowMs()), ...error });
    if (this.pending.errors.length > MAX_ERRORS) this.pending.errors.shift();
  }

  /** Everything not yet drained, for readers; not to be changed. */
  peek(): Readonly<LedgerDeltas> {
    return this.pending;
  }

  /** Takes everything out. Give it to `restore` when it could not be stored. */
  drain(): LedgerDeltas {
    const taken = this.pending;
    this.pending = emptyDeltas();
    return taken;
  }

  restore(deltas: LedgerDeltas): void {
    const newer = this.pending;
    this.pending = { minutes: deltas.minutes, errors: [...deltas.errors, ...newer.errors].slice(-MAX_ERRORS) };
    for (const [minute, totals] of newer.minutes) {
      this.pending.minutes.set(minute, addTotals(this.pending.minutes.get(minute) ?? emptyTotals(), totals));
    }
    mergeOldest(this.pending.minutes);
  }

  clear(): void {
    this.pending = emptyDeltas();
  }
}

function emptyDeltas(): LedgerDeltas {
  return { minutes: new Map(), errors: [] };
}

function mergeOldest(minutes: Map<number, Totals>): void {
  if (minutes.size <= MAX_MINUTES) return;
  const starts = [...minutes.keys()].sort((a, b) => a - b);
  const keep = starts[starts.length - MAX_MINUTES];
  if (keep === undefined) return;
  for (const start of starts.slice(0, starts.length - MAX_MINUTES)) {
    const target = minutes.get(keep);
    const old = minutes.get(start);
    if (target !== undefined && old !== undefined) addTotals(target, old);
    minutes.delete(start);
  }
}
