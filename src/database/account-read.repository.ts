import { Injectable } from '@nestjs/common';
import { DataSource, In } from 'typeorm';
import { Account } from './account.entity';
import { AccountHistory } from './account-history.entity';
import { narrowDays } from './position-read.repository';

export interface AccountHistoryFilter {
  address: string;
  /** UTC days: `from` is in, `to` is not. */
  from?: Date | undefined;
  to?: Date | undefined;
  ascending: boolean;
}

/** Reads accounts, now and by day. */
@Injectable()
export class AccountReadRepository {
  constructor(private readonly dataSource: DataSource) {}

  /** By address; a wallet that never synced has none. */
  async accounts(addresses: readonly string[]): Promise<ReadonlyMap<string, Account>> {
    const rows = await this.dataSource.getRepository(Account).findBy({ address: In([...addresses]) });
    return new Map(rows.map((row) => [row.address, row]));
  }

  /** Days in the order of time. */
  history(filter: AccountHistoryFilter, afterDay: string | null, limit: number): Promise<AccountHistory[]> {
    const { address, from, to, ascending } = filter;
    const query = this.dataSource
      .getRepository(AccountHistory)
      .createQueryBuilder('row')
      .where('row.address = :address', { address })
      .orderBy('row.day', ascending ? 'ASC' : 'DESC')
      .limit(limit);
    narrowDays(query, { from, to });
    if (afterDay !== null) query.andWhere(`row.day ${ascending ? '>' : '<'} :afterDay::date`, { afterDay });
    return query.getMany();
  }
}
