import { createHash } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';

/** A row that was not stored: its natural key as far as it could be read, why, and its text. */
export interface QuarantinedRow {
  key: string | null;
  reason: string;
  raw: string;
}

const KEPT_PER_DATASET = 500;
const KEY_LENGTH = 200;
const REASON_LENGTH = 500;
const RAW_LENGTH = 4_096;

/** Where refused rows wait to be looked at. The same row for the same reason is one entry that counts. */
@Injectable()
export class QuarantineRepository {
  async record(
    manager: EntityManager,
    { dataset, runId }: { dataset: string; runId: string },
    rows: readonly QuarantinedRow[],
  ): Promise<void> {
    if (rows.length === 0) return;
    const entries = new Map(rows.map(toEntry).map((entry) => [`${entry.key}/${entry.reason_sha256}`, entry]));
    await manager.query(
      `INSERT INTO quarantine AS q (dataset, key, reason_sha256, reason, raw, run_id)
       SELECT $1, key, reason_sha256, reason, raw, $2
         FROM json_to_recordset($3::json) AS r(key text, reason_sha256 text, reason text, raw text)
        ORDER BY key, reason_sha256
       ON CONFLICT (dataset, key, reason_sha256) DO UPDATE SET
         raw = excluded.raw, run_id = excluded.run_id, last_seen_at = clock_timestamp(), times_seen = q.times_seen + 1`,
      [dataset, runId, JSON.stringify([...entries.values()])],
    );
    await manager.query(
      `DELETE FROM quarantine WHERE dataset = $1 AND (key, reason_sha256) IN (
         SELECT key, reason_sha256 FROM quarantine WHERE dataset = $1
          ORDER BY last_seen_at DESC, key OFFSET ${KEPT_PER_DATASET})`,
      [dataset],
    );
  }
}

function toEntry(row: QuarantinedRow): Record<'key' | 'reason_sha256' | 'reason' | 'raw', string> {
  const reason = row.reason.slice(0, REASON_LENGTH);
  return {
    key: (row.key ?? '').slice(0, KEY_LENGTH),
    reason_sha256: createHash('sha256').update(reason).digest('hex'),
    reason,
    raw: row.raw.slice(0, RAW_LENGTH),
  };
}
