import { Injectable } from '@nestjs/common';
import { UnitOfWork } from './unit-of-work';

/** Hits of one client in one window. `client` is a digest: no address is stored. */
export interface ClientHits {
  client: string;
  windowNumber: number;
  hits: number;
}

/** What all replicas together have seen of a client. */
export interface SharedHits extends ClientHits {
  previousHits: number;
}

interface CountRow {
  client: string;
  window_number: string;
  hits: number;
  previous_hits: number;
}

/** Only the window that runs and the one before it are ever read. */
const KEPT_WINDOWS = 2;

/** Request counts of callers, summed over all replicas. */
@Injectable()
export class ClientCountRepository {
  constructor(private readonly unitOfWork: UnitOfWork) {}

  /** Adds `rows` (each client and window once) and resolves to the sums. Forgets windows that nobody reads any more. */
  async add(rows: readonly ClientHits[]): Promise<SharedHits[]> {
    const newest = Math.max(...rows.map((row) => row.windowNumber));
    return this.unitOfWork.run(async (manager) => {
      await manager.query('DELETE FROM client_counts WHERE window_number < $1', [newest - KEPT_WINDOWS]);
      const counts = await manager.query<CountRow[]>(
        `WITH added AS (
           INSERT INTO client_counts AS c (client, window_number, hits)
           SELECT * FROM unnest($1::text[], $2::bigint[], $3::integer[]) AS n(client, window_number, hits)
            ORDER BY client, window_number
           ON CONFLICT (client, window_number) DO UPDATE SET hits = c.hits + EXCLUDED.hits
           RETURNING client, window_number, hits)
         SELECT a.client, a.window_number, a.hits, coalesce(p.hits, 0) AS previous_hits
           FROM added a
           LEFT JOIN client_counts p ON p.client = a.client AND p.window_number = a.window_number - 1`,
        [rows.map((row) => row.client), rows.map((row) => row.windowNumber), rows.map((row) => row.hits)],
      );
      return counts.map((row) => ({
        client: row.client,
        windowNumber: Number(row.window_number),
        hits: row.hits,
        previousHits: row.previous_hits,
      }));
    });
  }
}
