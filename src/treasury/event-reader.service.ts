import { Injectable } from '@nestjs/common';
import { type CursorPart, parseInstant } from '../common';
import { EVENT_KINDS, type EventKey, EventReadRepository, WalletRepository } from '../database';
import { EVENT_COLUMNS, type EventView } from './event.view';
import type { EventsQuery } from './events-query';
import type { List } from './list-answer';
import { requireOrder } from './position-reader.service';
import { toEventView } from './to-event-view';
import { WalletScopes } from './wallet-scope.service';

const DATASETS = ['delegation_events', 'transfers'] as const;

/** Reads the wallets' stake events and transfers as one list, with how much of them has been read. */
@Injectable()
export class EventReader {
  constructor(
    private readonly scopes: WalletScopes,
    private readonly events: EventReadRepository,
    private readonly wallets: WalletRepository,
  ) {}

  async list(query: EventsQuery): Promise<List<EventView>> {
    const { wallet, netuid, kind, from, to, order } = query;
    requireOrder(from, to);
    const scope = await this.scopes.find({ wallet, datasets: DATASETS, withHistory: DATASETS });
    const asked = new Set(scope.addresses);
    const followed = new Set((await this.wallets.list({ includeDeleted: true })).map(({ address }) => address));
    const filter = {
      wallets: scope.addresses,
      kinds: EVENT_KINDS.filter((known) => kind === undefined || kind.includes(known)),
      netuids: netuid?.map(Number),
      from,
      to,
      ascending: order === 'asc',
    };
    return {
      name: `events-${order}`,
      meta: scope.meta,
      question: { wallet, netuid, kind, from, to },
      version: scope.version,
      columns: EVENT_COLUMNS,
      keyOf: (row) => [row.at, row.id, sourceOf(row)],
      isKey: ([at, id, source]) =>
        typeof at === 'string' &&
        parseInstant(at) !== null &&
        typeof id === 'string' &&
        (source === 'delegation' || source === 'transfer'),
      read: async (after, limit) =>
        (await this.events.page(filter, eventKey(after), limit)).map((event) => toEventView(event, asked, followed)),
      beside: { wallets: scope.views },
    };
  }
}

function sourceOf({ kind }: EventView): EventKey['source'] {
  return kind === 'transfer' ? 'transfer' : 'delegation';
}

function eventKey(parts: CursorPart[] | null): EventKey | null {
  if (parts === null) return null;
  const [at, id, source] = parts;
  return { at: new Date(String(at)), id: String(id), source: source === 'transfer' ? 'transfer' : 'delegation' };
}
