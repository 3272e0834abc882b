import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { AlertSeverity } from '../config';
import { UnitOfWork } from './unit-of-work';

/** Something that is or was wrong, and what its receivers know of it. */
export interface StoredAlert {
  /** `code`, or `code:subject`. */
  key: string;
  code: string;
  subject: string | null;
  severity: AlertSeverity;
  message: string;
  since: Date;
  /** When any replica last found it. */
  lastSeenAt: Date;
  resolvedAt: Date | null;
  notifiedAt: Date | null;
  /** The worst severity that was sent since it began. */
  notifiedSeverity: AlertSeverity | null;
  /** Messages since it began that said it stands. */
  notifications: number;
  /** Its receivers believe that it stands. */
  told: boolean;
  /** When the next message about it is due; null when none will be. */
  dueAt: Date | null;
  mutedUntil: Date | null;
}

const COLUMNS = `key, code, subject, severity, message, since, last_seen_at AS "lastSeenAt", resolved_at AS "resolvedAt",
  notified_at AS "notifiedAt", notified_severity AS "notifiedSeverity", notifications, told, due_at AS "dueAt",
  muted_until AS "mutedUntil"`;

/** More than anybody reads; the worst come first. */
const LIST_LIMIT = 1_000;

/** The alerts, as all replicas together know them. */
@Injectable()
export class AlertRepository {
  constructor(private readonly unitOfWork: UnitOfWork) {}

  /** Those that stand, the worst first, then those that ended, the newest first. */
  list(): Promise<StoredAlert[]> {
    return this.unitOfWork.manager.query<StoredAlert[]>(
      `SELECT ${COLUMNS} FROM alerts
        ORDER BY resolved_at IS NOT NULL, resolved_at DESC,
          array_position(ARRAY['critical', 'warning', 'notice'], severity), since, key
        LIMIT $1`,
      [LIST_LIMIT],
    );
  }

  /** All of them, for one planner at a time: the others wait until the transaction ends. */
  async lockAll(manager: EntityManager): Promise<StoredAlert[]> {
    await manager.query("SELECT pg_advisory_xact_lock(hashtextextended('alerts', 0))");
    return manager.query<StoredAlert[]>(`SELECT ${COLUMNS} FROM alerts ORDER BY key FOR UPDATE`);
  }

  /** Writes everything but `muted_until`, which belongs to people. */
  async save(manager: EntityManager, alerts: readonly StoredAlert[]): Promise<void> {
    if (alerts.length === 0) return;
    await manager.query(
      `INSERT INTO alerts (key, code, subject, severity, message, since, last_seen_at, resolved_at, notified_at,
         notified_severity, notifications, told, due_at)
       SELECT key, code, subject, severity, message, since, "lastSeenAt", "resolvedAt", "notifiedAt",
         "notifiedSeverity", notifications, told, "dueAt"
         FROM json_to_recordset($1::json) AS a(key text, code text, subject text, severity text, message text,
           since timestamptz, "lastSeenAt" timestamptz, "resolvedAt" timestamptz, "notifiedAt" timestamptz,
           "notifiedSeverity" text, notifications integer, told boolean, "dueAt" timestamptz)
        ORDER BY key
       ON CONFLICT (key) DO UPDATE SET severity = excluded.severity, message = excluded.message, since = excluded.since,
         last_seen_at = excluded.last_seen_at, resolved_at = excluded.resolved_at, notified_at = excluded.notified_at,
         notified_severity = excluded.notified_severity, notifications = excluded.notifications, told = excluded.told,
         due_at = excluded.due_at`,
      [JSON.stringify(alerts)],
    );
  }

  /** Null when there is no such alert. `until` null ends the muting. */
  async mute(key: string, until: Date | null): Promise<StoredAlert | null> {
    const [row] = await this.unitOfWork.manager.query<StoredAlert[]>(
      `WITH changed AS (UPDATE alerts SET muted_until = $2 WHERE key = $1 RETURNING *)
       SELECT ${COLUMNS} FROM changed`,
      [key, until],
    );
    return row ?? null;
  }

  /** Forgets alerts that ended before `before`, and after a day those that nobody was told of; a muted one is kept. */
  async prune(manager: EntityManager, before: Date, now: Date): Promise<void> {
    await manager.query(
      `DELETE FROM alerts
        WHERE (muted_until IS NULL OR muted_until < $2)
          AND (resolved_at < $1 OR (notifications = 0 AND resolved_at < $2 - interval '1 day'))`,
      [before, now],
    );
  }
}
