import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';

/** A subnet that active wallets hold something of, with the generation that is held. */
export interface HeldSubnet {
  netuid: number;
  /** Null for root, and while the subnets are not known. */
  registrationBlockNumber: number | null;
  /** UTC day of the registration; null where it is not known. */
  registeredOn: string | null;
}

/** One hotkey on one subnet. */
export interface HeldPair {
  hotkey: string;
  netuid: number;
}

const HELD = `positions p JOIN wallets w ON w.address = p.coldkey AND w.is_active AND w.deleted_at IS NULL`;

/** What the active wallets hold, as far as datasets of the network need to know it: which subnets, which validators. */
@Injectable()
export class HeldSubnetRepository {
  subnets(manager: EntityManager): Promise<HeldSubnet[]> {
    return manager.query(
      `SELECT DISTINCT p.netuid, s.registration_block_number::float8 AS "registrationBlockNumber",
              to_char(s.registration_timestamp AT TIME ZONE 'UTC', 'YYYY-MM-DD') AS "registeredOn"
         FROM ${HELD} LEFT JOIN subnets s ON s.netuid = p.netuid
        WHERE p.balance > 0 ORDER BY p.netuid`,
    );
  }

  pairs(manager: EntityManager): Promise<HeldPair[]> {
    return manager.query(
      `SELECT DISTINCT p.hotkey, p.netuid FROM ${HELD} WHERE p.balance > 0 ORDER BY p.netuid, p.hotkey`,
    );
  }

  /** UTC days of [from, to] on which the history of the subnet's pool has nothing of this generation. */
  async missingPoolDays(
    manager: EntityManager,
    { netuid, registrationBlockNumber }: HeldSubnet,
    { from, to }: { from: string; to: string },
  ): Promise<string[]> {
    const rows = await manager.query<{ day: string }[]>(
      `SELECT to_char(d, 'YYYY-MM-DD') AS day
         FROM generate_series($2::timestamp, $3::timestamp, interval '1 day') AS d
        WHERE NOT EXISTS (
          SELECT FROM pool_days h
           WHERE h.netuid = $1 AND h.bucket_at = d AT TIME ZONE 'UTC' AND h.block_number >= coalesce($4::bigint, 0))
        ORDER BY d`,
      [netuid, from, to, registrationBlockNumber],
    );
    return rows.map((row) => row.day);
  }

  /** Days, over all subnets that are held, that the history of their pools has. */
  async countPoolDays(manager: EntityManager): Promise<number> {
    const [row] = await manager.query<{ days: number }[]>(
      `SELECT count(DISTINCT (h.netuid, h.bucket_at))::int AS days FROM pool_days h
        WHERE h.netuid IN (SELECT p.netuid FROM ${HELD} WHERE p.balance > 0)`,
    );
    return row?.days ?? 0;
  }
}
