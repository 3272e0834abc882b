import { ExactDecimal } from '../../common';
import { ONE, ZERO, exact, ratioText } from '../exact';

/** Money that came in (+) or went out (-) at a share of the period still to run: 1 at its start, 0 at its end. */
export interface TimedFlow {
  rao: bigint;
  remaining: string;
}

/**
 * Modified Dietz: earnings over the start value plus flows weighted by the time they were there. Null when nothing was
 * invested, because a percentage of nothing is not zero.
 */
export function dietzReturn(period: {
  earningsRao: bigint;
  startRao: bigint;
  flows: readonly TimedFlow[];
}): string | null {
  const invested = period.flows.reduce(
    (sum, flow) => sum.plus(exact(flow.rao).times(flow.remaining)),
    exact(period.startRao),
  );
  return invested.lte(0) ? null : ratioText(exact(period.earningsRao).div(invested));
}

/** One day: earnings over the start value plus what came in that day, so that a deposit is not a profit. Null as above. */
export function dailyReturn(day: { earningsRao: bigint; startRao: bigint; flowRao: bigint }): string | null {
  const investedRao = day.startRao + (day.flowRao > 0n ? day.flowRao : 0n);
  return investedRao <= 0n ? null : ratioText(exact(day.earningsRao).div(exact(investedRao)));
}

/** Product of (1 + r) less one; periods without a return (nothing invested) leave it unchanged. Null when none has one. */
export function chainLink(returns: readonly (string | null)[]): string | null {
  const known = returns.filter((value) => value !== null);
  if (known.length === 0) return null;
  return ratioText(known.reduce((growth, value) => growth.times(ONE.plus(value)), ONE).minus(1));
}

export interface AnnualRate {
  /** r * 365 / days. */
  apr: string;
  /** (1 + r)^(365 / days) - 1. */
  apy: string;
  /** Under seven days: too short to lean on. */
  indicative: boolean;
}

/** A period's return per year; null for less than one day, where any number would be noise. `days` is fractional. */
export function annualize(periodReturn: string, days: number): AnnualRate | null {
  if (!(days >= 1)) return null;
  const rate = new ExactDecimal(periodReturn);
  const periods = new ExactDecimal(365).div(days);
  const growth = ONE.plus(rate);
  const compounded = growth.lte(0) ? ZERO : growth.pow(periods);
  return { apr: ratioText(rate.times(periods)), apy: ratioText(compounded.minus(1)), indicative: days < 7 };
}

/** Return in TAO of holding alpha: (p1 / p0) * (1 + alpha yield) - 1 - costs. Null without a start price. */
export function totalReturn(parts: {
  startPrice: string;
  endPrice: string;
  alphaYield: string;
  costs: string;
}): string | null {
  const start = new ExactDecimal(parts.startPrice);
  if (start.lte(0)) return null;
  const growth = new ExactDecimal(parts.endPrice).div(start).times(ONE.plus(parts.alphaYield));
  return ratioText(growth.minus(1).minus(parts.costs));
}
