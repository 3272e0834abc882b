import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { rollupOf } from './history-rollup';
import { HistoryRollupRepository } from './history-rollup.repository';

interface Stretch {
  netuid: number;
  from: Date;
  to: Date;
}

const POOLS = rollupOf('pool_history');

/** Pool rows `p` that are of the subnet `s` that has been registered in the last day, and do not say so. */
const NEWLY_OWNED = `p.netuid = s.netuid AND p.block_number >= s.registration_block_number
  AND p.registration_block_number IS DISTINCT FROM s.registration_block_number
  AND s.netuid IN (SELECT netuid FROM subnet_generations
                    WHERE closed_at IS NULL AND opened_at > clock_timestamp() - interval '1 day')`;

/** Who uses each netuid, from the stored subnets. */
@Injectable()
export class SubnetGenerationRepository {
  constructor(private readonly rollups: HistoryRollupRepository) {}

  /**
   * Closes the generation of every netuid that has been registered anew, opens the new one, and gives pool rows to the
   * generation they belong to: a pool is often seen before the registration of its subnet is. For a day, because the
   * pools of the moment may be stored just after. Answers how many opened.
   */
  async follow(manager: EntityManager): Promise<number> {
    await manager.query(
      `UPDATE subnet_generations g SET closed_at = clock_timestamp() FROM subnets s
        WHERE g.netuid = s.netuid AND g.closed_at IS NULL
          AND g.registration_block_number <> coalesce(s.registration_block_number, 0)`,
    );
    const opened = await manager.query<{ netuid: number }[]>(
      `INSERT INTO subnet_generations AS g (netuid, registration_block_number, registered_at)
       SELECT netuid, coalesce(registration_block_number, 0), registration_timestamp FROM subnets ORDER BY netuid
       ON CONFLICT (netuid, registration_block_number) DO UPDATE SET closed_at = NULL WHERE g.closed_at IS NOT NULL
       RETURNING netuid`,
    );
    await manager.query(
      `UPDATE pools p SET registration_block_number = s.registration_block_number FROM subnets s WHERE ${NEWLY_OWNED}`,
    );
    await this.followHistory(manager);
    return opened.length;
  }

  /** The rows change hands, and with them hours and days. */
  private async followHistory(manager: EntityManager): Promise<void> {
    const found = await manager.query<Stretch[]>(
      `SELECT p.netuid, date_trunc('day', min(p.timestamp), 'UTC') AS "from",
              date_trunc('day', max(p.timestamp), 'UTC') + interval '1 day' AS "to"
         FROM pool_history p JOIN subnets s ON ${NEWLY_OWNED}
          AND p.timestamp >= coalesce(s.registration_timestamp, '-infinity')
        GROUP BY p.netuid ORDER BY p.netuid`,
    );
    for (const { netuid, from, to } of found) {
      // Before the first change: whoever appends then waits for all of them.
      await this.rollups.lock(manager, POOLS, { from, to });
      await manager.query(
        `UPDATE pool_history p SET registration_block_number = s.registration_block_number FROM subnets s
          WHERE p.netuid = $1 AND p.timestamp >= $2 AND p.timestamp < $3 AND ${NEWLY_OWNED}`,
        [netuid, from, to],
      );
      await this.rollups.rebuild(manager, POOLS, { from, to, key: netuid });
    }
  }

  /** Registration blocks of every generation that is known, by netuid; root has 0. */
  async allRegistrations(manager: EntityManager): Promise<Map<number, number[]>> {
    const rows = await manager.query<{ netuid: number; registration: string }[]>(
      'SELECT netuid, registration_block_number AS registration FROM subnet_generations ORDER BY netuid, 2',
    );
    const known = new Map<number, number[]>();
    for (const { netuid, registration } of rows)
      known.set(netuid, [...(known.get(netuid) ?? []), Number(registration)]);
    return known;
  }

  /** Registration block by netuid; absent where no subnet is known, null for root. */
  async registrations(manager: EntityManager): Promise<Map<number, number | null>> {
    const rows = await manager.query<{ netuid: number; registration: string | null }[]>(
      'SELECT netuid, registration_block_number AS registration FROM subnets',
    );
    return new Map(rows.map((row) => [row.netuid, row.registration === null ? null : Number(row.registration)]));
  }
}
