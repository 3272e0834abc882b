import type { ChangesAnswer } from '../api/portfolio';
import { raoOf, sumTao, taoOf } from '../format/amount';

/** One step of the way from the value before to the value after. */
export interface Step {
  name: string;
  /** Signed decimal TAO. */
  tao: string;
  /** Where the bar begins and ends, in decimal TAO. */
  from: string;
  to: string;
}

export interface Waterfall {
  opening: string;
  closing: string;
  steps: Step[];
  /** By how much the steps miss the closing value; null when they meet it to the rao. */
  difference: string | null;
}

const CAUSES: Readonly<Record<string, string>> = {
  price: 'Prices',
  emission: 'Emission',
  trading_cost: 'Trading cost',
  stake_transfer: 'Stake from or to outsiders',
  deposit: 'TAO received',
  withdrawal: 'TAO sent',
  transfer_fee: 'Transfer fees',
  front_end_fee: 'Front-end fees',
  unvalued_positions: 'Positions without a value',
  unexplained: 'No event explains it',
};

/** How a cause reads. */
export function causeText(cause: string): string {
  return CAUSES[cause] ?? cause.replaceAll('_', ' ');
}

/** Causes over all subnets in their fixed order; null while not everything is known. */
export function waterfallOf({ from_tao, to_tao, lines }: ChangesAnswer['data']): Waterfall | null {
  if (from_tao === null || to_tao === null) return null;
  const known = Object.keys(CAUSES);
  const causes = [...new Set([...known, ...lines.map((line) => line.cause)])];
  let level = from_tao;
  const steps = causes.flatMap((cause): Step[] => {
    const own = lines.filter((line) => line.cause === cause).map((line) => line.tao);
    if (own.length === 0) return [];
    const step = { name: causeText(cause), tao: sumTao(own), from: level, to: sumTao([level, ...own]) };
    level = step.to;
    return [step];
  });
  const missed = raoOf(to_tao) - raoOf(level);
  return { opening: from_tao, closing: to_tao, steps, difference: missed === 0n ? null : taoOf(missed) };
}
