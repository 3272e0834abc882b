import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { UnitOfWork } from './unit-of-work';

export type DeliveryStatus = 'pending' | 'delivered' | 'failed';

/** What is to be told, once, to any number of channels. */
export interface AlertMessage {
  /** Also the `webhook-id`: the same in every attempt, so that a receiver can tell a repetition. */
  id: string;
  at: Date;
  kind: 'alerts' | 'test';
  body: Record<string, unknown>;
}

/** Where a message goes: the channel's name, and a digest of its address. */
export interface DeliveryTarget {
  id: string;
  channel: string;
  target: string;
}

/** One message on its way to one channel. */
export interface Delivery extends DeliveryTarget {
  messageId: string;
  kind: AlertMessage['kind'];
  at: Date;
  status: DeliveryStatus;
  attempts: number;
  attemptedAt: Date | null;
  nextAttemptAt: Date | null;
  httpStatus: number | null;
  errorCode: string | null;
}

/** A delivery that this process has taken, with what it is to send. */
export interface ClaimedDelivery extends Delivery {
  message: AlertMessage;
}

/** What came of an attempt; `nextAttemptAt` is set while another one follows. */
export interface DeliveryOutcome {
  status: DeliveryStatus;
  nextAttemptAt: Date | null;
  httpStatus: number | null;
  errorCode: string | null;
}

const COLUMNS = `d.id, d.message_id AS "messageId", d.channel, d.target, m.kind, d.at, d.status, d.attempts,
  d.attempted_at AS "attemptedAt", d.next_attempt_at AS "nextAttemptAt", d.http_status AS "httpStatus",
  d.error_code AS "errorCode"`;

/** The outbox of alerts: messages that are committed and are sent at least once. */
@Injectable()
export class AlertOutboxRepository {
  constructor(private readonly unitOfWork: UnitOfWork) {}

  /** Puts a message into the outbox, due at once. */
  async add(manager: EntityManager, message: AlertMessage, targets: readonly DeliveryTarget[]): Promise<void> {
    const { id, at, kind, body } = message;
    await manager.query('INSERT INTO alert_messages (id, at, kind, body) VALUES ($1, $2, $3, $4)', [
      id,
      at,
      kind,
      JSON.stringify(body),
    ]);
    await manager.query(
      `INSERT INTO alert_deliveries (id, message_id, channel, target, at, status, next_attempt_at)
       SELECT id, $2, channel, target, $3, 'pending', $3
         FROM json_to_recordset($1::json) AS t(id uuid, channel text, target text)`,
      [JSON.stringify(targets), id, at],
    );
  }

  /** Records a message whose one delivery has been attempted already. */
  async addSettled(
    manager: EntityManager,
    message: AlertMessage,
    { id, channel, target, ...outcome }: DeliveryTarget & DeliveryOutcome,
  ): Promise<void> {
    await this.add(manager, message, [{ id, channel, target }]);
    await manager.query(
      `UPDATE alert_deliveries SET attempts = 1, attempted_at = at, status = $2, next_attempt_at = $3, http_status = $4,
         error_code = $5
        WHERE id = $1`,
      [id, outcome.status, outcome.nextAttemptAt, outcome.httpStatus, outcome.errorCode],
    );
  }

  /** When the last message about alerts was written; null when none ever was. */
  async lastMessageAt(manager: EntityManager): Promise<Date | null> {
    const [row] = await manager.query<{ at: Date | null }[]>(
      "SELECT max(at) AS at FROM alert_messages WHERE kind = 'alerts'",
    );
    return row?.at ?? null;
  }

  /**
   * Takes what is due for these channels until `claimedUntil`, each for one process. Who dies with a claim loses it at that
   * time, and the delivery is taken again.
   */
  async claim(
    channels: readonly string[],
    { now, claimedUntil, limit }: { now: Date; claimedUntil: Date; limit: number },
  ): Promise<ClaimedDelivery[]> {
    const rows = await this.unitOfWork.manager.query<(Delivery & { messageAt: Date; body: AlertMessage['body'] })[]>(
      `WITH due AS (
         SELECT id FROM alert_deliveries
          WHERE status = 'pending' AND next_attempt_at <= $2 AND (claimed_until IS NULL OR claimed_until <= $2)
            AND channel = ANY($1)
          ORDER BY next_attempt_at, id LIMIT $4 FOR UPDATE SKIP LOCKED),
       d AS (
         UPDATE alert_deliveries c SET claimed_until = $3, attempts = c.attempts + 1, attempted_at = $2
           FROM due WHERE c.id = due.id RETURNING c.*)
       SELECT ${COLUMNS}, m.at AS "messageAt", m.body FROM d JOIN alert_messages m ON m.id = d.message_id ORDER BY d.id`,
      [channels, now, claimedUntil, limit],
    );
    return rows.map(({ messageAt, body, ...delivery }) => ({
      ...delivery,
      message: { id: delivery.messageId, at: messageAt, kind: delivery.kind, body },
    }));
  }

  /** Records what came of the claimed attempt. Nothing when another process has taken the delivery in the meantime. */
  async settle({ id, attempts }: Delivery, outcome: DeliveryOutcome): Promise<void> {
    const { status, nextAttemptAt, httpStatus, errorCode } = outcome;
    await this.unitOfWork.manager.query(
      `UPDATE alert_deliveries SET status = $3, next_attempt_at = $4, http_status = $5, error_code = $6,
         claimed_until = NULL
        WHERE id = $1 AND attempts = $2 AND status = 'pending'`,
      [id, attempts, status, nextAttemptAt, httpStatus, errorCode],
    );
  }

  /** The log, newest first; `before` is the id of the last one that was read. */
  list({ before, limit }: { before: string | undefined; limit: number }): Promise<Delivery[]> {
    return this.unitOfWork.manager.query<Delivery[]>(
      `SELECT ${COLUMNS} FROM alert_deliveries d JOIN alert_messages m ON m.id = d.message_id
        WHERE $1::uuid IS NULL OR d.id < $1::uuid ORDER BY d.id DESC LIMIT $2`,
      [before ?? null, limit],
    );
  }

  /** The newest attempt of each channel. */
  newestOfEach(manager: EntityManager = this.unitOfWork.manager): Promise<Delivery[]> {
    return manager.query<Delivery[]>(
      `SELECT DISTINCT ON (d.channel) ${COLUMNS}
         FROM alert_deliveries d JOIN alert_messages m ON m.id = d.message_id
        WHERE d.attempted_at IS NOT NULL
        ORDER BY d.channel, d.attempted_at DESC, d.id DESC`,
    );
  }

  /** What waits for these channels. A channel that is configured no more is waited for by nobody. */
  async countPending(manager: EntityManager, channels: readonly string[]): Promise<number> {
    const [row] = await manager.query<{ pending: number }[]>(
      "SELECT count(*)::int AS pending FROM alert_deliveries WHERE status = 'pending' AND channel = ANY($1)",
      [channels],
    );
    return row?.pending ?? 0;
  }

  /** Forgets messages from before `before`, with their deliveries. */
  async prune(manager: EntityManager, before: Date): Promise<void> {
    await manager.query('DELETE FROM alert_messages WHERE at < $1', [before]);
  }
}
