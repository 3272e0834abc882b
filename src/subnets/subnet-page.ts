import { type CursorPart, decodeCursor, encodeCursor, ExactDecimal } from '../common';
import type { SubnetView } from './subnet.view';

/** A value to sort by: text as text, everything else as an exact number. Null is not known. */
type SortValue = string | number | null;

const NUMBERS = {
  netuid: (view) => view.netuid,
  rank: (view) => view.pool?.rank ?? null,
  price: (view) => view.pool?.price_tao ?? null,
  price_change_1_hour: (view) => view.pool?.price_change_1_hour_percent ?? null,
  price_change_1_day: (view) => view.pool?.price_change_1_day_percent ?? null,
  price_change_1_week: (view) => view.pool?.price_change_1_week_percent ?? null,
  market_cap: (view) => view.pool?.market_cap_tao ?? null,
  liquidity: (view) => view.pool?.liquidity_tao ?? null,
  tao_reserve: (view) => view.pool?.tao_reserve ?? null,
  volume_24_hours: (view) => view.pool?.volume_24_hours_tao ?? null,
  emission: (view) => view.emission_per_block_tao,
  net_flow_1_day: (view) => view.net_flow_1_day_tao,
  net_flow_7_days: (view) => view.net_flow_7_days_tao,
  registration_block: (view) => view.registration_block,
} as const satisfies Record<string, (view: SubnetView) => SortValue>;

const TEXTS = {
  name: (view: SubnetView) => view.name?.toLowerCase() ?? null,
} as const;

export type SubnetSort = keyof typeof NUMBERS | keyof typeof TEXTS;
export const SUBNET_SORTS = [...Object.keys(NUMBERS), ...Object.keys(TEXTS)] as SubnetSort[];

export interface SubnetFilter {
  q?: string | undefined;
  startup?: boolean | undefined;
  active?: boolean | undefined;
  netuid?: readonly string[] | undefined;
}

export interface SubnetPageRequest extends SubnetFilter {
  sort: SubnetSort;
  order: 'asc' | 'desc';
  limit: number;
  cursor?: string | undefined;
}

export interface SubnetPage {
  data: SubnetView[];
  total: number;
  next_cursor: string | null;
}

/**
 * One page by keyset: a cursor holds the last row's value and netuid, so that rows which come or go between two pages
 * neither repeat nor hide others. Rows without a value come last in both orders. Throws `request/invalid-cursor`.
 */
export function pageOf(views: readonly SubnetView[], request: SubnetPageRequest): SubnetPage {
  const { sort, order, limit, cursor } = request;
  const compare = comparatorOf(order);
  const matching = ordered(views, sort, order).filter(({ view }) => matches(view, request));
  const after = cursor === undefined ? null : keyIn(cursor, sort, order);
  const rest = after === null ? matching : matching.filter(({ key }) => compare(key, after) > 0);
  const page = rest.slice(0, limit);
  const last = page.at(-1);
  return {
    data: page.map(({ view }) => view),
    total: matching.length,
    next_cursor:
      last === undefined || rest.length <= limit ? null : encodeCursor([sort, order, last.key.value, last.key.netuid]),
  };
}

/** A row's place: its value as it was read, and as it compares. */
interface Key {
  value: SortValue;
  place: ExactDecimal | string | number | null;
  netuid: number;
}

function keyOf(value: SortValue, netuid: number, sort: SubnetSort): Key {
  if (value === null) return { value, place: null, netuid };
  return { value, place: isTextSort(sort) || typeof value === 'number' ? value : new ExactDecimal(value), netuid };
}

interface Placed {
  view: SubnetView;
  key: Key;
}

/** Orders that were asked for, for as long as the views live: they change with a run, not with a request. */
const ORDERS = new WeakMap<readonly SubnetView[], Map<string, readonly Placed[]>>();

function ordered(views: readonly SubnetView[], sort: SubnetSort, order: 'asc' | 'desc'): readonly Placed[] {
  const orders = ORDERS.get(views) ?? new Map<string, readonly Placed[]>();
  ORDERS.set(views, orders);
  const known = orders.get(`${sort} ${order}`);
  if (known !== undefined) return known;
  const compare = comparatorOf(order);
  const placed = views
    .map((view) => ({ view, key: keyOf(valueOf(view, sort), view.netuid, sort) }))
    .sort((a, b) => compare(a.key, b.key));
  orders.set(`${sort} ${order}`, placed);
  return placed;
}

function valueOf(view: SubnetView, sort: SubnetSort): SortValue {
  return isTextSort(sort) ? TEXTS[sort](view) : NUMBERS[sort](view);
}

function isTextSort(sort: SubnetSort): sort is keyof typeof TEXTS {
  return sort in TEXTS;
}

function comparatorOf(order: 'asc' | 'desc'): (a: Key, b: Key) => number {
  const sign = order === 'asc' ? 1 : -1;
  return (a, b) => {
    if (a.place === null || b.place === null) {
      return Number(a.place === null) - Number(b.place === null) || a.netuid - b.netuid;
    }
    return sign * comparePlaces(a.place, b.place) || a.netuid - b.netuid;
  };
}

function comparePlaces(a: ExactDecimal | string | number, b: ExactDecimal | string | number): number {
  if (typeof a === 'number' && typeof b === 'number') return a - b;
  if (typeof a === 'string' || typeof b === 'string') return a < b ? -1 : Number(a > b);
  return new ExactDecimal(a).cmp(b);
}

function keyIn(cursor: string, sort: SubnetSort, order: string): Key {
  const isOurs = (parts: CursorPart[]): parts is [string, string, SortValue, number] => {
    const [cursorSort, cursorOrder, value, netuid] = parts;
    return cursorSort === sort && cursorOrder === order && Number.isInteger(netuid) && isValue(value, sort);
  };
  const [, , value, netuid] = decodeCursor(cursor, isOurs);
  return keyOf(value, netuid, sort);
}

function isValue(value: CursorPart | undefined, sort: SubnetSort): boolean {
  if (value === null || isTextSort(sort)) return value === null || typeof value === 'string';
  return typeof value === 'number' || (typeof value === 'string' && /^-?\d{1,60}(\.\d{1,60})?$/.test(value));
}

function matches(view: SubnetView, { q, startup, active, netuid }: SubnetFilter): boolean {
  if (netuid !== undefined && !netuid.some((text) => Number(text) === view.netuid)) return false;
  if (startup !== undefined && (view.pool?.startup === true) !== startup) return false;
  if (active !== undefined && (view.active === true) !== active) return false;
  if (q === undefined) return true;
  const wanted = q.toLowerCase();
  return [view.name, view.symbol].some((text) => text?.toLowerCase().includes(wanted) === true);
}
