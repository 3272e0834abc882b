/** Where reading a wallet's events stands; `EventCursor` has all of it. */
export interface Reading {
  completeFrom: Date;
  completeTo: Date;
  /** Walks in a row that failed at this place. */
  failures: number;
}

export interface EventWindow {
  from: Date;
  to: Date;
}

export interface PlannedWindow extends EventWindow {
  /** It ends now: nothing is left to plan after it. */
  isLast: boolean;
}

/** What a walk through a window brought. */
export interface WalkedWindow {
  window: EventWindow;
  /** False when the walk was cut at its page limit. */
  complete: boolean;
  /** Times of its rows in the order in which they came. */
  timestamps: readonly Date[];
}

/** Where the cursor goes after a walk; `cutAt` is set when the rest of the window is still unread. */
export interface NextReading {
  completeTo: Date;
  cutAt: Date | null;
}

const SECOND_MS = 1000;
const DAY_MS = 86_400_000;
/** Events may be indexed after others of a later block: each walk begins this much before the end of the last one. */
const OVERLAP_MS = 2 * 3_600_000;
/** A window is not narrowed further. */
const SMALLEST_MS = DAY_MS;

/** Alpha, and so everything that these events are about, began on this day. */
export const FIRST_EVENT_AT = new Date('2025-02-13T00:00:00Z');

/**
 * The next window to walk, ascending: from a little before what is complete to now, half as far for each failure in a
 * row, so that a stretch that cannot be read is found out and the rest is not held up by it.
 */
export function planWindow({ completeFrom, completeTo, failures }: Reading, now: Date): PlannedWindow {
  const end = floorToSecond(now);
  const from = Math.max(completeFrom.getTime(), completeTo.getTime() - OVERLAP_MS);
  const whole = Math.max(SECOND_MS, end - completeTo.getTime());
  const length = Math.max(Math.min(whole, SMALLEST_MS), whole / 2 ** failures);
  const to = floorToSecond(new Date(completeTo.getTime() + length));
  return { from: new Date(floorToSecond(new Date(from))), to: new Date(to), isLast: to >= end };
}

/** True when nothing narrower can be asked for: then the stretch becomes a gap and reading goes on behind it. */
export function isSmallest({ completeTo }: Reading, window: EventWindow): boolean {
  return window.to.getTime() - completeTo.getTime() <= SMALLEST_MS;
}

/**
 * Where the cursor goes. A complete walk reads up to its end, but not past what upstream had indexed: an event of the
 * last minutes may still come. A walk that was cut has read everything before the second of its last row, provided that
 * the rows came in order. Null when it has read nothing for certain.
 */
export function readTo(walk: WalkedWindow, indexedTo: Date | null): NextReading | null {
  const { window, complete, timestamps } = walk;
  const known = indexedTo === null ? window.to.getTime() : Math.min(window.to.getTime(), indexedTo.getTime());
  if (complete)
    return { completeTo: new Date(Math.max(window.from.getTime(), floorToSecond(new Date(known)))), cutAt: null };
  const last = timestamps.at(-1);
  if (last === undefined || !isAscending(timestamps)) return null;
  const before = floorToSecond(last) - SECOND_MS;
  if (before <= window.from.getTime()) return null;
  return { completeTo: new Date(before), cutAt: new Date(before) };
}

/** Unix seconds, as the query wants them. */
export function toSeconds(moment: Date): number {
  return Math.floor(moment.getTime() / SECOND_MS);
}

function floorToSecond(moment: Date): number {
  return toSeconds(moment) * SECOND_MS;
}

function isAscending(timestamps: readonly Date[]): boolean {
  return timestamps.every((moment, index) => index === 0 || moment >= (timestamps[index - 1] ?? moment));
}
