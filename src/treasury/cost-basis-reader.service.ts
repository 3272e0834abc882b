import { Injectable } from '@nestjs/common';
import type { CostMethod, EmissionView, MissingInput, PositionBasis } from '../analysis';
import type { CursorPart } from '../common';
import { DatabaseClock, WalletRepository } from '../database';
import type { CostBasisQuery, LotsQuery } from './cost-basis-query';
import { missingBasis, toCostBasisTotal, toCostBasisView, toLotViews } from './cost-basis-to-view';
import { COST_BASIS_COLUMNS, type CostBasisView, LOT_COLUMNS, type LotView } from './cost-basis.view';
import { CostBookkeeper } from './cost-books.service';
import type { List } from './list-answer';
import { type WalletScope, WalletScopes } from './wallet-scope.service';

const EVENTS = ['delegation_events', 'transfers'] as const;
const DATASETS = ['positions', 'accounts', ...EVENTS] as const;

/** Reads what positions cost and what came of them. */
@Injectable()
export class CostBasisReader {
  constructor(
    private readonly scopes: WalletScopes,
    private readonly wallets: WalletRepository,
    private readonly books: CostBookkeeper,
    private readonly clock: DatabaseClock,
  ) {}

  /** Throws `wallets/not-found` and, for what is no address, `wallets/invalid-address` and its like. */
  async list(query: CostBasisQuery): Promise<List<CostBasisView>> {
    const { method } = query;
    const found = await this.find(query, method);
    const { positions, missing } = found;
    const rows = positions.map(toCostBasisView);
    const keyOf = (row: CostBasisView): CursorPart[] => [row.netuid, row.registration_block ?? 0, row.wallet];
    return {
      ...frameOf(found, { query, rows }, { total: toCostBasisTotal(positions, missing.length === 0) }),
      name: `cost-basis-${method}`,
      columns: COST_BASIS_COLUMNS,
      keyOf,
      isKey: isPositionKey,
      read: pagesOf(rows, keyOf),
    };
  }

  /** Open lots, first in, first out. Throws as `list` does. */
  async lots(query: LotsQuery): Promise<List<LotView>> {
    const found = await this.find(query, 'fifo');
    const rows = found.positions.flatMap(toLotViews);
    const keyOf = (row: LotView): CursorPart[] => [row.netuid, row.registration_block ?? 0, row.wallet, row.position];
    return {
      ...frameOf(found, { query, rows }),
      name: 'cost-basis-lots',
      columns: LOT_COLUMNS,
      keyOf,
      isKey: (parts) => isPositionKey(parts) && Number.isInteger(parts[3]),
      read: pagesOf(rows, keyOf),
    };
  }

  private async find(
    { wallet, netuid, emission }: { wallet?: string; netuid?: readonly string[]; emission: EmissionView },
    method: CostMethod,
  ): Promise<FoundBasis> {
    const scope = await this.scopes.find({ wallet, datasets: DATASETS, withHistory: EVENTS });
    const followed = (await this.wallets.list({ includeDeleted: false })).map(({ address }) => address);
    const all = [...new Set([...followed, ...scope.addresses])];
    const books = await this.books.open(all, { now: await this.clock.now(), method, emission });
    const asked = new Set(scope.addresses);
    const netuids = netuid === undefined ? null : new Set(netuid.map(Number));
    const positions = books.positions.filter(
      (position) => asked.has(position.coldkey) && (netuids === null || netuids.has(position.netuid)),
    );
    const whole = books.missing.filter(({ wallet: address }) => asked.has(address));
    return { scope, closedAt: books.closedAt, positions, missing: missingBasis(positions, whole) };
  }
}

interface FoundBasis {
  scope: WalletScope;
  closedAt: Date;
  positions: PositionBasis[];
  missing: MissingInput[];
}

/** What an answer says beside its rows. */
function frameOf(
  { scope, closedAt, missing }: FoundBasis,
  { query: { wallet, netuid, emission }, rows }: { query: LotsQuery; rows: readonly object[] },
  beside: object = {},
): Pick<List<never>, 'meta' | 'question' | 'version' | 'beside'> {
  const closed_at = closedAt.toISOString();
  return {
    meta: scope.meta,
    question: { wallet, netuid, emission },
    // The rows themselves: they are made of more than has a version, days that are filled in from behind among it.
    version: [rows, closed_at, missing],
    beside: { closed_at, complete: missing.length === 0, missing, ...beside },
  };
}

function isPositionKey([netuid, generation, wallet]: CursorPart[]): boolean {
  return Number.isInteger(netuid) && Number.isInteger(generation) && typeof wallet === 'string';
}

/** Pages of rows that are in the order of their keys. */
function pagesOf<Row extends object>(rows: readonly Row[], keyOf: (row: Row) => CursorPart[]): List<Row>['read'] {
  return (after, limit) => {
    const found = after === null ? 0 : rows.findIndex((row) => isAfter(keyOf(row), after));
    return Promise.resolve(found < 0 ? [] : rows.slice(found, found + limit));
  };
}

function isAfter(key: CursorPart[], after: CursorPart[]): boolean {
  for (const [index, part] of key.entries()) {
    const other = after[index];
    if (part !== other) return part !== null && other !== null && other !== undefined && part > other;
  }
  return false;
}
