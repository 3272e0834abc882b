import { Injectable } from '@nestjs/common';
import { DataSource, In } from 'typeorm';
import { EventCursor } from './event-cursor.entity';
import { Wallet } from './wallet.entity';
import { WalletState } from './wallet-state.entity';

/** A wallet with how each of its datasets stands. */
export interface WalletStanding {
  wallet: Wallet;
  states: readonly WalletState[];
}

/** How far the walks through one wallet's past have come, over all of them in one dataset. */
export interface HistoryProgress {
  address: string;
  dataset: string;
  walks: number;
  completeWalks: number;
  /** First and last UTC day that is wanted. */
  from: string;
  to: string;
  /** Days over all walks: with three positions, three a day. */
  daysWanted: number;
  daysRead: number;
  /** Upstream calls that it took. */
  calls: number;
  /** Why a walk stands still; null while all go on. */
  reason: string | null;
}

/** How far one wallet's events have been read, and how many stretches of that are still missing. */
export interface EventProgress {
  cursor: EventCursor;
  openGaps: number;
}

/** Reads what is known of the wallets as wallets: their standing and how complete their history is. */
@Injectable()
export class WalletReadRepository {
  constructor(private readonly dataSource: DataSource) {}

  /** In the order in which they were added. */
  async standings(filter: { address?: string | undefined; includeDeleted: boolean }): Promise<WalletStanding[]> {
    const query = this.dataSource.getRepository(Wallet).createQueryBuilder('wallet');
    if (!filter.includeDeleted) query.andWhere('wallet.deletedAt IS NULL');
    if (filter.address !== undefined) query.andWhere('wallet.address = :address', { address: filter.address });
    const wallets = await query.orderBy('wallet.createdAt', 'ASC').addOrderBy('wallet.address', 'ASC').getMany();
    const states = await this.dataSource
      .getRepository(WalletState)
      .find({ where: { address: In(wallets.map((wallet) => wallet.address)) }, order: { dataset: 'ASC' } });
    return wallets.map((wallet) => ({
      wallet,
      states: states.filter((state) => state.address === wallet.address),
    }));
  }

  /** A scope begins with the wallet's address: `address` or `address/hotkey/netuid`. */
  histories(addresses: readonly string[]): Promise<HistoryProgress[]> {
    return this.dataSource.query(
      `SELECT split_part(scope, '/', 1) AS address, dataset,
              count(*)::integer AS walks, (count(*) FILTER (WHERE state = 'complete'))::integer AS "completeWalks",
              min(window_from)::text AS "from", max(window_to)::text AS "to",
              sum(window_to - window_from + 1)::integer AS "daysWanted",
              sum(CASE WHEN done_to >= window_from THEN least(done_to, window_to) - window_from + 1
                       ELSE 0 END)::integer AS "daysRead",
              sum(calls)::integer AS calls, min(reason) FILTER (WHERE state = 'failed') AS reason
         FROM backfills
        WHERE dataset IN ('account_history', 'position_history') AND split_part(scope, '/', 1) = ANY($1)
        GROUP BY 1, 2 ORDER BY 1, 2`,
      [addresses],
    );
  }

  async events(addresses: readonly string[]): Promise<EventProgress[]> {
    const cursors = await this.dataSource
      .getRepository(EventCursor)
      .find({ where: { wallet: In([...addresses]) }, order: { wallet: 'ASC', dataset: 'ASC' } });
    const gaps = await this.dataSource.query<{ wallet: string; dataset: string; open: number }[]>(
      `SELECT wallet, dataset, count(*)::integer AS open FROM event_gaps
        WHERE wallet = ANY($1) AND closed_at IS NULL GROUP BY wallet, dataset`,
      [addresses],
    );
    return cursors.map((cursor) => ({
      cursor,
      openGaps: gaps.find((gap) => gap.wallet === cursor.wallet && gap.dataset === cursor.dataset)?.open ?? 0,
    }));
  }
}
