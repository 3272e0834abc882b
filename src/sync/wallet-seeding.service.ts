import { Injectable, Logger, type OnApplicationBootstrap } from '@nestjs/common';
import { messageOf, redactText } from '../common';
import { Settings } from '../config';
import { DatabaseReadiness, WalletRepository } from '../database';

/**
 * Follows the wallets of WALLET_ADDRESSES from the first start that lists them. Only addresses that were never known are
 * added: a wallet that an operator has deleted or switched off stays so although the variable still lists it, and is
 * followed again by a request. Taking an address off the list changes nothing.
 */
@Injectable()
export class WalletSeeding implements OnApplicationBootstrap {
  private readonly logger = new Logger('Wallets');

  constructor(
    private readonly settings: Settings,
    private readonly database: DatabaseReadiness,
    private readonly wallets: WalletRepository,
  ) {}

  /** Not awaited: the database may come later, and the service is up without it. */
  onApplicationBootstrap(): void {
    void this.seed();
  }

  /** Never rejects: what cannot be added now is added by the next start. */
  async seed(): Promise<void> {
    const { walletAddresses } = this.settings;
    if (walletAddresses.length === 0) return;
    await this.database.whenReady();
    try {
      const added = await this.wallets.seed(walletAddresses);
      if (added > 0) this.logger.log({ added }, `${added} wallets of WALLET_ADDRESSES are followed from now on`);
    } catch (error) {
      this.logger.error({ err: error }, `WALLET_ADDRESSES could not be followed: ${redactText(messageOf(error))}`);
    }
  }
}
