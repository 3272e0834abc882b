import { Injectable } from '@nestjs/common';
import { DataSource, type ObjectLiteral, type SelectQueryBuilder } from 'typeorm';
import { DelegationEvent } from './delegation-event.entity';
import { Transfer } from './transfer.entity';

export const EVENT_KINDS = ['stake', 'unstake', 'transfer'] as const;
export type EventKind = (typeof EVENT_KINDS)[number];

/** A stake event or a transfer as it is stored. */
export type WalletEvent = { source: 'delegation'; row: DelegationEvent } | { source: 'transfer'; row: Transfer };

export interface EventFilter {
  wallets: readonly string[];
  kinds: readonly EventKind[];
  /** Transfers have none, so they are left out when some are asked for. */
  netuids?: readonly number[] | undefined;
  /** Half-open: `from` is in, `to` is not. */
  from?: Date | undefined;
  to?: Date | undefined;
  ascending: boolean;
}

export interface EventKey {
  at: Date;
  id: string;
  source: WalletEvent['source'];
}

const ACTIONS = { stake: 'DELEGATE', unstake: 'UNDELEGATE' } as const;

/** Reads stake events and transfers as one list. */
@Injectable()
export class EventReadRepository {
  constructor(private readonly dataSource: DataSource) {}

  /** In the order of time, id and source, at most `limit`: each source gives as many, the merge keeps the first. */
  async page(filter: EventFilter, after: EventKey | null, limit: number): Promise<WalletEvent[]> {
    const delegations = await this.delegations(filter, after, limit);
    const transfers = await this.transfers(filter, after, limit);
    const sign = filter.ascending ? 1 : -1;
    return [
      ...delegations.map((row) => ({ source: 'delegation', row }) as const),
      ...transfers.map((row) => ({ source: 'transfer', row }) as const),
    ]
      .sort((a, b) => sign * compare(eventKeyOf(a), eventKeyOf(b)))
      .slice(0, limit);
  }

  private async delegations(filter: EventFilter, after: EventKey | null, limit: number): Promise<DelegationEvent[]> {
    const actions = filter.kinds.flatMap((kind) => (kind === 'transfer' ? [] : [ACTIONS[kind]]));
    if (actions.length === 0) return [];
    const query = this.dataSource
      .getRepository(DelegationEvent)
      .createQueryBuilder('row')
      .where('row.nominator = ANY(:wallets) AND row.action = ANY(:actions)', { wallets: filter.wallets, actions });
    if (filter.netuids !== undefined) query.andWhere('row.netuid = ANY(:netuids)', { netuids: filter.netuids });
    return inOrder(query, 'delegation', { filter, after, limit }).getMany();
  }

  private async transfers(filter: EventFilter, after: EventKey | null, limit: number): Promise<Transfer[]> {
    if (!filter.kinds.includes('transfer') || filter.netuids !== undefined) return [];
    const query = this.dataSource
      .getRepository(Transfer)
      .createQueryBuilder('row')
      .where('(row.fromAddress = ANY(:wallets) OR row.toAddress = ANY(:wallets))', { wallets: filter.wallets });
    return inOrder(query, 'transfer', { filter, after, limit }).getMany();
  }
}

function eventKeyOf({ source, row }: WalletEvent): EventKey {
  return { at: row.timestamp, id: row.id, source };
}

function compare(a: EventKey, b: EventKey): number {
  return a.at.getTime() - b.at.getTime() || compareText(a.id, b.id) || compareText(a.source, b.source);
}

function compareText(a: string, b: string): number {
  return a < b ? -1 : Number(a > b);
}

interface Stretch {
  filter: EventFilter;
  after: EventKey | null;
  limit: number;
}

/** Ids go by their bytes, whatever the database's language, as the merge compares them. */
function inOrder<Row extends ObjectLiteral>(
  query: SelectQueryBuilder<Row>,
  source: WalletEvent['source'],
  { filter: { from, to, ascending }, after, limit }: Stretch,
): SelectQueryBuilder<Row> {
  const direction = ascending ? 'ASC' : 'DESC';
  query.orderBy('row.timestamp', direction).addOrderBy('row.id COLLATE "C"', direction).limit(limit);
  if (from !== undefined) query.andWhere('row.timestamp >= :from', { from });
  if (to !== undefined) query.andWhere('row.timestamp < :to', { to });
  if (after !== null) {
    // An event of the other source with the same time and id may still be to come.
    const sourceIsLater = ascending ? source > after.source : source < after.source;
    const operator = (ascending ? '>' : '<') + (sourceIsLater ? '=' : '');
    query.andWhere(`(row.timestamp, row.id COLLATE "C") ${operator} (:afterAt::timestamptz, :afterId)`, {
      afterAt: after.at,
      afterId: after.id,
    });
  }
  return query;
}
