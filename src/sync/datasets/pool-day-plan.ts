import type { Backfill, BackfillWindow, HeldSubnet } from '../../database';

const DAY_MS = 86_400_000;
/** Days of history that are wanted. */
export const WANTED_DAYS = 365;

/** UTC day, so many days after another. */
export function addDays(day: string, days: number): string {
  return new Date(Date.parse(day) + days * DAY_MS).toISOString().slice(0, 10);
}

/** Key of a walk: a netuid that changes hands begins a history of its own. */
export function scopeOf({ netuid, registrationBlockNumber }: HeldSubnet): string {
  return `${netuid}/${registrationBlockNumber ?? 0}`;
}

/** The days that are wanted of a subnet: the last year up to yesterday, not before it was registered. */
export function wantedDays({ registeredOn }: HeldSubnet, today: string): { from: string; to: string } | null {
  const yearAgo = addDays(today, -WANTED_DAYS);
  const from = registeredOn !== null && registeredOn > yearAgo ? registeredOn : yearAgo;
  const to = addDays(today, -1);
  return from <= to ? { from, to } : null;
}

/**
 * The walk that a subnet needs: all of its days where none was walked, and later the days that our own snapshots missed
 * since the walk ended. Null when nothing is missing.
 */
export function planWalk(
  subnet: HeldSubnet,
  { missing, walked, today }: { missing: readonly string[]; walked: Backfill | undefined; today: string },
): BackfillWindow | null {
  const wanted = wantedDays(subnet, today);
  if (wanted === null) return null;
  const doneTo = walked?.doneTo ?? null;
  const unread = missing.filter((day) => doneTo === null || day > doneTo);
  const last = unread.at(-1);
  if (last === undefined) return null;
  return { scope: scopeOf(subnet), windowFrom: wanted.from, windowTo: last };
}

/** Where a walk goes on: after what it has done, at the first day that is missing. */
export function nextDays(walk: Backfill, missing: readonly string[]): { from: string; to: string } | null {
  const unread = missing.filter((day) => (walk.doneTo === null || day > walk.doneTo) && day <= walk.windowTo);
  const [from, to] = [unread[0], unread.at(-1)];
  return from === undefined || to === undefined ? null : { from, to };
}
