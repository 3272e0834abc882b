import { ExactDecimal } from '../../common';
import { ONE, ZERO, exact, ratioText } from '../exact';

/** A NAV observation; `flowRao` is the net outside money since the one before (deposits +, withdrawals -). */
export interface NavPoint {
  at: Date;
  navRao: bigint;
  flowRao: bigint;
}

export interface UnitPricePoint {
  at: Date;
  /** Value of one unit, 1 at the first observation that had any value; null before. */
  unitPrice: string | null;
  /** 1 - unit price / highest unit price so far, a fraction. */
  drawdown: string | null;
}

export type DrawdownState = 'within' | 'soft' | 'hard';

export interface DrawdownSummary {
  points: UnitPricePoint[];
  current: string;
  maximum: string;
  /** Where the worst drawdown was reached; null without one. */
  maximumAt: Date | null;
}

/**
 * Drawdown of the flow-adjusted unit price: each step's return is (NAV - previous - flow) / (previous + deposits), chained.
 * A withdrawal buys units back at their price, so it is no crash: 200, 180, withdraw 90 is 10 % and not 55 %. The peak is
 * over the whole series given; pass all history, not a window. Null for an empty series.
 */
export function computeDrawdown(series: readonly NavPoint[]): DrawdownSummary | null {
  if (series.length === 0) return null;
  let stand = NO_VALUES;
  const points = series.map((point) => {
    stand = nextStand(stand, point);
    return unitPointOf(stand, point);
  });
  return { points, ...summaryOf(stand) };
}

/** Where the unit price stands after some observations; more of them can go on from it. */
export interface DrawdownStand {
  unit: ExactDecimal | null;
  peak: ExactDecimal;
  navRao: bigint;
  current: ExactDecimal;
  maximum: ExactDecimal;
  maximumAt: Date | null;
}

/** Before the first observation. */
export const NO_VALUES: DrawdownStand = {
  unit: null,
  peak: ZERO,
  navRao: 0n,
  current: ZERO,
  maximum: ZERO,
  maximumAt: null,
};

/** One observation further. */
export function nextStand(stand: DrawdownStand, { at, navRao, flowRao }: NavPoint): DrawdownStand {
  const unit = nextUnit(stand.unit, { navRao, flowRao, previousRao: stand.navRao });
  if (unit === null) return { ...stand, navRao };
  const peak = ExactDecimal.max(stand.peak, unit);
  const current = peak.gt(0) ? ONE.minus(unit.div(peak)) : ZERO;
  const isWorst = current.gt(stand.maximum);
  const worst = isWorst ? { maximum: current, maximumAt: at } : { maximum: stand.maximum, maximumAt: stand.maximumAt };
  return { unit, peak, navRao, current, ...worst };
}

/** The observation that led to a stand, as others see it. */
export function unitPointOf({ unit, current }: DrawdownStand, { at }: NavPoint): UnitPricePoint {
  return { at, unitPrice: unit === null ? null : ratioText(unit), drawdown: unit === null ? null : ratioText(current) };
}

export function summaryOf({ current, maximum, maximumAt }: DrawdownStand): Omit<DrawdownSummary, 'points'> {
  return { current: ratioText(current), maximum: ratioText(maximum), maximumAt };
}

/** Compares a drawdown with the limits, all fractions (0.15 is 15 %); a limit is breached once it is reached. */
export function drawdownState(drawdown: string, limits: { soft: string; hard: string }): DrawdownState {
  const value = new ExactDecimal(drawdown);
  if (value.gte(limits.hard)) return 'hard';
  return value.gte(limits.soft) ? 'soft' : 'within';
}

function nextUnit(
  unit: ExactDecimal | null,
  step: { navRao: bigint; flowRao: bigint; previousRao: bigint },
): ExactDecimal | null {
  if (unit === null) return step.navRao > 0n ? ONE : null;
  const investedRao = step.previousRao + (step.flowRao > 0n ? step.flowRao : 0n);
  // Nothing was invested over this step, so nothing can have been gained or lost.
  if (investedRao <= 0n) return unit;
  return unit.times(ONE.plus(exact(step.navRao - step.previousRao - step.flowRao).div(exact(investedRao))));
}
