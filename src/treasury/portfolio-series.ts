import {
  type DrawdownStand,
  type KnownFlows,
  nextNavPoint,
  nextStand,
  NO_VALUES,
  unitPointOf,
  usdText,
} from '../analysis';
import { tokensOf } from '../common';
import type { NavSample } from '../database';
import type { PortfolioPointView } from './portfolio-history.view';
import { tao } from './portfolio-to-view';

/** Recorded values, oldest first, with the flow-adjusted series over them; it can be gone on with. */
export interface PortfolioSeries {
  points: readonly PortfolioPointView[];
  stand: DrawdownStand;
  /** The newest value that is in the series; null before the first complete one. */
  previous: NavSample | null;
  /** Why values after it are not; null: all are. */
  endsBecause: string | null;
}

export const NO_SERIES: PortfolioSeries = { points: [], stand: NO_VALUES, previous: null, endsBecause: null };

/** The series with further values. Those before are not looked at again, so the cost is that of the new ones. */
export function extendSeries(
  series: PortfolioSeries,
  samples: readonly NavSample[],
  flows: ReadonlyMap<string, KnownFlows>,
): PortfolioSeries {
  let { stand, previous, endsBecause } = series;
  const added = samples.map((sample): PortfolioPointView => {
    const point = endsBecause === null ? nextNavPoint(previous, sample, flows) : null;
    if (point === null) return toPointView(sample);
    if ('unknown' in point) {
      endsBecause = point.unknown;
      return toPointView(sample);
    }
    stand = nextStand(stand, point);
    previous = sample;
    const { unitPrice, drawdown } = unitPointOf(stand, point);
    return { ...toPointView(sample), flow_tao: tao(point.flowRao), unit_price: unitPrice, drawdown };
  });
  return { points: [...series.points, ...added], stand, previous, endsBecause };
}

/** A value that is in no series. */
function toPointView(sample: NavSample): PortfolioPointView {
  return {
    at: sample.at.toISOString(),
    block_number: sample.blockNumber,
    complete: sample.complete,
    missing: sample.missing,
    mid_tao: tokensOf(sample.mid),
    executable_50_tao: tokensOf(sample.exec50),
    executable_100_tao: tokensOf(sample.exec100),
    usd_per_tao: sample.usdPerTao,
    mid_usd: sample.mid === null ? null : usdText(BigInt(sample.mid), sample.usdPerTao),
    flow_tao: null,
    unit_price: null,
    drawdown: null,
  };
}
