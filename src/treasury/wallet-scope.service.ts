import { Injectable } from '@nestjs/common';
import { agesOf, versionOf } from '../analysis';
import { buildMeta, type DataMeta } from '../common';
import { modeOf, Settings } from '../config';
import {
  DatedDatasetRepository,
  type DatedDatasets,
  type EventProgress,
  type HistoryProgress,
  WalletReadRepository,
  type WalletStanding,
} from '../database';
import { toHistoryViews, toStandingView } from './to-wallet-view';
import { ageOverWallets } from './wallet-age';
import { requireAddress } from './wallet-address';
import { unknownWallet } from './wallet-book.service';
import type { WalletStandingView } from './wallet.view';

export interface ScopeRequest {
  /** One wallet, also one that is no longer followed; without it all that are. */
  wallet: string | undefined;
  /** Dataset whose state is each wallet's own. */
  own: 'positions' | 'accounts';
  /** Datasets that are one for all wallets. */
  shared?: readonly string[];
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
  async find({ wallet, own, shared = [], withHistory = [] }: ScopeRequest): Promise<WalletScope> {
    const address = wallet === undefined ? undefined : requireAddress(wallet, 'wallet');
    const dated = await this.dated.read([own, ...shared]);
    const standings = await this.reads.standings({ address, includeDeleted: address !== undefined });
    if (address !== undefined && standings.length === 0) throw unknownWallet(address);
    const addresses = standings.map((standing) => standing.wallet.address);
    const progress = await this.progress(addresses, withHistory);
    const ages = [
      ...ageOverWallets(own, standings, dated, this.settings),
      ...(shared.length === 0 ? [] : agesOf(shared, dated, this.settings)),
    ];
    return {
      standings,
      addresses,
      dated,
      meta: buildMeta(ages, modeOf(this.settings).upstream),
      views: standings.map((standing) => ({
        ...toStandingView(own, standing, { dated, settings: this.settings }),
        ...(withHistory.length === 0 ? {} : { history: toHistoryViews(standing.wallet, withHistory, progress) }),
      })),
      version: [
        versionOf([own, ...shared], dated),
        standings.map(({ wallet: { address: of, label }, states }) => [of, label, states]),
        progress,
      ],
    };
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
