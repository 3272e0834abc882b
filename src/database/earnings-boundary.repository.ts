import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import type { SnapshotHolding } from './nav-snapshot.entity';

/** One wallet's recorded value nearest before a moment. Amounts in rao. */
export interface BoundarySnapshot {
  at: Date;
  block: number;
  free: string;
  reserved: string;
  missing: { input: string }[];
  holdings: SnapshotHolding[];
}

/** One wallet's account on the newest day before a moment. */
export interface BoundaryDay {
  at: Date;
  block: number;
  day: string;
  free: string;
  reserved: string | null;
  /** TAO worth of all stake, root included. */
  staked: string;
  /** The root part of it; null where it was not told. */
  root: string | null;
  /** Our own answers of that day had the positions too: one that has no row was not held. */
  positionsSeen: boolean;
}

/** The newest row of a position up to the day of a boundary; of an earlier day when that day itself has none. */
export interface BoundaryPosition {
  netuid: number;
  hotkey: string;
  generation: number | null;
  block: number;
  day: string;
  balance: string;
  value: string;
}

/** All that is recorded of one wallet at one moment; either or both of snapshot and day can be absent. */
export interface BoundaryRows {
  wallet: string;
  moment: Date;
  snapshot: BoundarySnapshot | null;
  day: BoundaryDay | null;
  positions: BoundaryPosition[];
}

type Found<Row> = Row & { wallet: string; moment: Date };

/** Reads what wallets held at given moments: from the values that were recorded, and from the history by day. */
@Injectable()
export class EarningsBoundaryRepository {
  constructor(private readonly dataSource: DataSource) {}

  /** One entry for each wallet and moment, in a number of queries that does not grow with either. */
  async read(wallets: readonly string[], moments: readonly Date[]): Promise<BoundaryRows[]> {
    return this.dataSource.transaction('REPEATABLE READ', async (manager) => {
      const snapshots = byMoment(await findSnapshots(manager, wallets, moments));
      const days = byMoment(await findDays(manager, wallets, moments));
      const positions = await findPositions(manager, [...days.values()].flat());
      return moments.flatMap((moment) =>
        wallets.map((wallet): BoundaryRows => {
          const key = keyOf({ wallet, moment });
          return {
            wallet,
            moment,
            snapshot: snapshots.get(key)?.[0] ?? null,
            day: days.get(key)?.[0] ?? null,
            positions: positions.get(key) ?? [],
          };
        }),
      );
    });
  }
}

function findSnapshots(
  manager: EntityManager,
  wallets: readonly string[],
  moments: readonly Date[],
): Promise<Found<BoundarySnapshot>[]> {
  return manager.query(
    `SELECT m.moment, w.wallet, s.at, s.block_number::float8 AS block, s.free, s.reserved, s.missing, s.holdings
       FROM unnest($1::timestamptz[]) AS m (moment) CROSS JOIN unnest($2::text[]) AS w (wallet)
      CROSS JOIN LATERAL (SELECT * FROM nav_snapshots n WHERE n.scope = w.wallet AND n.at <= m.moment
                           ORDER BY n.at DESC LIMIT 1) AS s`,
    [moments, wallets],
  );
}

function findDays(
  manager: EntityManager,
  wallets: readonly string[],
  moments: readonly Date[],
): Promise<Found<BoundaryDay>[]> {
  return manager.query(
    `SELECT m.moment, w.wallet, a.upstream_at AS at, a.block_number::float8 AS block, a.day::text AS day,
            a.balance_free AS free, a.balance_reserved AS reserved, a.balance_staked AS staked, a.balance_staked_root AS root,
            a.positions_seen_at IS NOT NULL AS "positionsSeen"
       FROM unnest($1::timestamptz[]) AS m (moment) CROSS JOIN unnest($2::text[]) AS w (wallet)
      CROSS JOIN LATERAL (SELECT * FROM account_history h WHERE h.address = w.wallet AND h.upstream_at <= m.moment
                            AND h.day <= (m.moment AT TIME ZONE 'UTC')::date
                           ORDER BY h.day DESC LIMIT 1) AS a`,
    [moments, wallets],
  );
}

async function findPositions(
  manager: EntityManager,
  days: readonly Found<BoundaryDay>[],
): Promise<Map<string, Found<BoundaryPosition>[]>> {
  const rows = await manager.query<Found<BoundaryPosition>[]>(
    `SELECT DISTINCT ON (b.moment, b.wallet, p.hotkey, p.netuid)
            b.moment, b.wallet, p.netuid, p.hotkey, p.registration_block_number::float8 AS generation,
            p.block_number::float8 AS block, p.day::text AS day, p.balance, p.balance_as_tao AS value
       FROM unnest($1::timestamptz[], $2::text[], $3::date[]) AS b (moment, wallet, day)
       JOIN position_history p ON p.coldkey = b.wallet AND p.day <= b.day
      ORDER BY b.moment, b.wallet, p.hotkey, p.netuid, p.day DESC`,
    [days.map((day) => day.moment), days.map((day) => day.wallet), days.map((day) => day.day)],
  );
  return byMoment(rows);
}

function byMoment<Row extends { wallet: string; moment: Date }>(rows: readonly Row[]): Map<string, Row[]> {
  const groups = new Map<string, Row[]>();
  for (const row of rows) groups.set(keyOf(row), [...(groups.get(keyOf(row)) ?? []), row]);
  return groups;
}

function keyOf({ wallet, moment }: { wallet: string; moment: Date }): string {
  return `${wallet} ${moment.toISOString()}`;
}
