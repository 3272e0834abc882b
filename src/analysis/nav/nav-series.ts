import type { NavSample } from '../../database';
import type { NavPoint } from './drawdown';
import { flowBetween, type WalletFlow } from './external-flows';

/** Events of a wallet that could not be read. */
export interface UnreadTime {
  dataset: string;
  /** Null: they may have been on any subnet, or are no stake. */
  netuid: number | null;
  from: Date;
  to: Date;
  reason: string;
}

/** What is known of one wallet's flows: all of them in [from, to] but for the gaps. */
export interface KnownFlows {
  flows: readonly WalletFlow[];
  from: Date;
  to: Date;
  gaps: readonly UnreadTime[];
}

export interface NavSeries {
  /** Executable value at 100 %, with the net outside money since the point before. */
  points: NavPoint[];
  /** Why the points end before the newest complete snapshot; null when they do not. */
  endsBecause: string | null;
}

/**
 * Snapshots as observations of one flow-adjusted series. Each wallet's flows are taken between its own blocks. A wallet
 * that joins brings its value in and one that leaves takes it out. Incomplete snapshots are passed over; the series ends
 * where flows are not known, because a deposit that nobody saw would look like a profit.
 */
export function navSeries(snapshots: readonly NavSample[], known: ReadonlyMap<string, KnownFlows>): NavSeries {
  const points: NavPoint[] = [];
  let previous: NavSample | null = null;
  for (const snapshot of snapshots) {
    const point = nextNavPoint(previous, snapshot, known);
    if (point === null) continue;
    if ('unknown' in point) return { points, endsBecause: point.unknown };
    points.push(point);
    previous = snapshot;
  }
  return { points, endsBecause: null };
}

/** The observation that a snapshot adds to those up to `previous`; null where it adds none. */
export function nextNavPoint(
  previous: NavSample | null,
  snapshot: NavSample,
  known: ReadonlyMap<string, KnownFlows>,
): NavPoint | { unknown: string } | null {
  if (snapshot.exec100 === null) return null;
  const step = previous === null ? { rao: 0n } : flowOf(previous, snapshot, known);
  return 'unknown' in step ? step : { at: snapshot.at, navRao: BigInt(snapshot.exec100), flowRao: step.rao };
}

function flowOf(
  before: NavSample,
  after: NavSample,
  known: ReadonlyMap<string, KnownFlows>,
): { rao: bigint } | { unknown: string } {
  let rao = 0n;
  for (const address of new Set([...Object.keys(before.wallets), ...Object.keys(after.wallets)])) {
    const old = before.wallets[address];
    const now = after.wallets[address];
    if (old === undefined || now === undefined) {
      rao += BigInt(now?.exec100 ?? '0') - BigInt(old?.exec100 ?? '0');
      continue;
    }
    const flows = known.get(address);
    const reason = flows === undefined ? 'its events were never read' : whyUnknown(flows, before.at, after.at);
    if (flows === undefined || reason !== null) return { unknown: `wallet ${address}: ${reason}` };
    rao += flowBetween(flows.flows, old.block, now.block);
  }
  return { rao };
}

function whyUnknown({ from, to, gaps }: KnownFlows, start: Date, end: Date): string | null {
  if (start < from) return `its events are known from ${from.toISOString()} on`;
  if (end > to) return `its events are known up to ${to.toISOString()}`;
  const gap = gaps.find((entry) => entry.from < end && entry.to > start);
  return gap === undefined ? null : missingEvents(gap);
}

/** What a report says of events that it lacks. */
export function missingEvents({ from, to, reason }: UnreadTime): string {
  return `its events from ${from.toISOString()} to ${to.toISOString()} are missing: ${reason}`;
}
