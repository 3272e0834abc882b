import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager, In, IsNull } from 'typeorm';
import { Account } from './account.entity';
import { DatedDatasetRepository, type DatedDatasets } from './dated-dataset.repository';
import { Pool } from './pool.entity';
import { Position } from './position.entity';
import { SubnetGenerationRepository } from './subnet-generation.repository';
import { TaoPrice } from './tao-price.entity';
import { Wallet } from './wallet.entity';
import type { WalletStanding } from './wallet-read.repository';
import { WalletState } from './wallet-state.entity';

export const NAV_DATASETS = ['positions', 'accounts', 'pools', 'tao_price'] as const;

/** All rows that a net asset value is made of, as of one moment. */
export interface NavRows {
  dated: DatedDatasets;
  /** Wallets that are followed and synced. */
  standings: WalletStanding[];
  accounts: Account[];
  /** Held ones only. */
  positions: Position[];
  pools: Pool[];
  /** Registration block by netuid, null for root. */
  registrations: ReadonlyMap<number, number | null>;
  taoPrice: TaoPrice | null;
}

/** Reads what the treasury's value is computed from, in few queries whatever the number of wallets. */
@Injectable()
export class NavInputRepository {
  constructor(
    private readonly dataSource: DataSource,
    private readonly dated: DatedDatasetRepository,
    private readonly generations: SubnetGenerationRepository,
  ) {}

  /** Of one wallet, or of all that are active. A run that ends meanwhile is in all of the rows or in none. */
  async read(wallet: string | null): Promise<NavRows> {
    return this.dataSource.transaction('REPEATABLE READ', (manager) => this.readIn(manager, wallet));
  }

  /** Within a transaction that has written some of the rows itself. */
  async readIn(manager: EntityManager, wallet: string | null): Promise<NavRows> {
    const standings = await findStandings(manager, wallet);
    const addresses = standings.map((standing) => standing.wallet.address);
    return {
      dated: await this.dated.read(NAV_DATASETS, manager),
      standings,
      accounts: await manager.getRepository(Account).findBy({ address: In(addresses) }),
      positions: await manager.getRepository(Position).find({
        where: { coldkey: In(addresses), exitedAt: IsNull() },
        order: { netuid: 'ASC', coldkey: 'ASC', hotkey: 'ASC' },
      }),
      pools: await manager.getRepository(Pool).findBy({ removedAt: IsNull() }),
      registrations: await this.generations.registrations(manager),
      taoPrice: await manager.getRepository(TaoPrice).findOneBy({ symbol: 'TAO', removedAt: IsNull() }),
    };
  }
}

async function findStandings(manager: EntityManager, address: string | null): Promise<WalletStanding[]> {
  const wallets = await manager.getRepository(Wallet).find({
    where: { deletedAt: IsNull(), ...(address === null ? { isActive: true } : { address }) },
    order: { createdAt: 'ASC', address: 'ASC' },
  });
  const states = await manager
    .getRepository(WalletState)
    .find({ where: { address: In(wallets.map((wallet) => wallet.address)) }, order: { dataset: 'ASC' } });
  return wallets.map((wallet) => ({ wallet, states: states.filter((state) => state.address === wallet.address) }));
}
