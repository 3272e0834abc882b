import { Injectable } from '@nestjs/common';
import { DataSource, In } from 'typeorm';
import { SubnetGenerationRepository } from './subnet-generation.repository';
import { ValidatorYield } from './validator-yield.entity';

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
}
