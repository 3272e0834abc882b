import { ExactDecimal } from '../../common';
import { exact, floorRao } from '../exact';
import { type BasisStep, changesOf, positionKey, toBasisSteps } from './basis-steps';
import type { PositionMark } from './earnings';
import type { AlphaChange, DayMark } from './emission-lots';
import type { LedgerEvent } from './ledger-event';
import type { EmissionView } from './position-book';
import {
  figuresByAverages,
  figuresByLots,
  type OpenPosition,
  type PositionFigures,
  type PositionId,
} from './position-figures';
import type { WalletBoundary } from './wallet-boundary';
import { type Doubt, markAt, type TreasuryLedger } from './wallet-earnings';

export const COST_METHODS = ['fifo', 'average'] as const;
export type CostMethod = (typeof COST_METHODS)[number];

/** A wallet's state at the close; `reason` says why there is none. */
export interface ClosingState {
  boundary: WalletBoundary | null;
  reason: string;
  /** Events of all time that could not be read. */
  doubts: readonly Doubt[];
}

export interface BasisInput {
  ledger: TreasuryLedger;
  closings: ReadonlyMap<string, ClosingState>;
  /** Daily states by `positionKey`. */
  marks: ReadonlyMap<string, readonly DayMark[]>;
  method: CostMethod;
  emission: EmissionView;
}

/** What a position cost and what came of it; realised + unrealised + yield = value + out - in, to the rao (check R13). */
export interface PositionBasis extends PositionId {
  /** Null: the figures are not known, `reason` says why. */
  figures: PositionFigures | null;
  reason: string | null;
}

/**
 * Cost basis of every position of the treasury. Lots go along with stake that is sent between own wallets, so all wallets
 * are booked together. A position is unknown when its events, its payout or its state at the close are, and so is one that
 * received lots of such a position.
 */
export function computeCostBasis(input: BasisInput): PositionBasis[] {
  const { ledger, closings } = input;
  const events = ledger.events.filter((event) => {
    const closedAt = closings.get(event.coldkey)?.boundary?.blockNumber;
    return closedAt === undefined || event.blockNumber <= closedAt;
  });
  const steps = toBasisSteps(events);
  const changes = changesOf(steps);
  const eventsOf = groupByPosition(events);
  const positions = positionsOf(input, events).map((id) => openPosition(id, { input, eventsOf, changes }));
  const unknown = reasonsOf(positions, steps);
  const figures =
    input.method === 'fifo' ? figuresByLots(positions, steps, input.emission) : figuresByAverages(positions);
  return positions.map(({ id, key }) => {
    const reason = unknown.get(key) ?? null;
    return { ...id, figures: reason === null ? (figures.get(key) ?? null) : null, reason };
  });
}

function groupByPosition(events: readonly LedgerEvent[]): Map<string, LedgerEvent[]> {
  const groups = new Map<string, LedgerEvent[]>();
  for (const event of events) {
    const group = groups.get(positionKey(event));
    if (group === undefined) groups.set(positionKey(event), [event]);
    else group.push(event);
  }
  return groups;
}

function positionsOf({ closings }: BasisInput, events: readonly LedgerEvent[]): PositionId[] {
  const held = [...closings].flatMap(([coldkey, { boundary }]) =>
    [...(boundary?.holdings.values() ?? [])].map(({ netuid, generation }) => ({ coldkey, netuid, generation })),
  );
  const doubted = [...closings].flatMap(([coldkey, { doubts }]) =>
    doubts.flatMap(({ netuid }) => (netuid === null ? [] : [{ coldkey, netuid, generation: null }])),
  );
  // Upstream may show a transfer between own wallets on one side alone: the other may have no event of its own.
  const walletsOf = ({ kind, coldkey, counterparty }: LedgerEvent): string[] =>
    kind === 'own_transfer' && counterparty !== undefined && closings.has(counterparty)
      ? [coldkey, counterparty]
      : [coldkey];
  const booked = events.flatMap((event) =>
    walletsOf(event).map((coldkey) => ({ coldkey, netuid: event.netuid, generation: event.generation })),
  );
  const known = [...held, ...booked];
  const strange = doubted.filter((id) => !known.some((one) => one.coldkey === id.coldkey && one.netuid === id.netuid));
  return [...new Map([...known, ...strange].map((id) => [positionKey(id), id])).values()].sort(
    (a, b) => a.netuid - b.netuid || (a.generation ?? 0) - (b.generation ?? 0) || (a.coldkey < b.coldkey ? -1 : 1),
  );
}

function openPosition(
  id: PositionId,
  context: {
    input: BasisInput;
    eventsOf: ReadonlyMap<string, LedgerEvent[]>;
    changes: ReadonlyMap<string, AlphaChange[]>;
  },
): OpenPosition {
  const { ledger, closings, marks } = context.input;
  const key = positionKey(id);
  const events = context.eventsOf.get(key) ?? [];
  const changes = context.changes.get(key) ?? [];
  const closing = closings.get(id.coldkey);
  const boundary = closing?.boundary ?? null;
  const isWhole = ledger.whole.has(id.coldkey);
  const mark = boundary === null ? null : markAt(boundary, id, isWhole ? events : null);
  const alphaRao = mark?.alphaRao ?? 0n;
  const emittedRao = changes.reduce((left, change) => left - change.alphaRao, alphaRao);
  return {
    id,
    key,
    events,
    closedAt: boundary?.blockNumber ?? 0,
    alphaRao,
    valueRao: floorRao(exact(alphaRao).times(new ExactDecimal(mark?.price ?? '0'))),
    emissionAlphaRao: emittedRao > 0n ? emittedRao : 0n,
    isWhole,
    marks: marks.get(key) ?? [],
    changes,
    reason: whyUnknown(closing, { mark, events, netuid: id.netuid }),
  };
}

function whyUnknown(
  closing: ClosingState | undefined,
  { mark, events, netuid }: { mark: PositionMark | null; events: readonly LedgerEvent[]; netuid: number },
): string | null {
  const doubt = closing?.doubts.find((each) => each.netuid === null || each.netuid === netuid);
  if (doubt !== undefined) return doubt.reason;
  if (closing === undefined || closing.boundary === null) return closing?.reason ?? 'the wallet is not followed';
  const unpaid = events.find((event) => event.taoRao === null);
  if (unpaid !== undefined) {
    return `the payout of the dissolution at block ${unpaid.blockNumber} is not known: ${unpaid.unknownBecause ?? ''}`;
  }
  if (mark === null) return `no state is known at block ${closing.boundary.blockNumber}`;
  return mark.alphaRao > 0n && mark.price === null ? 'no price is known' : null;
}

/** Why positions are unknown, those included that received lots of one that is. */
function reasonsOf(positions: readonly OpenPosition[], steps: readonly BasisStep[]): Map<string, string> {
  const reasons = new Map(positions.flatMap(({ key, reason }) => (reason === null ? [] : [[key, reason] as const])));
  for (const { key, to } of steps) {
    const reason = reasons.get(key);
    if (to !== null && reason !== undefined && !reasons.has(to)) {
      reasons.set(to, `it received stake of ${key.split(' ')[0]}, of which it is not known what it cost: ${reason}`);
    }
  }
  return reasons;
}
