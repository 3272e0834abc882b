import { Injectable } from '@nestjs/common';
import { AppError, NotFoundError, buildMeta, type DataMeta } from '../common';
import { modeOf, Settings } from '../config';
import {
  type AddedWallet,
  DatedDatasetRepository,
  WALLET_DATASETS,
  WalletReadRepository,
  WalletRepository,
  type WalletStanding,
} from '../database';
import { toWalletView } from './to-wallet-view';
import { ageOverWallets } from './wallet-age';
import { requireAddress } from './wallet-address';
import type { WalletView } from './wallet.view';

/** Follows wallets, renames and lets go of them, and says how each stands. */
@Injectable()
export class WalletBook {
  constructor(
    private readonly wallets: WalletRepository,
    private readonly reads: WalletReadRepository,
    private readonly dated: DatedDatasetRepository,
    private readonly settings: Settings,
  ) {}

  async list(includeDeleted: boolean): Promise<{ data: WalletView[]; meta: DataMeta }> {
    return this.describe(await this.reads.standings({ includeDeleted }));
  }

  /** A deleted one too. Throws `wallets/not-found` and, for what is no address, `wallets/invalid-address` and its like. */
  async get(address: string): Promise<{ data: WalletView; meta: DataMeta }> {
    const found = await this.reads.standings({ address: requireAddress(address, 'address'), includeDeleted: true });
    const { data, meta } = await this.describe(found);
    const [view] = data;
    if (view === undefined) throw unknownWallet(address, 'address');
    return { data: view, meta };
  }

  /**
   * Follows a wallet; one that was deleted is followed again and its history goes on. Its positions are due at once. The
   * same request twice is no error, but a label that differs is: nothing is renamed by accident.
   */
  async add(address: string, label: string | null): Promise<AddedWallet['outcome']> {
    const { wallet, outcome } = await this.wallets.add({ address: requireAddress(address, 'address'), label });
    if (outcome === 'known' && label !== null && label !== wallet.label) {
      throw new AppError('wallets/already-followed', `${address} is followed already; PATCH renames it`, {
        status: 409,
        fields: [{ field: 'label', message: 'differs from the one that the wallet has' }],
      });
    }
    return outcome;
  }

  /** Throws `wallets/not-found`. */
  async change(address: string, fields: { label?: string | null; isActive?: boolean }): Promise<void> {
    const changed = await this.wallets.update(requireAddress(address, 'address'), fields);
    if (changed === null) throw unknownWallet(address, 'address');
  }

  /** Stops following it; everything known of it stays. Throws `wallets/not-found`. */
  async remove(address: string): Promise<void> {
    if (!(await this.wallets.remove(requireAddress(address, 'address')))) throw unknownWallet(address, 'address');
  }

  private async describe(standings: WalletStanding[]): Promise<{ data: WalletView[]; meta: DataMeta }> {
    const addresses = standings.map(({ wallet }) => wallet.address);
    const dated = await this.dated.read(WALLET_DATASETS);
    const background = {
      dated,
      settings: this.settings,
      histories: await this.reads.histories(addresses),
      events: await this.reads.events(addresses),
    };
    const ages = WALLET_DATASETS.flatMap((dataset) => ageOverWallets(dataset, standings, dated, this.settings));
    return {
      data: standings.map((standing) => toWalletView(standing, background)),
      meta: buildMeta(ages, modeOf(this.settings).upstream),
    };
  }
}

/** `field` is where the request names the wallet. */
export function unknownWallet(address: string, field: 'address' | 'wallet'): NotFoundError {
  const message = `${address} is not followed; POST /api/v1/wallets follows it`;
  return new NotFoundError('wallets/not-found', field, message);
}
