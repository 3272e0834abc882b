import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { Account } from './account.entity';
import { AccountHistory } from './account-history.entity';
import { Position } from './position.entity';
import { PositionHistory } from './position-history.entity';
import { upsertNewer } from './record-set';

/** What one complete answer says of a wallet. */
export interface WalletHoldings {
  account: Partial<Account>;
  accountDay: Partial<AccountHistory>;
  positions: readonly Partial<Position>[];
  positionDays: readonly Partial<PositionHistory>[];
}

/** Accounts and positions with their history by UTC day. An older row never replaces a newer one. */
@Injectable()
export class HoldingRepository {
  findAccount(manager: EntityManager, address: string): Promise<Account | null> {
    return manager.getRepository(Account).findOneBy({ address });
  }

  /** Exited ones too. */
  findPositions(manager: EntityManager, coldkey: string): Promise<Position[]> {
    return manager.getRepository(Position).find({ where: { coldkey }, order: { netuid: 'ASC', hotkey: 'ASC' } });
  }

  /** Positions that active wallets hold. */
  async countHeld(manager: EntityManager): Promise<number> {
    const [row] = await manager.query<{ held: number }[]>(
      `SELECT count(*)::int AS held FROM positions p JOIN wallets w ON w.address = p.coldkey
        WHERE p.exited_at IS NULL AND w.is_active AND w.deleted_at IS NULL`,
    );
    return row?.held ?? 0;
  }

  /** The indexed wallets, each with the day on which its account was made; null where upstream does not say. */
  async accountStarts(manager: EntityManager): Promise<Map<string, string | null>> {
    const accounts = await manager.getRepository(Account).find({ select: { address: true, createdOnDate: true } });
    return new Map(accounts.map(({ address, createdOnDate }) => [address, createdOnDate]));
  }

  /** UTC days on which we had answers of our own, each with the upstream time of the newest. */
  async seenDays(manager: EntityManager, address: string): Promise<Map<string, Date>> {
    const days = await manager.query<{ day: string; seen_at: Date }[]>(
      `SELECT day::text, positions_seen_at AS seen_at FROM account_history
        WHERE address = $1 AND positions_seen_at IS NOT NULL`,
      [address],
    );
    return new Map(days.map(({ day, seen_at: seenAt }) => [day, seenAt]));
  }

  countAccountDays(manager: EntityManager): Promise<number> {
    return manager.getRepository(AccountHistory).count();
  }

  countPositionDays(manager: EntityManager): Promise<number> {
    return manager.getRepository(PositionHistory).count();
  }

  /** Makes the others wait that would write the wallet now. */
  async lock(manager: EntityManager, address: string): Promise<void> {
    await manager.query('SELECT 1 FROM wallets WHERE address = $1 FOR NO KEY UPDATE', [address]);
  }

  /** Answers how many current rows changed. */
  async store(manager: EntityManager, holdings: WalletHoldings): Promise<number> {
    const { account, accountDay, positions, positionDays } = holdings;
    const accounts = await upsertNewer(manager, { entity: Account, rows: [account], incidental: ['runId'] });
    const changed = await upsertNewer(manager, {
      entity: Position,
      rows: positions,
      kept: ['firstSeenAt'],
      incidental: ['runId'],
    });
    await this.storeAccountDays(manager, [accountDay]);
    await this.storePositionDays(manager, positionDays);
    return accounts + changed;
  }

  /** Answers how many days changed. */
  storeAccountDays(manager: EntityManager, rows: readonly Partial<AccountHistory>[]): Promise<number> {
    return upsertNewer(manager, {
      entity: AccountHistory,
      rows,
      incidental: ['runId', 'origin'],
      greatest: ['positionsSeenAt'],
    });
  }

  /** Answers how many days changed. */
  storePositionDays(manager: EntityManager, rows: readonly Partial<PositionHistory>[]): Promise<number> {
    return upsertNewer(manager, {
      entity: PositionHistory,
      rows,
      incidental: ['runId', 'origin'],
    });
  }
}
