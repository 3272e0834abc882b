import { ExactDecimal } from '../../common';
import type { BoundaryDay, BoundaryPosition, BoundaryRows } from '../../database';
import { ROOT_NETUID } from '../amm/pool';
import { exact, floorRao } from '../exact';
import type { PositionMark } from './earnings';
import { generationAt, type Generations } from './event-rows';
import type { LedgerEvent } from './ledger-event';

const DAY_MS = 86_400_000;
const HOUR_MS = 3_600_000;
/** Decimals of a price that give a value back to the rao: no holding is anywhere near 1e30 rao. */
const PRICE_PLACES = 30;

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
 * `events` are the wallet's own.
 */
export function toWalletBoundary(
  rows: BoundaryRows,
  events: readonly LedgerEvent[],
  generations: Generations,
): WalletBoundary | null {
  const { snapshot, day, moment } = rows;
  const isUsable = snapshot !== null && !snapshot.missing.some(({ input }) => input.startsWith('account '));
  const boundary =
    isUsable && (day === null || snapshot.at >= day.at)
      ? fromSnapshot(snapshot, generations)
      : fromDay(rows, events, generations);
  // A day's row is of its last block, so at midnight it is almost a day old only when that day's last hours are missing.
  return boundary === null || moment.getTime() - boundary.at.getTime() > DAY_MS + HOUR_MS ? null : boundary;
}

/** Wallets may be read before the subnets are: a holding without a generation is of the one that its block falls into. */
function fromSnapshot(snapshot: NonNullable<BoundaryRows['snapshot']>, generations: Generations): WalletBoundary {
  const sums = new Map<string, { netuid: number; generation: number | null; alphaRao: bigint; valueRao: bigint }>();
  for (const { netuid, generation: recorded, alpha, value } of snapshot.holdings) {
    const generation = recorded ?? generationAt(generations, netuid, snapshot.block);
    const key = boundaryKey({ netuid, generation });
    const { alphaRao, valueRao } = sums.get(key) ?? { alphaRao: 0n, valueRao: 0n };
    sums.set(key, { netuid, generation, alphaRao: alphaRao + BigInt(alpha), valueRao: valueRao + BigInt(value) });
  }
  return {
    at: snapshot.at,
    blockNumber: snapshot.block,
    cashRao: raoOf(snapshot.free) + raoOf(snapshot.reserved),
    holdings: new Map(
      [...sums].map(([key, { netuid, generation, alphaRao, valueRao }]) => [
        key,
        { netuid, generation, mark: markOf(alphaRao, valueRao) },
      ]),
    ),
    absentIsZero: true,
  };
}

function fromDay(
  { day, positions: recorded }: BoundaryRows,
  events: readonly LedgerEvent[],
  generations: Generations,
): WalletBoundary | null {
  if (day === null || day.reserved === null) return null;
  const positions = withUnlistedRoot(day, recorded);
  const groups = new Map<string, { netuid: number; generation: number | null; rows: BoundaryPosition[] }>();
  for (const row of positions) {
    const generation = row.generation ?? generationAt(generations, row.netuid, row.block);
    const key = boundaryKey({ netuid: row.netuid, generation });
    groups.set(key, { netuid: row.netuid, generation, rows: [...(groups.get(key)?.rows ?? []), row] });
  }
  const unaccountedRao = unaccounted(day, positions);
  const isWhole = unaccountedRao === 0n || day.positionsSeen;
  const strangers = isWhole ? [] : withoutRows(events, day, positions);
  const isDayMissing = positions.some((row) => row.day !== day.day && BigInt(row.balance) !== 0n);
  const isExplained = isDayMissing || strangers.length > 0;
  // More stake than rows and events together can tell of: nothing that is said of this day would be right.
  if (!isWhole && !isExplained && !isWithinPriceNoise(unaccountedRao, day)) return null;
  const holdings = [...groups].map(([key, { netuid, generation, rows }]): [string, BoundaryHolding] => {
    const known = rows.every((row) => isKnownAt(row, { ...day, isWhole, events }));
    const mark = known ? markOf(sum(rows, day.day, 'balance'), sum(rows, day.day, 'value')) : null;
    return [key, { netuid, generation, mark }];
  });
  const unknown = strangers.map(({ netuid, generation }): [string, BoundaryHolding] => [
    boundaryKey({ netuid, generation }),
    { netuid, generation, mark: null },
  ]);
  return {
    at: day.at,
    blockNumber: day.block,
    cashRao: raoOf(day.free) + raoOf(day.reserved),
    holdings: new Map([...holdings, ...unknown]),
    absentIsZero: isWhole,
  };
}

/** Root stake that the account counts and no row of that day has: upstream may not list it, and it is worth itself. */
function withUnlistedRoot(
  { root, block, day }: BoundaryDay,
  positions: readonly BoundaryPosition[],
): readonly BoundaryPosition[] {
  const isListed = positions.some((row) => row.netuid === ROOT_NETUID && row.day === day);
  if (isListed || root === null || raoOf(root) === 0n) return positions;
  const unlisted = { netuid: ROOT_NETUID, hotkey: '', generation: null, block, day, balance: root, value: root };
  return [...positions.filter(({ netuid }) => netuid !== ROOT_NETUID), unlisted];
}

/** The account's stake that no row of that day accounts for; zero within one rounding a row. */
function unaccounted({ day, staked }: BoundaryDay, positions: readonly BoundaryPosition[]): bigint {
  const difference = raoOf(staked) - sum(positions, day, 'value');
  const roundings = BigInt(positions.length);
  return difference <= roundings && -difference <= roundings ? 0n : difference;
}

/** Rows of another block than the account's are valued at another price: half a per cent is honest. */
function isWithinPriceNoise(unaccountedRao: bigint, { staked }: BoundaryDay): boolean {
  const magnitude = unaccountedRao < 0n ? -unaccountedRao : unaccountedRao;
  return magnitude * 200n <= raoOf(staked);
}

/** Events up to that day on stake that has no row at all: it was left before anybody wrote its days down. */
function withoutRows(
  events: readonly LedgerEvent[],
  { block }: BoundaryDay,
  positions: readonly BoundaryPosition[],
): LedgerEvent[] {
  const rows = new Set(positions.map(({ hotkey, netuid }) => `${hotkey}/${netuid}`));
  const hasRow = ({ hotkey, netuid }: LedgerEvent): boolean =>
    rows.has(`${hotkey}/${netuid}`) || (netuid === ROOT_NETUID && rows.has(`/${netuid}`));
  return events.filter((event) => event.blockNumber <= block && event.alphaRao > 0n && !hasRow(event));
}

interface DayContext {
  day: string;
  block: number;
  isWhole: boolean;
  events: readonly LedgerEvent[];
}

/** A row of that day, unless the wallet traded there between its block and the account's; or an exit before. */
function isKnownAt(row: BoundaryPosition, { day, block, isWhole, events }: DayContext): boolean {
  if (row.day !== day) return isWhole || BigInt(row.balance) === 0n;
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
