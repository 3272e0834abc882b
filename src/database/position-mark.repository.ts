import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';

/** All stake of a wallet on a subnet on one day, over its hotkeys. Rao. */
export interface PositionMarkRow {
  coldkey: string;
  netuid: number;
  /** Registration block; null for root, and where it was not known. */
  generation: number | null;
  /** The newest block among the hotkeys' rows. */
  block: number;
  at: Date;
  alpha: string;
  value: string;
}

/** Reads what positions were on each day. */
@Injectable()
export class PositionMarkRepository {
  constructor(private readonly dataSource: DataSource) {}

  /** Oldest first. A day whose rows are of different blocks is left out: an event between them would count once or not. */
  async days(wallets: readonly string[]): Promise<PositionMarkRow[]> {
    return this.dataSource.query(
      `SELECT coldkey, netuid, max(registration_block_number)::float8 AS generation, max(block_number)::float8 AS block,
              max(upstream_at) AS at, sum(balance)::text AS alpha, sum(balance_as_tao)::text AS value
         FROM position_history WHERE coldkey = ANY($1)
        GROUP BY coldkey, netuid, day
       HAVING min(block_number) = max(block_number)
        ORDER BY day`,
      [wallets],
    );
  }
}
