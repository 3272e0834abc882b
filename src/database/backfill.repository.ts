import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { Backfill } from './backfill.entity';

export interface BackfillWindow {
  scope: string;
  /** First and last UTC day that is wanted, as `2026-01-31`. */
  windowFrom: string;
  windowTo: string;
}

/** What one step added to a walk. */
export interface BackfillStep {
  dataset: string;
  scope: string;
  /** Every day up to this one has been read; null when the step ended before its first day was whole. */
  doneTo: string | null;
  pages: number;
  calls: number;
}

export interface BackfillSetback {
  dataset: string;
  scope: string;
  calls: number;
  reason: string;
  retryInSeconds: number;
}

/** Walks through upstream's history, each with how far it has come. Progress only ever grows. */
@Injectable()
export class BackfillRepository {
  constructor(private readonly dataSource: DataSource) {}

  /** Of one dataset, or of those of its scopes that begin with `prefix`. */
  list(dataset: string, prefix = ''): Promise<Backfill[]> {
    return this.dataSource
      .getRepository(Backfill)
      .createQueryBuilder('backfill')
      .where('backfill.dataset = :dataset AND starts_with(backfill.scope, :prefix)', { dataset, prefix })
      .orderBy('backfill.scope', 'ASC')
      .getMany();
  }

  /** Makes these walks wanted, to `windowTo` at least: a later last day opens a complete walk again. */
  async want(manager: EntityManager, dataset: string, windows: readonly BackfillWindow[]): Promise<void> {
    if (windows.length === 0) return;
    await manager.query(
      `INSERT INTO backfills AS b (dataset, scope, window_from, window_to)
       SELECT $1, scope, "windowFrom", "windowTo"
         FROM json_to_recordset($2::json) AS r(scope text, "windowFrom" date, "windowTo" date) ORDER BY scope
       ON CONFLICT (dataset, scope) DO UPDATE SET
         window_to = excluded.window_to,
         state = CASE WHEN b.done_to >= excluded.window_to THEN b.state
                      WHEN b.state = 'complete' THEN 'pending' ELSE b.state END,
         updated_at = clock_timestamp()
       WHERE b.window_to < excluded.window_to`,
      [dataset, JSON.stringify(windows)],
    );
  }

  /** Whether an active wallet has an account or a position whose past nobody has begun to walk. */
  async lacksWalks(manager: EntityManager): Promise<boolean> {
    const [row] = await manager.query<{ lacks: boolean }[]>(
      `WITH active AS (SELECT address FROM wallets WHERE is_active AND deleted_at IS NULL),
       wanted AS (
         SELECT 'account_history' AS dataset, address AS scope FROM accounts JOIN active USING (address)
         UNION ALL
         SELECT 'position_history', p.coldkey || '/' || p.hotkey || '/' || p.netuid
           FROM positions p JOIN active ON active.address = p.coldkey)
       SELECT EXISTS (SELECT FROM wanted LEFT JOIN backfills b USING (dataset, scope) WHERE b.scope IS NULL) AS lacks`,
    );
    return row?.lacks ?? false;
  }

  /** Walks with days left that may go on now: those that did the least first, so that all of them show something soon. */
  open(manager: EntityManager, dataset: string, scopes: readonly string[]): Promise<Backfill[]> {
    return manager
      .getRepository(Backfill)
      .createQueryBuilder('backfill')
      .where('backfill.dataset = :dataset AND backfill.scope = ANY(:scopes)', { dataset, scopes })
      .andWhere("backfill.state <> 'complete'")
      .andWhere('(backfill.retryAt IS NULL OR backfill.retryAt <= clock_timestamp())')
      .orderBy('backfill.pages', 'ASC')
      .addOrderBy('backfill.scope', 'ASC')
      .getMany();
  }

  async advance(manager: EntityManager, { dataset, scope, doneTo, pages, calls }: BackfillStep): Promise<void> {
    await manager.query(
      `UPDATE backfills SET
         done_to = greatest(done_to, $3::date), pages = pages + $4, calls = calls + $5,
         state = CASE WHEN greatest(done_to, $3::date) >= window_to THEN 'complete' ELSE 'running' END,
         failures = 0, retry_at = NULL, reason = NULL, updated_at = clock_timestamp()
        WHERE dataset = $1 AND scope = $2`,
      [dataset, scope, doneTo, pages, calls],
    );
  }

  /** The step had no usable answer: the walk stays where it is. */
  async setBack(
    manager: EntityManager,
    { dataset, scope, calls, reason, retryInSeconds }: BackfillSetback,
  ): Promise<void> {
    await manager.query(
      `UPDATE backfills SET
         state = 'failed', failures = failures + 1, calls = calls + $3, reason = $4,
         retry_at = clock_timestamp() + make_interval(secs => $5), updated_at = clock_timestamp()
        WHERE dataset = $1 AND scope = $2`,
      [dataset, scope, calls, reason, retryInSeconds],
    );
  }
}
