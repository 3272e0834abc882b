import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { QuoteCheck } from './quote-check.entity';
import { QuoteCheckRepository } from './quote-check.repository';
import type { ReconciliationRun } from './reconciliation-run.entity';

/** The newest reconciliation that ended. */
export type LastReconciliation = Pick<ReconciliationRun, 'id' | 'verdict' | 'quantities' | 'reason'> & {
  finishedAt: Date;
  /** Comparisons of quantities that failed. */
  breaks: number;
  /** TAO by which the balances were off that are furthest off (R4 to R6), decimal text; null: none could be compared. */
  balancesOffTao: string | null;
};

/** What the trust pack needs to know of reconciliation. */
export interface ReconciliationReading {
  last: LastReconciliation | null;
  /** When quantities were last found to add up. */
  lastPassAt: Date | null;
  /** The newest quote that could be compared. */
  quote: QuoteCheck | null;
}

/** Reads how reconciliation stands. */
@Injectable()
export class ReconciliationReadingRepository {
  constructor(private readonly quotes: QuoteCheckRepository) {}

  async read(manager: EntityManager): Promise<ReconciliationReading> {
    const [last] = await manager.query<LastReconciliation[]>(
      `SELECT id, verdict, quantities, reason, finished_at AS "finishedAt",
              (SELECT coalesce(sum((c ->> 'failed')::int), 0)::int FROM jsonb_array_elements(checks) AS c
                WHERE c ->> 'verdict' = 'break') AS breaks,
              (SELECT trim_scale(max(abs((c -> 'worst' ->> 'difference')::numeric)) / 1e9)::text
                 FROM jsonb_array_elements(checks) AS c WHERE c ->> 'check' IN ('R4', 'R5', 'R6')) AS "balancesOffTao"
         FROM reconciliation_runs WHERE state = 'finished' ORDER BY id DESC LIMIT 1`,
    );
    const [pass] = await manager.query<{ at: Date }[]>(
      `SELECT finished_at AS at FROM reconciliation_runs
        WHERE state = 'finished' AND quantities = 'pass' ORDER BY id DESC LIMIT 1`,
    );
    return { last: last ?? null, lastPassAt: pass?.at ?? null, quote: await this.quotes.latest(manager) };
  }
}
