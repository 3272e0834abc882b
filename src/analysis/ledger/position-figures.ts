import { computeAverageCost } from './average-cost';
import { type BasisEntry, type BasisResult, toBasisEntries } from './basis-entry';
import type { BasisStep } from './basis-steps';
import { type AlphaChange, type DayMark, emissionEntries } from './emission-lots';
import { enter } from './fifo';
import type { LedgerEvent } from './ledger-event';
import type { Lot } from './lot-book';
import { type EmissionView, PositionBook } from './position-book';

/** All stake of one wallet on one subnet generation. */
export interface PositionId {
  coldkey: string;
  netuid: number;
  generation: number | null;
}

/** A position with everything that its figures are made of. */
export interface OpenPosition {
  id: PositionId;
  key: string;
  events: readonly LedgerEvent[];
  /** What events, and lots from other own wallets, did to it. */
  changes: readonly AlphaChange[];
  marks: readonly DayMark[];
  /** Block and state of the close. */
  closedAt: number;
  alphaRao: bigint;
  valueRao: bigint;
  /** Alpha that no event explains. */
  emissionAlphaRao: bigint;
  /** Its events reach back to the first block with subnets. */
  isWhole: boolean;
  /** Why it is unknown. */
  reason: string | null;
}

/** realised + unrealised + yield = value + out - in + carried out - carried in, to the rao. */
export interface PositionFigures extends BasisResult {
  alphaRao: bigint;
  valueRao: bigint;
  /** Purchases, and stake from outsiders where the method gives it a cost. */
  inRao: bigint;
  /** Sales and payouts, and stake to outsiders where the method gives it a cost. */
  outRao: bigint;
  /** Cost of the lots that came from own wallets, and of those that went to them. */
  carriedInRao: bigint;
  carriedOutRao: bigint;
  /** The two sides of the equation differ by this: always 0. */
  closureRao: bigint;
  emissionAlphaRao: bigint;
  /** Open ones; none by averages. */
  lots: readonly Lot[];
  eventCount: number;
}

/** First in, first out, of all positions together: lots go along with stake that is sent between own wallets. */
export function figuresByLots(
  positions: readonly OpenPosition[],
  steps: readonly BasisStep[],
  view: EmissionView,
): Map<string, PositionFigures> {
  const books = positions.map(({ alphaRao, valueRao, isWhole, emissionAlphaRao }) => {
    const known = isWhole ? emissionAlphaRao : 0n;
    return new PositionBook({ closing: { alphaRao, valueRao }, emissionAlphaRao: known, isWhole }, view);
  });
  const bookOf = new Map(positions.map(({ key }, index) => [key, books[index]]));
  const accruals = positions.filter(({ isWhole }) => isWhole).flatMap(accrualsOf);
  // The sort is stable: emission of a block comes after its events.
  for (const { key, entry, to } of [...steps, ...accruals].sort(byBlock)) {
    const book = bookOf.get(key);
    const receiver = to === null ? undefined : bookOf.get(to);
    if (book === undefined) continue;
    if (receiver === undefined) enter(book, entry);
    else book.carry(entry, receiver);
  }
  return new Map(
    positions.flatMap((position, index) => {
      const result = books[index]?.close();
      return result === undefined ? [] : [[position.key, toFigures(position, result, BY_LOTS)] as const];
    }),
  );
}

/** As TaoStats computes it: transfers carry no cost, whoever they are with. */
export function figuresByAverages(positions: readonly OpenPosition[]): Map<string, PositionFigures> {
  return new Map(
    positions.map((position) => {
      const { key, alphaRao, valueRao, events, isWhole } = position;
      const entries = toBasisEntries(events, { ownTransfers: 'count' });
      const result = computeAverageCost(entries, { alphaRao, valueRao });
      const basisComplete = result.basisComplete && isWhole;
      return [key, toFigures(position, { ...result, ...NO_LOTS, basisComplete }, BY_AVERAGES)];
    }),
  );
}

const NO_LOTS = { carriedInRao: 0n, carriedOutRao: 0n, lots: [] } as const;

/** Kinds of entries that are money in and money out by each method. */
interface Flows {
  in: readonly BasisEntry['kind'][];
  out: readonly BasisEntry['kind'][];
}
const BY_LOTS: Flows = { in: ['buy', 'transfer_in'], out: ['sell', 'transfer_out', 'dissolution'] };
const BY_AVERAGES: Flows = { in: ['buy'], out: ['sell', 'dissolution'] };

function toFigures(
  { alphaRao, valueRao, emissionAlphaRao, events }: OpenPosition,
  result: BasisResult & Pick<PositionFigures, 'carriedInRao' | 'carriedOutRao' | 'lots'>,
  flows: Flows,
): PositionFigures {
  const entries = toBasisEntries(events);
  const sum = (kinds: readonly BasisEntry['kind'][]): bigint =>
    entries.reduce((total, { kind, taoRao }) => (kinds.includes(kind) ? total + taoRao : total), 0n);
  const [inRao, outRao] = [sum(flows.in), sum(flows.out)];
  const { realisedRao, unrealisedRao, yieldRao, costRao, basisComplete, unmatchedAlphaRao } = result;
  const { carriedInRao, carriedOutRao, lots } = result;
  const gainedRao = realisedRao + unrealisedRao + yieldRao;
  return {
    ...{ realisedRao, unrealisedRao, yieldRao, costRao, basisComplete, unmatchedAlphaRao },
    ...{ alphaRao, valueRao, inRao, outRao, carriedInRao, carriedOutRao, emissionAlphaRao, lots },
    closureRao: gainedRao - (valueRao + outRao - inRao + carriedOutRao - carriedInRao),
    eventCount: events.length,
  };
}

function accrualsOf({ key, marks, changes, closedAt, alphaRao }: OpenPosition): BasisStep[] {
  const entries = emissionEntries(marks, changes, { blockNumber: closedAt, alphaRao });
  return entries.map((entry) => ({ key, entry, to: null }));
}

function byBlock(a: BasisStep, b: BasisStep): number {
  return a.entry.blockNumber - b.entry.blockNumber;
}
