import { Injectable } from '@nestjs/common';
import { DataSource, In } from 'typeorm';
import type { Pool } from './pool.entity';
import { SubnetGenerationRepository } from './subnet-generation.repository';
import { ValidatorYield } from './validator-yield.entity';

/** What a pool's history keeps of what its curve needs. */
export type PoolBefore = Pick<
  Pool,
  'netuid' | 'blockNumber' | 'totalTao' | 'alphaInPool' | 'price' | 'feeRate' | 'startupMode'
>;

/** Reads what readings are compared by, beside the rows themselves. */
@Injectable()
export class ReconciliationInputRepository {
  constructor(
    private readonly dataSource: DataSource,
    private readonly generations: SubnetGenerationRepository,
  ) {}

  /** Posted yields of some hotkeys. */
  yields(hotkeys: readonly string[]): Promise<ValidatorYield[]> {
    return this.dataSource.getRepository(ValidatorYield).findBy({ hotkey: In([...new Set(hotkeys)]) });
  }

  /** Registration blocks of each netuid's generations. */
  registrations(): Promise<ReadonlyMap<number, readonly number[]>> {
    return this.generations.allRegistrations(this.dataSource.manager);
  }

  /** The fee that each pool had in the newest row that is at least six hours older than now. */
  async earlierFees(): Promise<ReadonlyMap<number, string | null>> {
    const rows = await this.dataSource.query<{ netuid: number; fee: string | null }[]>(
      `SELECT p.netuid, h.fee_rate AS fee FROM pools p CROSS JOIN LATERAL (
         SELECT fee_rate FROM pool_history
          WHERE netuid = p.netuid AND timestamp < clock_timestamp() - interval '6 hours'
          ORDER BY block_number DESC LIMIT 1) AS h`,
    );
    return new Map(rows.map(({ netuid, fee }) => [netuid, fee]));
  }

  /** The newest observation of each pool before a block, at most so many blocks before it; in the order asked. */
  async poolsBefore(
    asked: readonly { netuid: number; blockNumber: number }[],
    withinBlocks: number,
  ): Promise<(PoolBefore | null)[]> {
    const rows = await this.dataSource.query<(PoolBefore & { index: number })[]>(
      `SELECT a.index::int, h.netuid, h.block_number::float8 AS "blockNumber", h.total_tao AS "totalTao",
              h.alpha_in_pool AS "alphaInPool", h.price, h.fee_rate AS "feeRate", h.startup_mode AS "startupMode"
         FROM unnest($1::int[], $2::bigint[]) WITH ORDINALITY AS a (netuid, block, index)
        CROSS JOIN LATERAL (
          SELECT * FROM pool_history
           WHERE netuid = a.netuid AND block_number < a.block AND block_number >= a.block - $3::bigint
             AND timestamp > clock_timestamp() - interval '7 days'
           ORDER BY block_number DESC LIMIT 1) AS h`,
      [asked.map(({ netuid }) => netuid), asked.map(({ blockNumber }) => blockNumber), withinBlocks],
    );
    return asked.map((_, position) => rows.find(({ index }) => index === position + 1) ?? null);
  }
}
