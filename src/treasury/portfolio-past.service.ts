import { Injectable } from '@nestjs/common';
import {
  computeDrawdown,
  drawdownState,
  type DrawdownSummary,
  knownFlowsOf,
  navSeries,
  type NavPoint,
  type UnitPricePoint,
  usdText,
} from '../analysis';
import { tokensOf } from '../common';
import { Settings } from '../config';
import { EarningsEventRepository, type NavSample, NavSnapshotRepository, type SnapshotInterval } from '../database';
import type { DrawdownView, PortfolioPointView } from './portfolio-history.view';
import { tao } from './portfolio-to-view';

/** Recorded values of one scope with what the flow-adjusted series makes of them, oldest first. */
export interface PortfolioPast {
  points: PortfolioPointView[];
  drawdown: DrawdownView;
}

/** What the treasury was worth, and how far it has fallen. */
@Injectable()
export class PortfolioPastReader {
  constructor(
    private readonly snapshots: NavSnapshotRepository,
    private readonly events: EarningsEventRepository,
    private readonly settings: Settings,
  ) {}

  /** All of the past: a peak counts however long ago it was. */
  async read(scope: string, interval: SnapshotInterval): Promise<PortfolioPast> {
    // Values first: the events then reach at least as far.
    const snapshots = await this.snapshots.series(scope, interval);
    const addresses = [...new Set(snapshots.flatMap((snapshot) => Object.keys(snapshot.wallets)))];
    const events = await this.events.read(addresses);
    const { points, endsBecause } = navSeries(snapshots, knownFlowsOf(addresses, events, events.generations));
    const summary = computeDrawdown(points);
    return {
      points: toPointViews(snapshots, points, summary),
      drawdown: this.toDrawdownView(points, summary, endsBecause),
    };
  }

  private toDrawdownView(
    points: readonly NavPoint[],
    summary: DrawdownSummary | null,
    endsBecause: string | null,
  ): DrawdownView {
    const soft = String(this.settings.softDrawdownLimit);
    const hard = String(this.settings.hardDrawdownLimit);
    return {
      current: summary?.current ?? null,
      maximum: summary?.maximum ?? null,
      maximum_at: summary?.maximumAt?.toISOString() ?? null,
      state: summary === null ? 'unknown' : drawdownState(summary.current, { soft, hard }),
      soft_limit: soft,
      hard_limit: hard,
      as_of: points.at(-1)?.at.toISOString() ?? null,
      ends_because: summary === null ? 'no complete value has been recorded yet' : endsBecause,
    };
  }
}

function toPointViews(
  snapshots: readonly NavSample[],
  points: readonly NavPoint[],
  summary: DrawdownSummary | null,
): PortfolioPointView[] {
  const flows = new Map(points.map((point) => [point.at.getTime(), point.flowRao]));
  const units = new Map((summary?.points ?? []).map((point) => [point.at.getTime(), point]));
  return snapshots.map((snapshot) => {
    const at = snapshot.at.getTime();
    const unit: UnitPricePoint | undefined = snapshot.complete ? units.get(at) : undefined;
    return {
      at: snapshot.at.toISOString(),
      block_number: snapshot.blockNumber,
      complete: snapshot.complete,
      missing: snapshot.missing,
      mid_tao: tokensOf(snapshot.mid),
      executable_50_tao: tokensOf(snapshot.exec50),
      executable_100_tao: tokensOf(snapshot.exec100),
      usd_per_tao: snapshot.usdPerTao,
      mid_usd: snapshot.mid === null ? null : usdText(BigInt(snapshot.mid), snapshot.usdPerTao),
      flow_tao: unit === undefined ? null : tao(flows.get(at) ?? null),
      unit_price: unit?.unitPrice ?? null,
      drawdown: unit?.drawdown ?? null,
    };
  });
}
