import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';

/** An open issue of the trust pack: what it is about, and since when. */
export interface OpenIssue {
  key: string;
  since: Date;
}

/** Not seen for this long means that nobody was there to see it end; when it comes back it is a new one. */
const FORGOTTEN_AFTER = "interval '1 hour'";

/** Remembers since when each issue stands, for all replicas and over restarts. */
@Injectable()
export class TrustIssueRepository {
  /** Records that these issues stand now; answers since when they do, which may be earlier than the caller knew. */
  async recordOpen(manager: EntityManager, issues: readonly OpenIssue[]): Promise<OpenIssue[]> {
    if (issues.length === 0) return [];
    return manager.query<OpenIssue[]>(
      `INSERT INTO trust_issues AS t (key, since, last_seen_at)
       SELECT key, since, clock_timestamp() FROM json_to_recordset($1::json) AS i(key text, since timestamptz)
        ORDER BY key
       ON CONFLICT (key) DO UPDATE SET
         since = CASE WHEN t.last_seen_at < clock_timestamp() - ${FORGOTTEN_AFTER} THEN excluded.since ELSE t.since END,
         last_seen_at = clock_timestamp()
       RETURNING key, since`,
      [JSON.stringify(issues)],
    );
  }

  async recordCleared(manager: EntityManager, keys: readonly string[]): Promise<void> {
    if (keys.length > 0) await manager.query('DELETE FROM trust_issues WHERE key = ANY($1)', [keys]);
  }

  /** The issues that stood when a process last looked. */
  async findOpen(manager: EntityManager): Promise<OpenIssue[]> {
    return manager.query<OpenIssue[]>(
      `SELECT key, since FROM trust_issues WHERE last_seen_at >= clock_timestamp() - ${FORGOTTEN_AFTER}`,
    );
  }
}
