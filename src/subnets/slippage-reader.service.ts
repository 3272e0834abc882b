import { setImmediate } from 'node:timers/promises';
import { Inject, Injectable } from '@nestjs/common';
import {
  agesOf,
  checkQuote,
  quoteTrade,
  type Refusal,
  SURFACE_SIZES_RAO,
  toPoolReserves,
  UPSTREAM_QUOTES,
  type UpstreamQuotes,
} from '../analysis';
import {
  AppError,
  NotFoundError,
  buildMeta,
  type DataMeta,
  type DataSourceAge,
  formatTokens,
  parseTokens,
  requireTrust,
  type Trust,
} from '../common';
import { modeOf, Settings } from '../config';
import { type Pool, QuoteCheckRepository, SUBNET_DATASETS } from '../database';
import type { ExitCurveView, SurfaceView } from './slippage-curve.view';
import type { ExitCurveQuery, SlippageQuery } from './slippage-query';
import type { SlippageView } from './slippage-quote.view';
import {
  exitPoints,
  toExitCurveView,
  toSlippageView,
  toSurfaceSubnetView,
  withUpstreamQuote,
} from './slippage-to-view';
import { type Catalogue, SubnetCatalogue } from './subnet-catalogue.service';

/** A quote is made of the pool's row and of nothing else. */
const QUOTE_DATASETS = ['pools'] as const;
const NOT_SYNCED_RETRY_SECONDS = 10;

interface Dated<Data> {
  version: string;
  meta: DataMeta;
  data: Data;
}

/** What trades would yield, from the stored pools; with ENABLE_CLIENT_SIDE_SLIPPAGE off TaoStats is asked as well. */
@Injectable()
export class SlippageReader {
  private surfaceOf: { version: string; surface: Promise<SurfaceView> } | null = null;

  constructor(
    private readonly catalogue: SubnetCatalogue,
    private readonly settings: Settings,
    @Inject(UPSTREAM_QUOTES) private readonly upstream: UpstreamQuotes,
    private readonly quotes: QuoteCheckRepository,
  ) {}

  /** Throws `subnets/not-found`, `subnets/not-synced`, `trust/too-low`, and `slippage/<reason>` for a refused trade. */
  async quote(netuid: number, query: SlippageQuery): Promise<Dated<SlippageView>> {
    const { pool, ...dated } = await this.find(netuid, query.min_trust);
    const { direction } = query;
    const inRao = amountOf(query);
    const quoted = quoteTrade(toPoolReserves(pool), { direction, amountRao: inRao });
    if (!quoted.ok) throw refused(quoted.refusal);
    const view = toSlippageView(pool, quoted.value);
    if (this.settings.enableClientSideSlippage) return { ...dated, data: view };
    return { ...dated, data: await this.besideUpstream(pool, view, { netuid, direction, inRao }) };
  }

  /** Throws as `quote` does; a refusal of some sizes only is part of the answer. */
  async exitCurve(netuid: number, query: ExitCurveQuery): Promise<Dated<ExitCurveView>> {
    const { pool, ...dated } = await this.find(netuid, query.min_trust);
    const alphaRao = amountOf(query);
    const points = exitPoints(pool, alphaRao, query.steps);
    const refusals = points.flatMap(({ result }) => (result.ok ? [] : [result.refusal]));
    const lastRefusal = refusals.at(-1);
    if (lastRefusal !== undefined && refusals.length === points.length) throw refused(lastRefusal);
    return { ...dated, data: toExitCurveView(pool, points, alphaRao) };
  }

  /** Every subnet at the usual sizes; computed once for a state of the pools. Throws `subnets/not-synced`, `trust/too-low`. */
  async surface(minimum: Trust | undefined): Promise<Dated<SurfaceView>> {
    const catalogue = await this.catalogue.current();
    if (!isSynced(catalogue, 'pools')) throw notSynced();
    const meta = await this.metaOf(catalogue, minimum);
    const { version } = catalogue;
    if (this.surfaceOf?.version !== version) this.surfaceOf = { version, surface: computeSurface(catalogue) };
    return { version, meta, data: await this.surfaceOf.surface };
  }

  private async find(netuid: number, minimum: Trust | undefined): Promise<Omit<Dated<never>, 'data'> & { pool: Pool }> {
    const catalogue = await this.catalogue.current();
    const pool = poolOf(catalogue, netuid);
    return { version: catalogue.version, meta: await this.metaOf(catalogue, minimum), pool };
  }

  /** While the newest spot check disagrees with TaoStats no quote of ours is fit to act on, however fresh its pool is. */
  private async metaOf({ dated }: Catalogue, minimum: Trust | undefined): Promise<DataMeta> {
    const ages = agesOf(QUOTE_DATASETS, dated, this.settings);
    const drifted = (await this.quotes.latest())?.agreement === 'fail';
    const checked = ages.map((age): DataSourceAge => ({ ...age, dataset: 'quote_check', trust: 'drift', runId: null }));
    const meta = buildMeta(drifted ? [...ages, ...checked] : ages, modeOf(this.settings).upstream);
    requireTrust(meta, minimum);
    return meta;
  }

  private async besideUpstream(
    pool: Pool,
    view: SlippageView,
    request: Parameters<UpstreamQuotes['quote']>[0],
  ): Promise<SlippageView> {
    try {
      const upstream = await this.upstream.quote(request);
      return withUpstreamQuote(view, upstream, checkQuote(toPoolReserves(pool), upstream));
    } catch (error) {
      // Ours needs nobody: an upstream that is away costs the comparison, not the answer.
      if (!(error instanceof AppError)) throw error;
      return { ...view, upstream: { quote: null, error: { code: error.code, detail: error.message } } };
    }
  }
}

async function computeSurface({ rows }: Catalogue): Promise<SurfaceView> {
  const subnets: SurfaceView['subnets'] = [];
  for (const { pool } of rows.values()) {
    if (pool === null) continue;
    subnets.push(toSurfaceSubnetView(pool));
    // All subnets take a few hundred milliseconds: others get their turn in between.
    await setImmediate();
  }
  return { sizes_tao: SURFACE_SIZES_RAO.map(formatTokens), subnets };
}

function poolOf(catalogue: Catalogue, netuid: number): Pool {
  const rows = catalogue.rows.get(netuid);
  if (rows?.pool) return rows.pool;
  if (!SUBNET_DATASETS.every((dataset) => isSynced(catalogue, dataset))) throw notSynced();
  if (rows === undefined) {
    throw new NotFoundError('subnets/not-found', 'netuid', `TaoStats has no subnet ${netuid}`);
  }
  throw refused({ code: 'no_market', reason: `TaoStats has no pool of subnet ${netuid}` });
}

function isSynced({ dated }: Catalogue, dataset: string): boolean {
  return dated.states.get(dataset)?.lastSuccessAt != null;
}

function notSynced(): AppError {
  return new AppError('subnets/not-synced', 'The pools have never been synced; nothing is known of them yet', {
    status: 503,
    retryAfterSeconds: NOT_SYNCED_RETRY_SECONDS,
  });
}

/** Refused because of the pool, whatever the amount. */
const OF_THE_POOL: ReadonlySet<Refusal['code']> = new Set(['no_market', 'startup_pool', 'reserves_too_low']);

function refused({ code, reason }: Refusal): AppError {
  const field = OF_THE_POOL.has(code) ? 'netuid' : 'amount';
  return new AppError(`slippage/${code}`, reason, { status: 422, fields: [{ field, message: reason }] });
}

function amountOf({ amount }: { amount: string }): bigint {
  return parseTokens(amount) ?? 0n;
}
