import { Injectable } from '@nestjs/common';
import { agesOf, ALL_WALLETS } from '../analysis';
import {
  buildMeta,
  type CursorPart,
  type DataMeta,
  decodeCursor,
  encodeCursor,
  InvalidInputError,
  parseInstant,
  requireTrust,
  type Trust,
} from '../common';
import { modeOf, Settings } from '../config';
import { NavInputRepository, type NavRows } from '../database';
import type { DrawdownView, PortfolioPointView } from './portfolio-history.view';
import { PortfolioPastReader } from './portfolio-past.service';
import type { PortfolioHistoryQuery, PortfolioQuery } from './portfolio-query';
import { toPortfolioView } from './portfolio-to-view';
import type { PortfolioView } from './portfolio.view';
import { ageOverWallets } from './wallet-age';
import { requireAddress } from './wallet-address';
import { unknownWallet } from './wallet-book.service';

export interface PortfolioPage {
  data: PortfolioPointView[];
  next_cursor: string | null;
  resolution: string;
  drawdown: DrawdownView;
}

/** What the treasury is worth, from the stored rows alone. */
@Injectable()
export class PortfolioReader {
  constructor(
    private readonly inputs: NavInputRepository,
    private readonly past: PortfolioPastReader,
    private readonly settings: Settings,
  ) {}

  /** Throws `wallets/not-found`, `trust/too-low` and, for what is no address, `wallets/invalid-address` and its like. */
  async value(query: PortfolioQuery): Promise<{ meta: DataMeta; data: PortfolioView }> {
    const { rows, meta, wallet } = await this.find(query);
    const { drawdown } = await this.past.read(wallet ?? ALL_WALLETS, 'hour');
    return { meta, data: toPortfolioView(wallet, rows, drawdown) };
  }

  /** Recorded values, one for each hour or day. Throws as `value` does. */
  async history(query: PortfolioHistoryQuery): Promise<{ meta: DataMeta; page: PortfolioPage }> {
    const { from, to, interval, order, limit, cursor } = query;
    if (from !== undefined && to !== undefined && from >= to) {
      throw new InvalidInputError('request/invalid-query', [{ field: 'from', message: 'must be before `to`' }]);
    }
    const after = cursor === undefined ? null : momentOf(cursor, order);
    const { meta, wallet } = await this.find(query);
    const { points, drawdown } = await this.past.read(wallet ?? ALL_WALLETS, interval);
    const sign = order === 'asc' ? 1 : -1;
    const matching = points
      .map((point) => ({ point, at: new Date(point.at) }))
      .filter(({ at }) => (from === undefined || at >= from) && (to === undefined || at < to))
      .filter(({ at }) => after === null || sign * (at.getTime() - after.getTime()) > 0)
      .sort((a, b) => sign * (a.at.getTime() - b.at.getTime()));
    const data = matching.slice(0, limit).map(({ point }) => point);
    const last = data.at(-1);
    const next_cursor = last === undefined || matching.length <= limit ? null : encodeCursor([order, last.at]);
    return { meta, page: { data, next_cursor, resolution: interval, drawdown } };
  }

  private async find(query: { wallet?: string; min_trust?: Trust }): Promise<{
    rows: NavRows;
    meta: DataMeta;
    wallet: string | null;
  }> {
    const wallet = query.wallet === undefined ? null : requireAddress(query.wallet, 'wallet');
    const rows = await this.inputs.read(wallet);
    if (wallet !== null && rows.standings.length === 0) throw unknownWallet(wallet, 'wallet');
    const meta = this.metaOf(rows);
    requireTrust(meta, query.min_trust);
    return { rows, meta, wallet };
  }

  /** The price in USD counts only where there is one: without it every figure in TAO stands. */
  private metaOf({ dated, standings, taoPrice }: NavRows): DataMeta {
    const ages = [
      ...ageOverWallets('positions', standings, dated, this.settings),
      ...ageOverWallets('accounts', standings, dated, this.settings),
      ...agesOf(['pools', ...(taoPrice === null ? [] : ['tao_price'])], dated, this.settings),
    ];
    return buildMeta(ages, modeOf(this.settings).upstream);
  }
}

function momentOf(cursor: string, order: string): Date {
  const isOurs = (parts: CursorPart[]): parts is [string, string] =>
    parts.length === 2 && parts[0] === order && typeof parts[1] === 'string' && parseInstant(parts[1]) !== null;
  const [, at] = decodeCursor(cursor, isOurs);
  return new Date(at);
}
