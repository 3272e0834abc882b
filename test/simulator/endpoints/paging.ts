import { type Json, openRow, RawJson, type Row } from '../json';
import type { Endpoint, RowSource } from './endpoint';
import { BadRequest, type Query } from './query';

export interface Pagination {
  current_page: number;
  per_page: number;
  total_items: number;
  total_pages: number;
  next_page: number | null;
  prev_page: number | null;
}

export interface Page {
  pagination: Pagination;
  rows: Row[];
}

const DEFAULT_LIMIT = 50;
/** The largest documented page; more is cut without a word. */
const MAX_LIMIT = 200;

/** The page that was asked for, in the order that was asked for. */
export function pageOf(endpoint: Endpoint, query: Query, rows: Row[] | RowSource): Page {
  const page = positive(query, 'page') ?? 1;
  const asked = positive(query, 'limit');
  const maximum = Math.max(endpoint.maxLimit ?? MAX_LIMIT, MAX_LIMIT);
  const limit = asked === undefined ? (endpoint.defaultLimit ?? DEFAULT_LIMIT) : Math.min(asked, maximum);
  const source = ordered(endpoint, query, rows);
  const first = (page - 1) * limit;
  const length = Math.max(0, Math.min(limit, source.total - first));
  const totalPages = Math.ceil(source.total / limit);
  return {
    pagination: {
      current_page: page,
      per_page: limit,
      total_items: source.total,
      total_pages: totalPages,
      next_page: page < totalPages ? page + 1 : null,
      prev_page: page > 1 ? page - 1 : null,
    },
    rows: Array.from({ length }, (_, offset) => source.at(first + offset)),
  };
}

function positive(query: Query, name: string): number | undefined {
  const value = query.integer(name);
  if (value !== undefined && value < 1) throw new BadRequest(`${name} must be at least 1`);
  return value;
}

/** Field and direction that were asked for; refuses an order that the endpoint does not know. */
export function orderOf(endpoint: Endpoint, query: Query): { field: string; direction: string } | null {
  const order = query.text('order');
  if (order === undefined || order === '') return null;
  const [, name = '', direction = ''] = /^(\w+)_(asc|desc)$/.exec(order) ?? [];
  const field = endpoint.orders?.[name];
  if (field === undefined) throw new BadRequest(`order ${order} is not known`);
  return { field, direction };
}

function ordered(endpoint: Endpoint, query: Query, rows: Row[] | RowSource): RowSource {
  const order = orderOf(endpoint, query);
  if (order === null) return Array.isArray(rows) ? sourceOf(rows) : rows;
  const { field, direction } = order;
  if (Array.isArray(rows)) return sourceOf(sorted(rows, field, direction === 'asc'));
  // Computed sources are newest first and know no other order than time.
  if (direction === 'desc') return rows;
  return { total: rows.total, at: (index) => rows.at(rows.total - 1 - index) };
}

function sourceOf(rows: Row[]): RowSource {
  return {
    total: rows.length,
    at: (index) => {
      const row = rows[index];
      if (row === undefined) throw new RangeError(`no row ${index}`);
      return row;
    },
  };
}

function sorted(rows: Row[], field: string, ascending: boolean): Row[] {
  // Lists are newest first, so equal keys must change places too when the order is turned round.
  const keyed = (ascending ? rows.toReversed() : rows).map((row) => ({ row, key: sortKey(openRow(row)[field]) }));
  keyed.sort((a, b) => compare(a.key, b.key) * (ascending ? 1 : -1));
  return keyed.map(({ row }) => row);
}

function sortKey(value: Json | undefined): number | string {
  if (value instanceof RawJson) return Number(value.text);
  if (typeof value === 'number' || typeof value === 'bigint') return Number(value);
  if (typeof value !== 'string') return Number.NEGATIVE_INFINITY;
  return value !== '' && Number.isFinite(Number(value)) ? Number(value) : value;
}

function compare(a: number | string, b: number | string): number {
  if (typeof a === 'number' && typeof b === 'number') return a - b;
  return String(a) < String(b) ? -1 : Number(String(a) > String(b));
}
