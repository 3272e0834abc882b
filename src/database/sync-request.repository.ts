import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';

/** What people asked for lately, in Unix milliseconds of the database's clock. */
export interface SyncRequestLog {
  nowMs: number;
  /** Until then the share of requests is spent; in the past when nothing is owed. */
  paidUntilMs: number;
  /** When the newest request of each dataset was accepted. */
  acceptedAtMs: ReadonlyMap<string, number>;
}

interface LogRow {
  dataset: string;
  accepted_ms: number;
  paid_ms: number;
}

/** Requests for syncs, over all replicas. */
@Injectable()
export class SyncRequestRepository {
  /** Everything, and nobody else may accept a request until the transaction ends. */
  async lock(manager: EntityManager): Promise<SyncRequestLog> {
    await manager.query("SELECT pg_advisory_xact_lock(hashtext('sync-requests'))");
    // Read after the lock, in a statement of its own: only so is visible what others accepted while we waited.
    const [clock] = await manager.query<{ now_ms: number }[]>(
      'SELECT (extract(epoch FROM clock_timestamp()) * 1000)::float8 AS now_ms',
    );
    const rows = await manager.query<LogRow[]>(
      `SELECT dataset, (extract(epoch FROM accepted_at) * 1000)::float8 AS accepted_ms,
              (extract(epoch FROM paid_until) * 1000)::float8 AS paid_ms
         FROM sync_requests`,
    );
    return {
      nowMs: clock?.now_ms ?? 0,
      paidUntilMs: Math.max(0, ...rows.map((row) => row.paid_ms)),
      acceptedAtMs: new Map(rows.map((row) => [row.dataset, row.accepted_ms])),
    };
  }

  async record(manager: EntityManager, datasets: readonly string[], paidUntilMs: number): Promise<void> {
    if (datasets.length === 0) return;
    await manager.query(
      `INSERT INTO sync_requests (dataset, accepted_at, paid_until)
       SELECT dataset, clock_timestamp(), to_timestamp($2::float8 / 1000) FROM unnest($1::text[]) AS dataset
       ON CONFLICT (dataset) DO UPDATE SET accepted_at = excluded.accepted_at, paid_until = excluded.paid_until`,
      [datasets, paidUntilMs],
    );
  }
}
