import { Injectable } from '@nestjs/common';
import { type CursorPart, InvalidInputError, NotFoundError, parseInstant } from '../common';
import { Settings } from '../config';
import { type PositionFilter, PositionReadRepository } from '../database';
import { type List } from './list-answer';
import { POSITION_COLUMNS, POSITION_DAY_COLUMNS, type PositionDayView, type PositionView } from './position.view';
import type { PositionHistoryQuery, PositionsQuery, SubnetPositionsQuery } from './positions-query';
import {
  NO_MARKET,
  type PositionStanding,
  toPositionDayView,
  toPositionView,
  toSubnetHoldingView,
} from './to-position-view';
import { walletAgeOf } from './wallet-age';
import { requireAddress } from './wallet-address';
import { type WalletScope, WalletScopes } from './wallet-scope.service';

const OWN = 'positions';

/** Reads positions, each with the age and the trust of its wallet and with both blocks that its value is made of. */
@Injectable()
export class PositionReader {
  constructor(
    private readonly scopes: WalletScopes,
    private readonly positions: PositionReadRepository,
    private readonly settings: Settings,
  ) {}

  async list(query: PositionsQuery): Promise<List<PositionView>> {
    const scope = await this.scopes.find({ wallet: query.wallet, datasets: [OWN, 'pools'] });
    return this.listOf(scope, query);
  }

  /** What is held on one netuid, with the sum over all of it. Throws `subnets/not-found`. */
  async onSubnet(netuid: number, query: SubnetPositionsQuery): Promise<List<PositionView>> {
    const scope = await this.scopes.find({ wallet: query.wallet, datasets: [OWN, 'pools'] });
    await this.requireSubnet(netuid);
    const filter = filterOf(scope, { ...query, netuid: [String(netuid)] });
    const market = (await this.positions.markets([netuid])).get(netuid) ?? NO_MARKET;
    const total = toSubnetHoldingView(netuid, await this.positions.total(filter, market), market);
    const list = this.listOf(scope, { ...query, netuid: [String(netuid)] });
    return { ...list, name: `positions-${netuid}`, beside: { total, ...list.beside } };
  }

  /** Throws `subnets/not-found`. */
  async history(netuid: number, query: PositionHistoryQuery): Promise<List<PositionDayView>> {
    const { wallet, hotkey, from, to, generation, order } = query;
    requireOrder(from, to);
    const scope = await this.scopes.find({
      wallet,
      datasets: [OWN, 'position_history'],
      withHistory: ['position_history'],
    });
    await this.requireSubnet(netuid);
    const market = (await this.positions.markets([netuid])).get(netuid);
    const filter = {
      ...filterOf(scope, { hotkey, netuid: [String(netuid)] }),
      from,
      to,
      fromBlock: generation === 'all' ? undefined : (market?.registrationBlock ?? undefined),
      ascending: order === 'asc',
    };
    return {
      name: `positions-${netuid}-history-${order}`,
      meta: scope.meta,
      question: { wallet, hotkey, from, to, generation },
      version: scope.version,
      columns: POSITION_DAY_COLUMNS,
      keyOf: (row) => [row.day, row.wallet, row.hotkey],
      isKey: ([day, coldkey, of]) => isDay(day) && typeof coldkey === 'string' && typeof of === 'string',
      read: async (after, limit) => {
        const [day, coldkey, of] = after ?? [];
        const key = after === null ? null : { day: String(day), coldkey: String(coldkey), hotkey: String(of) };
        return (await this.positions.history(filter, key, limit)).map(toPositionDayView);
      },
      beside: { wallets: scope.views },
    };
  }

  /** A subnet that is gone has positions of its own still. */
  private async requireSubnet(netuid: number): Promise<void> {
    if (!(await this.positions.isNoSubnet(netuid))) return;
    throw new NotFoundError('subnets/not-found', 'netuid', `TaoStats has no subnet ${netuid}`);
  }

  private listOf(scope: WalletScope, query: PositionsQuery): List<PositionView> {
    const { wallet, netuid, hotkey, include_exited = false } = query;
    const filter = { ...filterOf(scope, query), includeExited: include_exited };
    const standings = this.standingsOf(scope);
    return {
      name: 'positions',
      meta: scope.meta,
      question: { wallet, netuid, hotkey, include_exited },
      version: scope.version,
      columns: POSITION_COLUMNS,
      keyOf: (row) => [row.netuid, row.wallet, row.hotkey],
      isKey: ([of, coldkey, key]) => Number.isInteger(of) && typeof coldkey === 'string' && typeof key === 'string',
      read: (after, limit) => this.read({ filter, standings, after, limit }),
      beside: { wallets: scope.views },
    };
  }

  private async read({ filter, standings, after, limit }: PageRead): Promise<PositionView[]> {
    const [netuid, coldkey, hotkey] = after ?? [];
    const key = after === null ? null : { netuid: Number(netuid), coldkey: String(coldkey), hotkey: String(hotkey) };
    const rows = await this.positions.page(filter, key, limit);
    const markets = await this.positions.markets([...new Set(rows.map((row) => row.netuid))]);
    return rows.flatMap((row) => {
      const standing = standings.get(row.coldkey);
      return standing === undefined ? [] : [toPositionView(row, markets.get(row.netuid), standing)];
    });
  }

  private standingsOf({ standings, dated }: WalletScope): ReadonlyMap<string, PositionStanding> {
    return new Map(
      standings.map(({ wallet, states }) => {
        const state = states.find(({ dataset }) => dataset === OWN);
        const age = walletAgeOf(OWN, state, dated, this.settings);
        return [wallet.address, { age, confirmedBlock: state?.upstreamBlock ?? null }];
      }),
    );
  }
}

interface PageRead {
  filter: PositionFilter & { includeExited: boolean };
  standings: ReadonlyMap<string, PositionStanding>;
  after: CursorPart[] | null;
  limit: number;
}

function filterOf(
  { addresses }: WalletScope,
  { hotkey, netuid }: { hotkey?: string | undefined; netuid?: readonly string[] | undefined },
): PositionFilter {
  return {
    coldkeys: addresses,
    netuids: netuid?.map(Number),
    hotkey: hotkey === undefined ? undefined : requireAddress(hotkey, 'hotkey'),
  };
}

/** Throws when the time asked for is empty or runs backwards. */
export function requireOrder(from: Date | undefined, to: Date | undefined): void {
  if (from === undefined || to === undefined || from < to) return;
  throw new InvalidInputError('request/invalid-query', [{ field: 'from', message: 'must be before `to`' }]);
}

/** True for `2026-01-31` as cursors hold it. */
export function isDay(part: CursorPart | undefined): part is string {
  return typeof part === 'string' && part.length === 10 && parseInstant(part) !== null;
}
