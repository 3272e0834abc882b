import { ExactDecimal } from '../../common';
import type { BoundaryPosition, BoundaryRows } from '../../database';
import { exact, floorRao } from '../exact';
import type { PositionMark } from './earnings';
import { generationAt, type Generations } from './event-rows';
import type { LedgerEvent } from './ledger-event';

const DAY_MS = 86_400_000;
const HOUR_MS = 3_600_000;
/** Digits of a price that give a value back to the rao: no holding has more than thirty. */
const PRICE_PLACES = 45;

/** One subnet generation's stake at a boundary; a null mark is a state that nobody recorded. */
export interface BoundaryHolding {
  netuid: number;
  generation: number | null;
  mark: PositionMark | null;
}

/** What a wallet held at one block. */
export interface WalletBoundary {
  at: Date;
  blockNumber: number;
  /** Free and reserved TAO. */
  cashRao: bigint;
  holdings: ReadonlyMap<string, BoundaryHolding>;
  /** A subnet that is not among the holdings was not held. */
  absentIsZero: boolean;
}

/** Key of a holding among a wallet's. */
export function boundaryKey({ netuid, generation }: { netuid: number; generation: number | null }): string {
  return `${netuid}/${generation ?? ''}`;
}

/**
 * The state of a wallet that was recorded last before a moment: a snapshot of ours or a day of the history, whichever is
 * newer. Null when there is none, when it is more than a day older than the moment, or when a balance is not known.
 */
export function toWalletBoundary(
  rows: BoundaryRows,
  events: readonly LedgerEvent[],
  generations: Generations,
): WalletBoundary | null {
  const { snapshot, day, moment } = rows;
  const isUsable = snapshot !== null && !snapshot.missing.some(({ input }) => input.startsWith('account '));
  const boundary =
    isUsable && (day === null || snapshot.at >= day.at) ? fromSnapshot(snapshot) : fromDay(rows, events, generations);
  // A day's row is of its last block, so at midnight it is almost a day old only when that day's last hours are missing.
  return boundary === null || moment.getTime() - boundary.at.getTime() > DAY_MS + HOUR_MS ? null : boundary;
}

function fromSnapshot(snapshot: NonNullable<BoundaryRows['snapshot']>): WalletBoundary {
  return {
    at: snapshot.at,
    blockNumber: snapshot.block,
    cashRao: raoOf(snapshot.free) + raoOf(snapshot.reserved),
    holdings: new Map(
      snapshot.holdings.map(({ netuid, generation, alpha, value }) => [
        boundaryKey({ netuid, generation }),
        { netuid, generation, mark: markOf(BigInt(alpha), BigInt(value)) },
      ]),
    ),
    absentIsZero: true,
  };
}

function fromDay(
  { day, positions }: BoundaryRows,
  events: readonly LedgerEvent[],
  generations: Generations,
): WalletBoundary | null {
  if (day === null || day.reserved === null) return null;
  const groups = new Map<string, { netuid: number; generation: number | null; rows: BoundaryPosition[] }>();
  for (const row of positions) {
    const generation = row.generation ?? generationAt(generations, row.netuid, row.block);
    const key = boundaryKey({ netuid: row.netuid, generation });
    groups.set(key, { netuid: row.netuid, generation, rows: [...(groups.get(key)?.rows ?? []), row] });
  }
  const holdings = [...groups].map(([key, { netuid, generation, rows }]): [string, BoundaryHolding] => {
    const known = rows.every((row) => isKnownAt(row, { ...day, events }));
    const mark = known ? markOf(sum(rows, day.day, 'balance'), sum(rows, day.day, 'value')) : null;
    return [key, { netuid, generation, mark }];
  });
  return {
    at: day.at,
    blockNumber: day.block,
    cashRao: raoOf(day.free) + raoOf(day.reserved),
    holdings: new Map(holdings),
    absentIsZero: day.positionsSeen,
  };
}

/** A row of that day, unless the wallet traded there between its block and the account's; or an exit before. */
function isKnownAt(
  row: BoundaryPosition,
  { day, block, events }: { day: string; block: number; events: readonly LedgerEvent[] },
): boolean {
  if (row.day !== day) return BigInt(row.balance) === 0n;
  const [from, to] = row.block < block ? [row.block, block] : [block, row.block];
  return !events.some(({ netuid, blockNumber }) => netuid === row.netuid && blockNumber > from && blockNumber <= to);
}

function sum(rows: readonly BoundaryPosition[], day: string, column: 'balance' | 'value'): bigint {
  return rows.reduce((total, row) => (row.day === day ? total + raoOf(row[column]) : total), 0n);
}

/** The price is what upstream itself valued the stake at, rounded up so that alpha times price is that value again. */
function markOf(alphaRao: bigint, valueRao: bigint): PositionMark {
  if (alphaRao === 0n) return { alphaRao, price: null };
  const price = exact(valueRao).div(exact(alphaRao)).toDecimalPlaces(PRICE_PLACES, ExactDecimal.ROUND_UP);
  return { alphaRao, price: price.toFixed() };
}

function raoOf(text: string): bigint {
  return floorRao(new ExactDecimal(text));
}
