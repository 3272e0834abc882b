import { Injectable } from '@nestjs/common';
import { type EntityManager, In, IsNull } from 'typeorm';
import { DelegationEvent } from './delegation-event.entity';
import { EventCursor, type EventCursorState } from './event-cursor.entity';
import { EventGap } from './event-gap.entity';
import { upsertNewer } from './record-set';
import { Transfer } from './transfer.entity';

/** What one walk added to what is known of a wallet's events. */
export interface EventAdvance {
  dataset: string;
  wallet: string;
  /** Beginning of the walk: gaps that lie within what was walked are closed. */
  walkedFrom: Date;
  completeTo: Date;
  wantedTo: Date;
  state: EventCursorState;
  pages: number;
  calls: number;
  rowsRead: number;
}

/** A stretch of time that could not be read, and why. */
export interface UnreadStretch {
  dataset: string;
  wallet: string;
  from: Date;
  to: Date;
  reasonCode: string;
  reason: string;
  /** The subnet of the only row that is missing. */
  netuid?: number | null;
}

/** How much of a wallet's time has been read. */
export interface EventCoverage {
  dataset: string;
  wallet: string;
  completeFrom: Date;
  completeTo: Date;
  wantedTo: Date;
  state: EventCursorState;
  openGaps: number;
  /** Share of the time from `completeFrom` to `wantedTo` that was read without a gap: 0 to 1. */
  completeness: number;
}

/** Stake events and transfers of the wallets, and how far each wallet has been read. Events are never deleted. */
@Injectable()
export class EventRepository {
  /** Answers how many are new or were corrected by upstream. */
  storeDelegations(manager: EntityManager, rows: readonly DelegationEvent[]): Promise<number> {
    return upsertNewer(manager, { entity: DelegationEvent, rows, incidental: ['runId'], newer: [] });
  }

  /** Answers how many are new or were corrected by upstream. */
  storeTransfers(manager: EntityManager, rows: readonly Transfer[]): Promise<number> {
    return upsertNewer(manager, { entity: Transfer, rows, incidental: ['runId'], newer: [] });
  }

  /** Cursors of these wallets, made where there is none; the one that waits longest comes first. */
  async cursors(
    manager: EntityManager,
    dataset: string,
    wanted: { wallets: readonly string[]; from: Date },
  ): Promise<EventCursor[]> {
    await manager.query(
      `INSERT INTO event_cursors (dataset, wallet, complete_from, complete_to, wanted_to, state, updated_at)
       SELECT $1, wallet, $3, $3, $3, 'behind', 'epoch' FROM unnest($2::text[]) AS wallet
       ON CONFLICT (dataset, wallet) DO NOTHING`,
      [dataset, wanted.wallets, wanted.from],
    );
    return manager
      .getRepository(EventCursor)
      .find({ where: { dataset, wallet: In([...wanted.wallets]) }, order: { updatedAt: 'ASC', wallet: 'ASC' } });
  }

  /** The cursor never moves back. */
  async advance(manager: EntityManager, step: EventAdvance): Promise<void> {
    await manager.query(
      `UPDATE event_cursors SET
         complete_to = greatest(complete_to, $3), wanted_to = $4, state = $5,
         pages = pages + $6, calls = calls + $7, rows_read = rows_read + $8,
         failures = 0, reason_code = NULL, reason = NULL, updated_at = clock_timestamp()
        WHERE dataset = $1 AND wallet = $2`,
      [step.dataset, step.wallet, step.completeTo, step.wantedTo, step.state, step.pages, step.calls, step.rowsRead],
    );
    await this.closeGaps(manager, step, { from: step.walkedFrom, to: step.completeTo });
  }

  /** A complete walk over a stretch closes the gaps within it, and shortens the one that it began. */
  async closeGaps(
    manager: EntityManager,
    { dataset, wallet }: { dataset: string; wallet: string },
    walked: { from: Date; to: Date },
  ): Promise<void> {
    const parameters = [dataset, wallet, walked.from, walked.to];
    await manager.query(
      `UPDATE event_gaps SET closed_at = clock_timestamp()
        WHERE dataset = $1 AND wallet = $2 AND closed_at IS NULL AND gap_from >= $3 AND gap_to <= $4`,
      parameters,
    );
    await manager.query(
      `UPDATE event_gaps g SET gap_from = $4
        WHERE dataset = $1 AND wallet = $2 AND closed_at IS NULL AND gap_from >= $3 AND gap_from < $4 AND gap_to > $4
          AND NOT EXISTS (SELECT FROM event_gaps o WHERE o.dataset = $1 AND o.wallet = $2 AND o.gap_from = $4)`,
      parameters,
    );
  }

