import { Injectable } from '@nestjs/common';
import { ALL_WALLETS } from '../analysis';
import { buildMeta, type DataMeta, requireTrust, type Trust } from '../common';
import { modeOf, Settings } from '../config';
import { DatabaseClock, DatedDatasetRepository, WalletReadRepository } from '../database';
import { EarningsBooks, emptyWindow } from './earnings-books.service';
import type { ChangesQuery, EarningsQuery, EarningsSeriesQuery } from './earnings-query';
import {
  missingOf,
  toChangeViews,
  toEarningsPointView,
  toRejectedViews,
  toSubnetEarningsViews,
  toWindowView,
} from './earnings-to-view';
import { seriesMoments, windowOf, windowSince } from './earnings-windows';
import type { ChangesView, EarningsPointView, EarningsView } from './earnings.view';
import { tao } from './portfolio-to-view';
import { ageOfEvents, ageOverWallets } from './wallet-age';
import { requireAddress } from './wallet-address';
import { unknownWallet } from './wallet-book.service';

interface Scope {
  scope: string;
  addresses: string[];
  meta: DataMeta;
}

const EVENT_DATASETS = ['delegation_events', 'transfers'] as const;

/** What the treasury earned, and why it is worth more or less than before. */
@Injectable()
export class EarningsReader {
  constructor(
    private readonly books: EarningsBooks,
    private readonly wallets: WalletReadRepository,
    private readonly dated: DatedDatasetRepository,
    private readonly clock: DatabaseClock,
    private readonly settings: Settings,
  ) {}

  /** Throws `wallets/not-found`, `trust/too-low`, `request/invalid-query`, and for what is no address its reason. */
  async summary(query: EarningsQuery): Promise<{ meta: DataMeta; data: EarningsView }> {
    const { from, to } = windowOf(query, await this.clock.now());
    const { scope, addresses, meta } = await this.find(query);
    const [window = emptyWindow({ from, to })] = await this.books.open(addresses, [from, to]);
    const subnets = toSubnetEarningsViews(window);
    return { meta, data: { scope, ...toEarningsPointView(window), subnets } };
  }

  /** Throws as `summary` does. */
  async series(query: EarningsSeriesQuery): Promise<{ meta: DataMeta; data: EarningsPointView[] }> {
    const moments = seriesMoments(windowOf(query, await this.clock.now()), query.interval);
    const { addresses, meta } = await this.find(query);
    const windows = await this.books.open(addresses, moments);
    return { meta, data: windows.map(toEarningsPointView) };
  }

  /** Throws as `summary` does. */
  async changes(query: ChangesQuery): Promise<{ meta: DataMeta; data: ChangesView }> {
    const { from, to } = windowSince(query.since, await this.clock.now());
    const { scope, addresses, meta } = await this.find(query);
    const [window = emptyWindow({ from, to })] = await this.books.open(addresses, [from, to]);
    const explained = toChangeViews(window);
    return {
      meta,
      data: {
        scope,
        window: toWindowView(window),
        complete: explained !== null,
        missing: missingOf(window),
        rejected_events: toRejectedViews(window),
        from_tao: explained === null ? null : tao(explained.changes.fromRao),
        to_tao: explained === null ? null : tao(explained.changes.toRao),
        lines: explained?.lines ?? [],
      },
    };
  }

  private async find({ wallet, min_trust }: { wallet?: string; min_trust?: Trust }): Promise<Scope> {
    const address = wallet === undefined ? undefined : requireAddress(wallet, 'wallet');
    const dated = await this.dated.read(['positions', 'accounts', ...EVENT_DATASETS]);
    const found = await this.wallets.standings({ address, includeDeleted: false });
    if (address !== undefined && found.length === 0) throw unknownWallet(address, 'wallet');
    const standings = address === undefined ? found.filter((standing) => standing.wallet.isActive) : found;
    const addresses = standings.map((standing) => standing.wallet.address);
    const events = await this.wallets.events(addresses);
    const ages = [
      ...ageOverWallets('positions', standings, dated, this.settings),
      ...ageOverWallets('accounts', standings, dated, this.settings),
      ...EVENT_DATASETS.flatMap((dataset) => ageOfEvents(dataset, { addresses, events }, dated, this.settings)),
    ];
    const meta = buildMeta(ages, modeOf(this.settings).upstream);
    requireTrust(meta, min_trust);
    return { scope: address ?? ALL_WALLETS, addresses, meta };
  }
}
