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
