import type { SubnetView } from '../api/subnets';
import { compareDecimals, decimalText } from '../format/figure';

export interface Column {
  key: string;
  title: string;
  /** The unit, spoken with the title. */
  unit: string;
  /** Decimal text to show and to order by; null is not known. */
  value: (subnet: SubnetView) => string | null;
  decimals: number;
  /** An amount that quiet mode hides. */
  amount: boolean;
}

export const COLUMNS: readonly Column[] = [
  { key: 'price', title: 'Price', unit: 'τ', value: ({ pool }) => pool?.price_tao ?? null, decimals: 6, amount: false },
  {
    key: 'hour',
    title: '1 h',
    unit: '%',
    value: ({ pool }) => pool?.price_change_1_hour_percent ?? null,
    decimals: 2,
    amount: false,
  },
  {
    key: 'day',
    title: '24 h',
    unit: '%',
    value: ({ pool }) => pool?.price_change_1_day_percent ?? null,
    decimals: 2,
    amount: false,
  },
  {
    key: 'week',
    title: '7 d',
    unit: '%',
    value: ({ pool }) => pool?.price_change_1_week_percent ?? null,
    decimals: 2,
    amount: false,
  },
  {
    key: 'reserve',
    title: 'TAO in pool',
    unit: 'τ',
    value: ({ pool }) => pool?.tao_reserve ?? null,
    decimals: 0,
    amount: true,
  },
  {
    key: 'volume',
    title: 'Volume 24 h',
    unit: 'τ',
    value: ({ pool }) => pool?.volume_24_hours_tao ?? null,
    decimals: 0,
    amount: true,
  },
  {
    key: 'flow',
    title: 'Net flow 24 h',
    unit: 'τ',
    value: (subnet) => subnet.net_flow_1_day_tao,
    decimals: 1,
    amount: true,
  },
];

export interface SubnetOrder {
  key: string;
  descending: boolean;
}

/** Pools with less TAO than this move too far under any trade to be worth a row. */
export const SMALL_POOL_TAO = '1000';

/** Rows that match the search, without small pools when they are hidden, in the order asked; unknown values come last. */
export function arrange(
  rows: readonly SubnetView[],
  { find, hideSmall, order }: { find: string; hideSmall: boolean; order: SubnetOrder },
): SubnetView[] {
  const wanted = find.trim().toLowerCase();
  const value = COLUMNS.find((column) => column.key === order.key)?.value;
  const sign = order.descending ? -1 : 1;
  return rows
    .filter((row) => !hideSmall || (row.pool !== null && compareDecimals(row.pool.tao_reserve, SMALL_POOL_TAO) >= 0))
    .filter((row) => wanted === '' || String(row.netuid) === wanted || (row.name ?? '').toLowerCase().includes(wanted))
    .sort((a, b) => {
      if (value === undefined) return sign * (a.netuid - b.netuid);
      const [x, y] = [value(a), value(b)];
      if (x === null || y === null) return Number(x === null) - Number(y === null) || a.netuid - b.netuid;
      return sign * compareDecimals(x, y) || a.netuid - b.netuid;
    });
}

/** A cell's text; changes carry their sign. */
export function cellText(column: Column, subnet: SubnetView): string {
  const value = column.value(subnet);
  const text = decimalText(value, column.decimals);
  return column.unit === '%' && value !== null && compareDecimals(value, '0') > 0 ? `+${text}` : text;
}
