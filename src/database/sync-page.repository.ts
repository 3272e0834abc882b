import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';

/** A page that a run has fetched and not stored yet. */
export interface SyncPage {
  /** What was asked: endpoint, parameters, upstream and key as one text. */
  question: string;
  page: number;
  sha256: string;
  bodyGzip: Buffer;
}

/** The same, as a later run takes it over. */
export interface AdoptedPage extends SyncPage {
  ageMs: number;
}

interface PageRow {
  question: string;
  page: number;
  sha256: string;
  body_gzip: Buffer;
  age_ms: number;
}

/** Pages that hang together are of one moment: what is older belongs to another. */
const RESUMABLE = "interval '5 minutes'";
/** Ends of a run for which its answer is not to blame. */
const CUT_SHORT = `(r.state = 'interrupted'
  OR (r.state = 'failed' AND r.reason_code IN ('sync/database-failure', 'database/disk-full', 'database/read-only')))`;

/** What runs that are under way have fetched so far. */
@Injectable()
export class SyncPageRepository {
  constructor(private readonly dataSource: DataSource) {}

  async keep({ dataset, runId }: { dataset: string; runId: string }, page: SyncPage): Promise<void> {
    await this.dataSource.query(
      `INSERT INTO sync_pages (dataset, run_id, question, page, sha256, body_gzip) VALUES ($1, $2, $3, $4, $5, $6)
       ON CONFLICT (dataset, run_id, question, page) DO UPDATE SET
         sha256 = excluded.sha256, body_gzip = excluded.body_gzip, received_at = excluded.received_at`,
      [dataset, runId, page.question, page.page, page.sha256, page.bodyGzip],
    );
  }

  /**
   * Hands the pages of the newest run that was cut short to this one, when the first of them is less than five minutes
   * old, and forgets all others of the dataset.
   */
  async adopt({ dataset, runId }: { dataset: string; runId: string }): Promise<AdoptedPage[]> {
    const rows = await this.dataSource.query<PageRow[]>(
      `WITH heir AS (
         SELECT p.run_id FROM sync_pages p JOIN sync_runs r ON r.id = p.run_id
          WHERE p.dataset = $1 AND p.run_id <> $2 AND ${CUT_SHORT}
          GROUP BY p.run_id HAVING min(p.received_at) > clock_timestamp() - ${RESUMABLE}
          ORDER BY p.run_id DESC LIMIT 1),
       forgotten AS (
         DELETE FROM sync_pages WHERE dataset = $1 AND run_id <> $2 AND run_id NOT IN (SELECT run_id FROM heir)),
       adopted AS (
         UPDATE sync_pages p SET run_id = $2 FROM heir WHERE p.dataset = $1 AND p.run_id = heir.run_id
         RETURNING question, page, sha256, body_gzip,
                   (extract(epoch FROM clock_timestamp() - received_at) * 1000)::float8 AS age_ms)
       SELECT * FROM adopted`,
      [dataset, runId],
    );
    return rows.map(({ question, page, sha256, body_gzip: bodyGzip, age_ms: ageMs }) => {
      return { question, page, sha256, bodyGzip, ageMs };
    });
  }

  /** Within the transaction that closes the run: its pages are stored, or of no use. */
  async forget(manager: EntityManager, runId: string, dataset: string): Promise<void> {
    await manager.query('DELETE FROM sync_pages WHERE dataset = $1 AND run_id = $2', [dataset, runId]);
  }
}
