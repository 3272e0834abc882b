import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { Wallet } from './wallet.entity';

/** Datasets that every wallet has of its own; a new wallet makes them due at once. */
export const WALLET_DATASETS = ['positions', 'accounts'] as const;

/** What fills in behind, once it is known what the wallet holds. */
const PAST_DATASETS = ['account_history', 'position_history', 'delegation_events', 'transfers'] as const;
const PAST_DELAY_SECONDS = 60;

export interface AddedWallet {
  wallet: Wallet;
  /** `known`: it was followed already and is as it was. */
  outcome: 'added' | 'revived' | 'known';
}

/** The wallets that the treasury follows. Nothing known of one is ever deleted with it. */
@Injectable()
export class WalletRepository {
  constructor(private readonly dataSource: DataSource) {}

  /** In the order in which they were added. */
  list({ includeDeleted }: { includeDeleted: boolean }): Promise<Wallet[]> {
    const query = this.dataSource.getRepository(Wallet).createQueryBuilder('wallet');
    if (!includeDeleted) query.where('wallet.deletedAt IS NULL');
    return query.orderBy('wallet.createdAt', 'ASC').addOrderBy('wallet.address', 'ASC').getMany();
  }

  /** Those that are to be synced. */
  active(manager: EntityManager): Promise<Wallet[]> {
    return manager
      .getRepository(Wallet)
      .createQueryBuilder('wallet')
      .where('wallet.isActive AND wallet.deletedAt IS NULL')
      .orderBy('wallet.createdAt', 'ASC')
      .addOrderBy('wallet.address', 'ASC')
      .getMany();
  }

  /** Deleted ones too. */
  find(address: string): Promise<Wallet | null> {
    return this.dataSource.getRepository(Wallet).findOneBy({ address });
  }

  /** Follows a wallet, again where it had been deleted: its history goes on. Its first sync is due at once. */
  add({ address, label }: { address: string; label: string | null }): Promise<AddedWallet> {
    return this.dataSource.transaction(async (manager) => {
      const added = await insertMissing(manager, [address], { label, origin: 'request' });
      const outcome = added > 0 ? 'added' : (await revive(manager, address, label)) ? 'revived' : 'known';
      if (outcome !== 'known') await becomeDue(manager);
      return { wallet: await manager.getRepository(Wallet).findOneByOrFail({ address }), outcome };
    });
  }

  /** Changes what is given. Null when the wallet is not followed. */
  update(address: string, fields: { label?: string | null; isActive?: boolean }): Promise<Wallet | null> {
    return this.dataSource.transaction(async (manager) => {
      const changed = await manager
        .createQueryBuilder()
        .update(Wallet)
        .set({ ...fields, updatedAt: () => 'clock_timestamp()' })
        .where('address = :address AND deleted_at IS NULL', { address })
        .execute();
      if (changed.affected !== 1) return null;
      if (fields.isActive === true) await becomeDue(manager);
      return manager.getRepository(Wallet).findOneBy({ address });
    });
  }

  /** Stops following it and keeps everything. False when it was not followed. */
  async remove(address: string): Promise<boolean> {
    const removed = await this.dataSource
      .createQueryBuilder()
      .update(Wallet)
      .set({ deletedAt: () => 'clock_timestamp()', updatedAt: () => 'clock_timestamp()' })
      .where('address = :address AND deleted_at IS NULL', { address })
      .execute();
    return removed.affected === 1;
  }

  /**
   * Follows the wallets of WALLET_ADDRESSES that were never known. One that an operator changed or deleted stays as it
   * is, however often the service starts with it in the list. Answers how many are new.
   */
  seed(addresses: readonly string[]): Promise<number> {
    return this.dataSource.transaction(async (manager) => {
      const added = await insertMissing(manager, addresses, { label: null, origin: 'environment' });
      if (added > 0) await becomeDue(manager);
      return added;
    });
  }
}

async function insertMissing(
  manager: EntityManager,
  addresses: readonly string[],
  { label, origin }: Pick<Wallet, 'label' | 'origin'>,
): Promise<number> {
  const added = await manager.query<unknown[]>(
    `WITH added AS (
       INSERT INTO wallets (address, label, origin)
       SELECT DISTINCT address, $2, $3 FROM unnest($1::text[]) AS address
       ON CONFLICT (address) DO NOTHING RETURNING address),
     stated AS (
       INSERT INTO wallet_states (address, dataset)
       SELECT address, dataset FROM added CROSS JOIN unnest($4::text[]) AS dataset)
     SELECT address FROM added`,
    [addresses, label, origin, WALLET_DATASETS],
  );
  return added.length;
}

async function revive(manager: EntityManager, address: string, label: string | null): Promise<boolean> {
  const revived = await manager
    .createQueryBuilder()
    .update(Wallet)
    .set({
      deletedAt: null,
      isActive: true,
      origin: 'request',
      ...(label === null ? {} : { label }),
      updatedAt: () => 'clock_timestamp()',
    })
    .where('address = :address AND deleted_at IS NOT NULL', { address })
    .execute();
  return revived.affected === 1;
}

/** What a wallet holds at once, its past soon after: never later than it was due anyway. */
async function becomeDue(manager: EntityManager): Promise<void> {
  await manager.query(
    `UPDATE dataset_states SET next_due_at = CASE WHEN dataset = ANY($1) THEN clock_timestamp()
         ELSE least(next_due_at, clock_timestamp() + make_interval(secs => $3)) END
      WHERE dataset = ANY($1) OR dataset = ANY($2)`,
    [WALLET_DATASETS, PAST_DATASETS, PAST_DELAY_SECONDS],
  );
}