  /** The walk had no end: the cursor stays, and the next window is half as long. */
  async setBack(manager: EntityManager, stretch: UnreadStretch, calls: number): Promise<void> {
    const { dataset, wallet, reasonCode, reason } = stretch;
    await manager.query(
      `UPDATE event_cursors SET state = 'failed', failures = failures + 1, calls = calls + $3,
         reason_code = $4, reason = $5, updated_at = clock_timestamp()
        WHERE dataset = $1 AND wallet = $2`,
      [dataset, wallet, calls, reasonCode, reason],
    );
    await this.recordGap(manager, stretch);
  }

  /** Reading goes on behind a stretch that stays a gap. */
  async skip(
    manager: EntityManager,
    { dataset, wallet, to }: { dataset: string; wallet: string; to: Date },
  ): Promise<void> {
    await manager.query(
      `UPDATE event_cursors SET complete_to = greatest(complete_to, $3), failures = 0, state = 'behind'
        WHERE dataset = $1 AND wallet = $2`,
      [dataset, wallet, to],
    );
  }

  /** Opens a gap, or counts one more attempt at it. */
  async recordGap(
    manager: EntityManager,
    { dataset, wallet, from, to, reasonCode, reason, netuid = null }: UnreadStretch,
  ): Promise<void> {
    await manager.query(
      `INSERT INTO event_gaps AS g (dataset, wallet, gap_from, gap_to, reason_code, reason, netuid)
       VALUES ($1, $2, $3, $4, $5, $6, $7)
       ON CONFLICT (dataset, wallet, gap_from) DO UPDATE SET
         gap_to = CASE WHEN g.closed_at IS NULL THEN greatest(g.gap_to, excluded.gap_to) ELSE excluded.gap_to END,
         netuid = CASE WHEN g.closed_at IS NULL AND g.netuid IS DISTINCT FROM excluded.netuid THEN NULL ELSE excluded.netuid END,
         reason_code = excluded.reason_code, reason = excluded.reason, attempts = g.attempts + 1,
         last_tried_at = clock_timestamp(), closed_at = NULL`,
      [dataset, wallet, from, to, reasonCode, reason, netuid],
    );
  }

  openGaps(manager: EntityManager, dataset: string, wallets: readonly string[]): Promise<EventGap[]> {
    return manager.getRepository(EventGap).find({
      where: { dataset, wallet: In([...wallets]), closedAt: IsNull() },
      order: { lastTriedAt: 'ASC', wallet: 'ASC', gapFrom: 'ASC' },
    });
  }

  /** How much has been read, by dataset and wallet. */
  async coverage(manager: EntityManager, wallets: readonly string[]): Promise<EventCoverage[]> {
    const rows = await manager.query<(Omit<EventCoverage, 'completeness'> & { completeness: string })[]>(
      `SELECT c.dataset, c.wallet, c.complete_from AS "completeFrom", c.complete_to AS "completeTo",
              c.wanted_to AS "wantedTo", c.state, coalesce(g.gaps, 0)::int AS "openGaps",
              round(CASE WHEN c.wanted_to <= c.complete_from THEN 0 ELSE greatest(0, least(1,
                (extract(epoch FROM c.complete_to - c.complete_from) - coalesce(g.seconds, 0))
                / extract(epoch FROM c.wanted_to - c.complete_from))) END, 6)::text AS completeness
         FROM event_cursors c
         LEFT JOIN LATERAL (
           SELECT count(*) AS gaps,
                  sum(greatest(0, extract(epoch FROM least(gap_to, c.complete_to) - gap_from))) AS seconds
             FROM event_gaps WHERE dataset = c.dataset AND wallet = c.wallet AND closed_at IS NULL) g ON true
        WHERE c.wallet = ANY($1) ORDER BY c.dataset, c.wallet`,
      [wallets],
    );
    return rows.map((row) => ({ ...row, completeness: Number(row.completeness) }));
  }

  /** Events of these wallets that are stored. */
  async countDelegations(manager: EntityManager, wallets: readonly string[]): Promise<number> {
    return manager.getRepository(DelegationEvent).countBy({ nominator: In([...wallets]) });
  }

  /** Transfers from or to these wallets that are stored. */
  async countTransfers(manager: EntityManager, wallets: readonly string[]): Promise<number> {
    const either = [{ fromAddress: In([...wallets]) }, { toAddress: In([...wallets]) }];
    return manager.getRepository(Transfer).countBy(either);
  }

  /** Newest block time that pools or subnets were seen at: what upstream had indexed by then. Null before the first. */
  async indexedTo(manager: EntityManager): Promise<Date | null> {
    const [row] = await manager.query<{ at: Date | null }[]>(
      "SELECT max(upstream_at) AS at FROM dataset_states WHERE dataset IN ('pools', 'subnets')",
    );
    return row?.at ?? null;
  }
}
