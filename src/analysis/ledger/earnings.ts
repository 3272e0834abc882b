import { ExactDecimal } from '../../common';
import { exact, floorRao, ratioText } from '../exact';
import { isInWindow, type BlockWindow, type LedgerEvent } from './ledger-event';

/** A position at a block: all alpha of one subnet generation, and its price there (null is allowed without alpha). */
export interface PositionMark {
  alphaRao: bigint;
  price: string | null;
}

export interface EarningsInput {
  netuid: number;
  generation: number | null;
  window: BlockWindow;
  /** State at `fromBlock`; null is unknown. Zero alpha only where it is known that there was none. */
  start: PositionMark | null;
  end: PositionMark | null;
  /** May hold more than the window; rows outside it are ignored. */
  events: readonly LedgerEvent[];
}

/** E = endRao - startRao - flowsRao = priceRao + yieldRao - costRao, in TAO rao, exactly. */
export interface EarningsParts {
  startRao: bigint;
  endRao: bigint;
  /** Money put in less money taken out; a dissolution payout is money taken out. */
  flowsRao: bigint;
  /** The part of `flowsRao` that crossed the treasury's border as stake: received from outsiders less given to them. */
  transfersRao: bigint;
  earningsRao: bigint;
  priceRao: bigint;
  yieldRao: bigint;
  /** Trading cost, the sum of the next two. */
  costRao: bigint;
  feeRao: bigint;
  impactRao: bigint;
}

export interface KnownEarnings extends EarningsParts {
  state: 'known';
  netuid: number;
  generation: number | null;
  window: BlockWindow;
  /** Alpha that no event explains: emission. Below -1 rao per event, events are missing. */
  yieldAlphaRao: bigint;
  eventCount: number;
  estimated: boolean;
  /** E - (P + Y - C) before the whole-rao remainder of two floors (0 or 1) was put into the price effect. */
  roundingRao: bigint;
}

export interface UnknownEarnings {
  state: 'unknown';
  netuid: number;
  generation: number | null;
  reason: string;
}

export type Earnings = KnownEarnings | UnknownEarnings;

/**
 * Earnings of one subnet position over (from, to]. P = q0 (p1 - p0) + sum of a (p1 - p_event) over what came in, less the
 * same over what went out; Y = unexplained alpha at p1; C = what trades cost against the price just before them. An
 * unknown start or end makes the result unknown: never the current value, which would turn a deposit into a profit.
 */
export function computeEarnings(input: EarningsInput): Earnings {
  const { netuid, generation, start, end } = input;
  const unknown = (reason: string): UnknownEarnings => ({ state: 'unknown', netuid, generation, reason });
  if (start === null) return unknown(`no state is known at block ${input.window.fromBlock}`);
  if (end === null) return unknown(`no state is known at block ${input.window.toBlock}`);
  if (start.alphaRao > 0n && start.price === null) return unknown('no price is known at the start');
  if (end.alphaRao > 0n && end.price === null) return unknown('no price is known at the end');

  const events = input.events.filter((event) => isInWindow(event, input.window) && changesHolding(event));
  const unpaid = events.find((event) => event.taoRao === null);
  if (unpaid) {
    const { blockNumber, unknownBecause } = unpaid;
    const reason = unknownBecause === undefined ? '' : `: ${unknownBecause}`;
    return unknown(`the payout of the dissolution at block ${blockNumber} is not known${reason}`);
  }

  const endPrice = new ExactDecimal(end.price ?? impliedPrice(events) ?? start.price ?? '0');
  const startRao = floorRao(exact(start.alphaRao).times(start.price ?? '0'));
  const endRao = floorRao(exact(end.alphaRao).times(endPrice));
  const sums = sumEvents(events);
  const carriedRao = start.alphaRao + sums.alphaRao;
  const yieldAlphaRao = end.alphaRao - carriedRao;

  const earningsRao = endRao - startRao - sums.flowsRao;
  const yieldRao = floorRao(exact(yieldAlphaRao).times(endPrice));
  const priceRao = floorRao(exact(carriedRao).times(endPrice)) - startRao - sums.spotValueRao;
  const roundingRao = earningsRao - (priceRao + yieldRao - sums.costRao);
  return {
    state: 'known',
    netuid,
    generation,
    window: input.window,
    startRao,
    endRao,
    flowsRao: sums.flowsRao,
    transfersRao: sums.transfersRao,
    earningsRao,
    priceRao: priceRao + roundingRao,
    yieldRao,
    costRao: sums.costRao,
    feeRao: sums.feeRao,
    impactRao: sums.costRao - sums.feeRao,
    yieldAlphaRao,
    eventCount: events.length,
    estimated: events.some((event) => event.estimated),
    roundingRao,
  };
}

