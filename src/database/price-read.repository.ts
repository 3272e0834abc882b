import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { narrowDays } from './position-read.repository';
import { PriceHistory } from './price-history.entity';

export interface PriceDayFilter {
  /** UTC days: `from` is in, `to` is not. */
  from?: Date | undefined;
  to?: Date | undefined;
  ascending: boolean;
}

/** Reads the daily price of TAO. */
@Injectable()
export class PriceReadRepository {
  constructor(private readonly dataSource: DataSource) {}

  /** Days in the order of time. */
  days({ from, to, ascending }: PriceDayFilter, afterDay: string | null, limit: number): Promise<PriceHistory[]> {
    const query = this.dataSource
      .getRepository(PriceHistory)
      .createQueryBuilder('row')
      .orderBy('row.day', ascending ? 'ASC' : 'DESC')
      .limit(limit);
    narrowDays(query, { from, to });
    if (afterDay !== null) query.andWhere(`row.day ${ascending ? '>' : '<'} :afterDay::date`, { afterDay });
    return query.getMany();
  }
}
