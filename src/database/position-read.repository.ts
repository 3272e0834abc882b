import { Injectable } from '@nestjs/common';
import { DataSource, In, IsNull, type ObjectLiteral, type SelectQueryBuilder } from 'typeorm';
import { Pool } from './pool.entity';
import { Position } from './position.entity';
import { PositionHistory } from './position-history.entity';
import { Subnet } from './subnet.entity';

export interface PositionFilter {
  coldkeys: readonly string[];
  netuids?: readonly number[] | undefined;
  hotkey?: string | undefined;
}

export interface PositionKey {
  netuid: number;
  coldkey: string;
  hotkey: string;
}

export interface PositionDayKey {
  day: string;
  coldkey: string;
  hotkey: string;
}

export interface PositionHistoryFilter extends PositionFilter {
  /** UTC days: `from` is in, `to` is not. */
  from?: Date | undefined;
  to?: Date | undefined;
  /** Only blocks from here on: where the current generation of the netuid began. */
  fromBlock?: number | undefined;
  ascending: boolean;
}

/** What a netuid's alpha is worth now, and since which block its current subnet has it. */
export interface Market {
  pool: Pool | null;
  registrationBlock: number | null;
}

/** Reads positions, now and by day, and what prices them. */
@Injectable()
export class PositionReadRepository {
  constructor(private readonly dataSource: DataSource) {}

  /** In the order of netuid, coldkey and hotkey. */
  page(
    filter: PositionFilter & { includeExited: boolean },
    after: PositionKey | null,
    limit: number,
  ): Promise<Position[]> {
    const query = this.dataSource
      .getRepository(Position)
      .createQueryBuilder('row')
      .orderBy('row.netuid', 'ASC')
      .addOrderBy('row.coldkey', 'ASC')
      .addOrderBy('row.hotkey', 'ASC')
      .limit(limit);
    narrow(query, filter);
    if (!filter.includeExited) query.andWhere('row.exitedAt IS NULL');
    if (after !== null) {
      query.andWhere('(row.netuid, row.coldkey, row.hotkey) > (:netuid::integer, :coldkey, :hotkey)', after);
    }
    return query.getMany();
  }

  /**
   * Held alpha in rao over all positions that match. Of the netuid's present subnet only, where that is known: alpha of
   * a former one is another token.
   */
  async total(
    filter: PositionFilter,
    { registrationBlock }: Pick<Market, 'registrationBlock'>,
  ): Promise<{ positions: number; balance: string }> {
    const query = this.dataSource
      .getRepository(Position)
      .createQueryBuilder('row')
      .select('count(*)::integer', 'positions')
      .addSelect('coalesce(sum(row.balance), 0)', 'balance')
      .where('row.exitedAt IS NULL');
    narrow(query, filter);
    if (registrationBlock !== null) {
      query.andWhere('coalesce(row.registrationBlockNumber, :registrationBlock) = :registrationBlock', {
        registrationBlock,
      });
    }
    return (await query.getRawOne<{ positions: number; balance: string }>()) ?? { positions: 0, balance: '0' };
  }

  /** Days in the order of time, then of coldkey and hotkey. */
  history(filter: PositionHistoryFilter, after: PositionDayKey | null, limit: number): Promise<PositionHistory[]> {
    const { from, to, fromBlock, ascending } = filter;
    const direction = ascending ? 'ASC' : 'DESC';
    const query = this.dataSource
      .getRepository(PositionHistory)
      .createQueryBuilder('row')
      .orderBy('row.day', direction)
      .addOrderBy('row.coldkey', direction)
      .addOrderBy('row.hotkey', direction)
      .limit(limit);
    narrow(query, filter);
    narrowDays(query, { from, to });
    if (fromBlock !== undefined) query.andWhere('row.blockNumber >= :fromBlock', { fromBlock });
    if (after !== null) {
      query.andWhere(
        `(row.day, row.coldkey, row.hotkey) ${ascending ? '>' : '<'} (:day::date, :coldkey, :hotkey)`,
        after,
      );
    }
    return query.getMany();
  }

  /** Whether the subnets are known, this is none of them, and nobody ever held anything there. */
  async isNoSubnet(netuid: number): Promise<boolean> {
    const [row] = await this.dataSource.query<{ none: boolean }[]>(
      `SELECT EXISTS (SELECT FROM subnets) AND NOT EXISTS (SELECT FROM subnets WHERE netuid = $1)
              AND NOT EXISTS (SELECT FROM positions WHERE netuid = $1)
              AND NOT EXISTS (SELECT FROM position_history WHERE netuid = $1) AS none`,
      [netuid],
    );
    return row?.none === true;
  }

  /** By netuid; a pool of the netuid's former user is left out. */
  async markets(netuids: readonly number[]): Promise<ReadonlyMap<number, Market>> {
    const wanted = { netuid: In([...new Set(netuids)]), removedAt: IsNull() };
    const subnets = await this.dataSource.getRepository(Subnet).findBy(wanted);
    const pools = await this.dataSource.getRepository(Pool).findBy(wanted);
    return new Map(
      netuids.map((netuid) => {
        const pool = pools.find((row) => row.netuid === netuid) ?? null;
        const subnet = subnets.find((row) => row.netuid === netuid);
        const registrationBlock = subnet?.registrationBlockNumber ?? pool?.registrationBlockNumber ?? null;
        const isOfFormerUser = pool !== null && pool.blockNumber < (registrationBlock ?? 0);
        return [netuid, { pool: isOfFormerUser ? null : pool, registrationBlock }];
      }),
    );
  }
}

function narrow<Row extends ObjectLiteral>(
  query: SelectQueryBuilder<Row>,
  { coldkeys, netuids, hotkey }: PositionFilter,
): void {
  query.andWhere('row.coldkey = ANY(:coldkeys)', { coldkeys });
  if (netuids !== undefined) query.andWhere('row.netuid = ANY(:netuids)', { netuids });
  if (hotkey !== undefined) query.andWhere('row.hotkey = :filterHotkey', { filterHotkey: hotkey });
}

/** `from` is in, `to` is not, both as instants: a day counts from its midnight. */
export function narrowDays<Row extends ObjectLiteral>(
  query: SelectQueryBuilder<Row>,
  { from, to }: { from?: Date | undefined; to?: Date | undefined },
): void {
  if (from !== undefined) query.andWhere("row.day >= (:from::timestamptz AT TIME ZONE 'UTC')", { from });
  if (to !== undefined) query.andWhere("row.day < (:to::timestamptz AT TIME ZONE 'UTC')", { to });
}
