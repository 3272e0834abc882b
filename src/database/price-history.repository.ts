import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { PriceHistory } from './price-history.entity';
import { upsertNewer } from './record-set';

/** The price of TAO by UTC day. */
@Injectable()
export class PriceHistoryRepository {
  /** A day that was over is never replaced by one that was not. Answers how many rows changed. */
  store(manager: EntityManager, rows: readonly PriceHistory[]): Promise<number> {
    return upsertNewer(manager, { entity: PriceHistory, rows, incidental: ['runId'], newer: ['isFinished'] });
  }

  /** First UTC day from `from` to yesterday that is not stored as finished; null when none is missing. */
  async firstMissingDay(manager: EntityManager, from: string): Promise<string | null> {
    const [row] = await manager.query<{ day: string | null }[]>(
      `SELECT to_char(min(d), 'YYYY-MM-DD') AS day
         FROM generate_series($1::timestamp, (clock_timestamp() AT TIME ZONE 'UTC')::date - interval '1 day', interval '1 day') AS d
        WHERE NOT EXISTS (SELECT FROM price_history h WHERE h.day = d::date AND h.is_finished)`,
      [from],
    );
    return row?.day ?? null;
  }

  count(manager: EntityManager): Promise<number> {
    return manager.getRepository(PriceHistory).count();
  }
}
