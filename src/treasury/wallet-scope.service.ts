import { Injectable } from '@nestjs/common';
import { agesOf, versionOf } from '../analysis';
import { buildMeta, type DataMeta, type DataSourceAge } from '../common';
import { modeOf, Settings } from '../config';
import {
  DatedDatasetRepository,
  type DatedDatasets,
  type EventProgress,
  type HistoryProgress,
  WALLET_DATASETS,
  WalletReadRepository,
  type WalletStanding,
} from '../database';
import { toHistoryViews, toStandingView } from './to-wallet-view';
import { ageOfEvents, ageOverWallets } from './wallet-age';
import { requireAddress } from './wallet-address';
import { unknownWallet } from './wallet-book.service';
import type { WalletStandingView } from './wallet.view';

export interface ScopeRequest {
  /** One wallet, also one that is no longer followed; without it all that are. */
  wallet: string | undefined;
  /** Datasets that the answer is made of. */
  datasets: readonly string[];
  /** With how much of the wallets' past is there. */
  withHistory?: readonly HistoryDataset[];
}

export type HistoryDataset = 'position_history' | 'account_history' | 'delegation_events' | 'transfers';

/** The wallets that a question is about, and how old what is known of them is. */
export interface WalletScope {
  standings: readonly WalletStanding[];
  addresses: readonly string[];
  dated: DatedDatasets;
  meta: DataMeta;
  views: readonly WalletStandingView[];
  /** Changes whenever the rows of these wallets may have. */
  version: unknown;
}

/** Finds the wallets that a question is about. Read before the rows: they may be newer than is said, never older. */
@Injectable()
export class WalletScopes {
  constructor(
    private readonly reads: WalletReadRepository,
    private readonly dated: DatedDatasetRepository,
    private readonly settings: Settings,
  ) {}

  /** Throws `wallets/not-found` and, for what is no address, `wallets/invalid-address` and its like. */
  async find({ wallet, datasets, withHistory = [] }: ScopeRequest): Promise<WalletScope> {
    const address = wallet === undefined ? undefined : requireAddress(wallet, 'wallet');
    const own = WALLET_DATASETS.find((dataset) => datasets.includes(dataset)) ?? WALLET_DATASETS[0];
    const dated = await this.dated.read([...new Set([own, ...datasets])]);
    const standings = await this.reads.standings({ address, includeDeleted: address !== undefined });
    if (address !== undefined && standings.length === 0) throw unknownWallet(address, 'wallet');
    const addresses = standings.map((standing) => standing.wallet.address);
    const progress = await this.progress(addresses, withHistory);
    const found = { standings, addresses, dated };
    return {
      ...found,
      meta: buildMeta(
        datasets.flatMap((dataset) => this.ageOf(dataset, found, progress.events)),
        modeOf(this.settings).upstream,
      ),
      views: standings.map((standing) => ({
        ...toStandingView(own, standing, { dated, settings: this.settings }),
        ...(withHistory.length === 0 ? {} : { history: toHistoryViews(standing.wallet, withHistory, progress) }),
      })),
      version: [
        versionOf(datasets, dated),
        standings.map(({ wallet: { address: of, label }, states }) => [of, label, states]),
        progress,
      ],
    };
  }

  private ageOf(
    dataset: string,
    { standings, addresses, dated }: Pick<WalletScope, 'standings' | 'addresses' | 'dated'>,
    events: readonly EventProgress[],
  ): DataSourceAge[] {
    if (WALLET_DATASETS.some((own) => own === dataset)) {
      return ageOverWallets(dataset, standings, dated, this.settings);
    }
    return isEventDataset(dataset)
      ? ageOfEvents(dataset, { addresses, events }, dated, this.settings)
      : agesOf([dataset], dated, this.settings);
  }

  private async progress(
    addresses: readonly string[],
    wanted: readonly HistoryDataset[],
  ): Promise<{ histories: HistoryProgress[]; events: EventProgress[] }> {
    const wants = (...names: HistoryDataset[]): boolean => names.some((name) => wanted.includes(name));
    return {
      histories: wants('position_history', 'account_history') ? await this.reads.histories(addresses) : [],
      events: wants('delegation_events', 'transfers') ? await this.reads.events(addresses) : [],
    };
  }
}

function isEventDataset(dataset: string): boolean {
  return dataset === 'delegation_events' || dataset === 'transfers';
}