const NOTHING: EarningsParts = {
  startRao: 0n,
  endRao: 0n,
  flowsRao: 0n,
  transfersRao: 0n,
  earningsRao: 0n,
  priceRao: 0n,
  yieldRao: 0n,
  costRao: 0n,
  feeRao: 0n,
  impactRao: 0n,
};

/** Adds statements of different subnets over the same window, column by column; the identity holds for the sum. */
export function sumEarnings(parts: readonly EarningsParts[]): EarningsParts {
  return parts.reduce<EarningsParts>(
    (sum, part) => ({
      startRao: sum.startRao + part.startRao,
      endRao: sum.endRao + part.endRao,
      flowsRao: sum.flowsRao + part.flowsRao,
      transfersRao: sum.transfersRao + part.transfersRao,
      earningsRao: sum.earningsRao + part.earningsRao,
      priceRao: sum.priceRao + part.priceRao,
      yieldRao: sum.yieldRao + part.yieldRao,
      costRao: sum.costRao + part.costRao,
      feeRao: sum.feeRao + part.feeRao,
      impactRao: sum.impactRao + part.impactRao,
    }),
    NOTHING,
  );
}

/**
 * Chains statements of consecutive windows of one subnet. Earnings telescope to those of the whole window; the yield is
 * then priced where it accrued (income view) instead of at the end, and the price effect takes the difference.
 */
export function chainEarnings(parts: readonly KnownEarnings[]): EarningsParts {
  const sum = sumEarnings(parts);
  return { ...sum, startRao: parts[0]?.startRao ?? 0n, endRao: parts.at(-1)?.endRao ?? 0n };
}

/** Moves, hotkey swaps and transfers between own coldkeys leave the holding of the subnet as it was. */
function changesHolding(event: LedgerEvent): boolean {
  return event.kind !== 'move' && event.kind !== 'hotkey_swap' && event.kind !== 'own_transfer';
}

interface EventSums {
  alphaRao: bigint;
  flowsRao: bigint;
  transfersRao: bigint;
  spotValueRao: bigint;
  costRao: bigint;
  feeRao: bigint;
}

function sumEvents(events: readonly LedgerEvent[]): EventSums {
  const sums: EventSums = { alphaRao: 0n, flowsRao: 0n, transfersRao: 0n, spotValueRao: 0n, costRao: 0n, feeRao: 0n };
  for (const event of events) {
    const sign = isIncoming(event) ? 1n : -1n;
    const taoRao = event.taoRao ?? 0n;
    sums.alphaRao += event.alphaRao;
    sums.flowsRao += sign * taoRao;
    if (event.kind === 'transfer_in' || event.kind === 'transfer_out') sums.transfersRao += sign * taoRao;
    sums.spotValueRao += sign * event.spotValueRao;
    // Paying above the price just before, or receiving below it, is the cost of a trade; transfers have none.
    sums.costRao += sign * (taoRao - event.spotValueRao);
    sums.feeRao += event.feeTaoRao;
  }
  return sums;
}

function isIncoming(event: LedgerEvent): boolean {
  return event.kind === 'buy' || event.kind === 'transfer_in';
}

/** Price of the last event, for the emission of a position that has no price any more because it ended in the window. */
function impliedPrice(events: readonly LedgerEvent[]): string | null {
  const last = events.findLast((event) => event.alphaRao !== 0n);
  if (!last) return null;
  const alphaRao = last.alphaRao < 0n ? -last.alphaRao : last.alphaRao;
  return ratioText(exact(last.spotValueRao).div(exact(alphaRao)), 28);
}
