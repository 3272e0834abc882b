import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';

/** Place of an event in the outbox: its transaction, then its number. Both are beyond the integers of a double. */
export interface LivePosition {
  tx: bigint;
  id: bigint;
}

export interface LiveEvent {
  position: LivePosition;
  kind: 'run' | 'dataset' | 'alert';
  body: Record<string, unknown>;
}

interface EventRow {
  tx: string;
  id: string;
  kind: LiveEvent['kind'];
  body: Record<string, unknown>;
}

/** Rows of transactions that are older than every transaction which still runs: nothing can appear before them any more. */
const SETTLED = 'tx < pg_snapshot_xmin(pg_current_snapshot())';

/** By the columns: the names alone would be those of the result, which are texts, and 999 behind 1000. */
const IN_ORDER = 'live_events.tx, live_events.id';
const NEWEST_FIRST = 'live_events.tx DESC, live_events.id DESC';

/** The outbox of runs, datasets and alerts. Readers see settled events only, so that a position never hides a later event. */
@Injectable()
export class LiveEventRepository {
  constructor(private readonly dataSource: DataSource) {}

  /** At most `limit` settled events behind `position`, in order. */
  async after({ tx, id }: LivePosition, limit: number): Promise<LiveEvent[]> {
    const rows = await this.dataSource.query<EventRow[]>(
      `SELECT tx::text, id::text, kind, body FROM live_events
        WHERE (tx, id) > ($1::text::xid8, $2::bigint) AND ${SETTLED}
        ORDER BY ${IN_ORDER} LIMIT $3`,
      [String(tx), String(id), limit],
    );
    return rows.map((row) => ({ position: positionOf(row), kind: row.kind, body: row.body }));
  }

  /** The newest settled event; zero when there is none. */
  async head(): Promise<LivePosition> {
    const [row] = await this.dataSource.query<Pick<EventRow, 'tx' | 'id'>[]>(
      `SELECT tx::text, id::text FROM live_events WHERE ${SETTLED} ORDER BY ${NEWEST_FIRST} LIMIT 1`,
    );
    return row === undefined ? { tx: 0n, id: 0n } : positionOf(row);
  }

  /** False when the event is not kept any more, or never was. */
  async holds({ tx, id }: LivePosition): Promise<boolean> {
    const [row] = await this.dataSource.query<{ held: boolean }[]>(
      'SELECT EXISTS (SELECT FROM live_events WHERE tx = $1::text::xid8 AND id = $2::bigint) AS held',
      [String(tx), String(id)],
    );
    return row?.held === true;
  }

  async prune(keptSeconds: number): Promise<void> {
    await this.dataSource.query('DELETE FROM live_events WHERE at < clock_timestamp() - make_interval(secs => $1)', [
      keptSeconds,
    ]);
  }
}

function positionOf({ tx, id }: Pick<EventRow, 'tx' | 'id'>): LivePosition {
  return { tx: BigInt(tx), id: BigInt(id) };
}
