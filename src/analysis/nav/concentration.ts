import { ExactDecimal } from '../../common';
import { exact } from '../exact';

/** Bands in use: below 1,500 spread out, 1,500 to 2,500 moderate, above that concentrated. */
export type ConcentrationBand = 'spread' | 'moderate' | 'concentrated';

export interface Concentration {
  /** Herfindahl-Hirschman index on weights in per cent: 10,000 is a single asset. */
  hhi: string;
  /** 10,000 / HHI: how many equal positions would be as concentrated. */
  effectiveCount: string;
  band: ConcentrationBand;
}

/**
 * HHI = 10,000 * sum of squared weights, on executable values. Pass root and cash as one entry each for the whole
 * portfolio, or alpha holdings alone to renormalise. Null for an empty portfolio. Domain: values >= 0.
 */
export function computeConcentration(valuesRao: readonly bigint[]): Concentration | null {
  const totalRao = valuesRao.reduce((sum, rao) => sum + rao, 0n);
  if (totalRao <= 0n) return null;
  const squares = valuesRao.reduce((sum, rao) => sum + rao * rao, 0n);
  const hhi = exact(squares * 10_000n).div(exact(totalRao * totalRao));
  return {
    hhi: hhi.toFixed(2, ExactDecimal.ROUND_HALF_UP),
    effectiveCount: exact(10_000n).div(hhi).toFixed(2, ExactDecimal.ROUND_HALF_UP),
    band: hhi.lt(1_500) ? 'spread' : hhi.lte(2_500) ? 'moderate' : 'concentrated',
  };
}
