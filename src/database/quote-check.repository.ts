import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { newId } from '../common';
import { QuoteCheck } from './quote-check.entity';

/** About half a year of one every six hours. */
const KEPT_CHECKS = 800;

/** Quotes that were compared. */
@Injectable()
export class QuoteCheckRepository {
  constructor(private readonly dataSource: DataSource) {}

  /** The newest comparison that could be made: it says whether quotes can be relied on. */
  latest(manager: EntityManager = this.dataSource.manager): Promise<QuoteCheck | null> {
    return manager
      .getRepository(QuoteCheck)
      .createQueryBuilder('quote')
      .where("quote.agreement <> 'skipped'")
      .orderBy('quote.id', 'DESC')
      .limit(1)
      .getOne();
  }

  /** Newest first. */
  list(limit: number): Promise<QuoteCheck[]> {
    return this.dataSource.getRepository(QuoteCheck).find({ order: { id: 'DESC' }, take: limit });
  }

  async record(manager: EntityManager, check: Omit<QuoteCheck, 'id' | 'at'>): Promise<void> {
    await manager.getRepository(QuoteCheck).insert({ ...check, id: newId() });
    await manager.query(
      `DELETE FROM quote_checks WHERE id < (SELECT id FROM quote_checks ORDER BY id DESC OFFSET ${KEPT_CHECKS} LIMIT 1)`,
    );
  }
}
