import { Injectable } from '@nestjs/common';
import { drawdownState, type KnownFlows, knownFlowsOf, summaryOf } from '../analysis';
import { keepNewest, SharedReading } from '../common';
import { Settings } from '../config';
import { EarningsEventRepository, type NavSample, NavSnapshotRepository, type SnapshotInterval } from '../database';
import type { DrawdownView, PortfolioPointView } from './portfolio-history.view';
import { extendSeries, NO_SERIES, type PortfolioSeries } from './portfolio-series';

/** Recorded values of one scope with what the flow-adjusted series makes of them, oldest first. */
export interface PortfolioPast {
  points: readonly PortfolioPointView[];
  drawdown: DrawdownView;
}

/** A series up to, and without, its newest value, which may still be replaced. */
interface KnownPast {
  /** Of the events that the flows were read from. */
  version: string;
  flows: ReadonlyMap<string, KnownFlows>;
  settled: PortfolioSeries;
  newestAt: Date;
}

/** Scopes and intervals whose past is kept; the ones asked for longest ago go first. */
const KEPT = 32;

/** What the treasury was worth, and how far it has fallen. */
@Injectable()
export class PortfolioPastReader {
  private readonly known = new Map<string, KnownPast>();
  private readonly readings = new Map<string, SharedReading<PortfolioSeries>>();

  constructor(
    private readonly snapshots: NavSnapshotRepository,
    private readonly events: EarningsEventRepository,
    private readonly settings: Settings,
  ) {}

  /**
   * All of the past: a peak counts however long ago it was. What was read before is gone on with while the events are the
   * same, so an answer costs what is new and not what is old; it is read once for all who ask at the same time.
   */
  async read(scope: string, interval: SnapshotInterval): Promise<PortfolioPast> {
    const key = `${interval} ${scope}`;
    const reading = this.readings.get(key) ?? new SharedReading(() => this.readNow(key, { scope, interval }));
    keepNewest(this.readings, key, reading, KEPT);
    const series = await reading.get();
    return { points: series.points, drawdown: this.toDrawdownView(series) };
  }

  private async readNow(key: string, asked: { scope: string; interval: SnapshotInterval }): Promise<PortfolioSeries> {
    const known = this.known.get(key);
    const more = known === undefined ? null : await this.goOn(key, known, asked);
    return more ?? this.readAll(key, asked);
  }

  /** Null when the events are others by now, or those of another wallet are needed. */
  private async goOn(
    key: string,
    known: KnownPast,
    { scope, interval }: { scope: string; interval: SnapshotInterval },
  ): Promise<PortfolioSeries | null> {
    const version = await this.events.version([...known.flows.keys()]);
    if (version !== known.version) return null;
    const samples = await this.snapshots.series(scope, interval, known.newestAt);
    if (!samples.every((sample) => Object.keys(sample.wallets).every((wallet) => known.flows.has(wallet)))) return null;
    return this.keep(key, samples, known);
  }

  private async readAll(
    key: string,
    { scope, interval }: { scope: string; interval: SnapshotInterval },
  ): Promise<PortfolioSeries> {
    // Values first: the events then reach at least as far. The version before the events: it may be older, never newer.
    const samples = await this.snapshots.series(scope, interval);
    const addresses = [...new Set(samples.flatMap((sample) => Object.keys(sample.wallets)))];
    const version = await this.events.version(addresses);
    const events = await this.events.read(addresses);
    const flows = knownFlowsOf(addresses, events, events.generations);
    if (version !== null && addresses.every((address) => flows.has(address))) {
      return this.keep(key, samples, { version, flows, settled: NO_SERIES });
    }
    this.known.delete(key);
    return extendSeries(NO_SERIES, samples, flows);
  }

  /** Goes on with a series and keeps all of it but the newest value. */
  private keep(key: string, samples: readonly NavSample[], known: Omit<KnownPast, 'newestAt'>): PortfolioSeries {
    const newest = samples.at(-1);
    if (newest === undefined) return known.settled;
    const settled = extendSeries(known.settled, samples.slice(0, -1), known.flows);
    keepNewest(this.known, key, { ...known, settled, newestAt: newest.at }, KEPT);
    return extendSeries(settled, [newest], known.flows);
  }

  private toDrawdownView({ stand, previous, endsBecause }: PortfolioSeries): DrawdownView {
    const soft = String(this.settings.softDrawdownLimit);
    const hard = String(this.settings.hardDrawdownLimit);
    const summary = previous === null ? null : summaryOf(stand);
    return {
      current: summary?.current ?? null,
      maximum: summary?.maximum ?? null,
      maximum_at: summary?.maximumAt?.toISOString() ?? null,
      state: summary === null ? 'unknown' : drawdownState(summary.current, { soft, hard }),
      soft_limit: soft,
      hard_limit: hard,
      as_of: previous?.at.toISOString() ?? null,
      ends_because: summary === null ? 'no complete value has been recorded yet' : endsBecause,
    };
  }
}
