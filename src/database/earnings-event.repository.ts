import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager, In, IsNull, Not } from 'typeorm';
import { DelegationEvent } from './delegation-event.entity';
import { EventCursor } from './event-cursor.entity';
import { EventGap } from './event-gap.entity';
import { Pool } from './pool.entity';
import { SubnetGeneration } from './subnet-generation.entity';
import { Transfer } from './transfer.entity';

/** Everything that is known to have happened to some wallets, and how far that knowledge reaches. */
export interface WalletEvents {
  /** In the order of blocks. */
  delegations: DelegationEvent[];
  transfers: Transfer[];
  cursors: EventCursor[];
  openGaps: EventGap[];
  /** Registration blocks of each netuid's generations, root left out. */
  generations: Map<number, number[]>;
  /** What each subnet takes of a trade by its newest pool, 0 to 1; by netuid. */
  feeRates: Map<number, string>;
}

/** Reads the events that flows and earnings are computed from. */
@Injectable()
export class EarningsEventRepository {
  constructor(private readonly dataSource: DataSource) {}

  /** As of one moment: a walk that ends meanwhile moves events and cursor or neither. */
  async read(addresses: readonly string[]): Promise<WalletEvents> {
    return this.dataSource.transaction('REPEATABLE READ', (manager) => readEvents(manager, [...addresses]));
  }

  /**
   * Changes whenever the events of these wallets may have: rows are stored in the transaction that moves a cursor or
   * touches a gap. With `datasets`, also with every run of theirs and, before it ends, with what it stored of these
   * wallets. Null while nothing was read at all.
   */
  async version(addresses: readonly string[], datasets: readonly string[] = []): Promise<string | null> {
    const [row] = await this.dataSource.query<{ version: string | null }[]>(
      `SELECT string_agg(part, ' ' ORDER BY part) AS version FROM (
         SELECT concat_ws('/', dataset, wallet, complete_from, complete_to, rows_read, updated_at) AS part
           FROM event_cursors WHERE wallet = ANY($1)
         UNION ALL
         SELECT concat_ws('/', dataset, wallet, gap_from, gap_to, last_tried_at)
           FROM event_gaps WHERE wallet = ANY($1) AND closed_at IS NULL
         UNION ALL
         SELECT concat_ws('/', dataset, applied_run_id, last_success_at, last_attempt_at)
           FROM dataset_states WHERE dataset = ANY($2)
         UNION ALL
         SELECT concat_ws('/', dataset, address, last_success_at) FROM wallet_states
          WHERE address = ANY($1) AND dataset = ANY($2)
         UNION ALL
         SELECT concat_ws('/', dataset, count(*), max(updated_at)) FROM backfills
          WHERE dataset = ANY($2) AND split_part(scope, '/', 1) = ANY($1) GROUP BY dataset
       ) AS parts WHERE EXISTS (SELECT FROM event_cursors WHERE wallet = ANY($1))`,
      [addresses, datasets],
    );
    return row?.version ?? null;
  }
}

async function readEvents(manager: EntityManager, addresses: string[]): Promise<WalletEvents> {
  const order = { blockNumber: 'ASC', id: 'ASC' } as const;
  return {
    delegations: await manager.getRepository(DelegationEvent).find({ where: { nominator: In(addresses) }, order }),
    transfers: await manager
      .getRepository(Transfer)
      .find({ where: [{ fromAddress: In(addresses) }, { toAddress: In(addresses) }], order }),
    cursors: await manager.getRepository(EventCursor).findBy({ wallet: In(addresses) }),
    openGaps: await manager.getRepository(EventGap).findBy({ wallet: In(addresses), closedAt: IsNull() }),
    generations: await readGenerations(manager),
    feeRates: await readFeeRates(manager),
  };
}

async function readGenerations(manager: EntityManager): Promise<Map<number, number[]>> {
  const known = new Map<number, number[]>();
  for (const { netuid, registrationBlockNumber } of await manager.getRepository(SubnetGeneration).find()) {
    if (registrationBlockNumber === 0) continue;
    known.set(netuid, [...(known.get(netuid) ?? []), registrationBlockNumber]);
  }
  return known;
}

async function readFeeRates(manager: EntityManager): Promise<Map<number, string>> {
  const pools = await manager
    .getRepository(Pool)
    .find({ select: { netuid: true, feeRate: true }, where: { feeRate: Not(IsNull()) } });
  return new Map(pools.flatMap(({ netuid, feeRate }) => (feeRate === null ? [] : [[netuid, feeRate]])));
}
