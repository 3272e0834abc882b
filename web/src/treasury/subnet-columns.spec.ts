import type { PoolView, SubnetView } from '../api/subnets';
import { arrange, cellText, COLUMNS } from './subnet-columns';

const POOL: PoolView = {
  price_tao: '0.1',
  price_change_1_hour_percent: '1.5',
  price_change_1_day_percent: '-0.25',
  price_change_1_week_percent: null,
  tao_reserve: '5000',
  liquidity_tao: null,
  market_cap_tao: null,
  volume_24_hours_tao: '10',
  startup: false,
};

function subnet(netuid: number, pool: Partial<PoolView> | null, name = `Subnet ${netuid}`): SubnetView {
  return {
    netuid,
    name,
    symbol: null,
    emission_per_block_tao: null,
    net_flow_1_day_tao: null,
    missing_since: null,
    pool: pool === null ? null : { ...POOL, ...pool },
  };
}

const ROWS = [
  subnet(1, { price_tao: '0.09' }),
  subnet(2, { price_tao: '0.1', tao_reserve: '999.999999999' }),
  subnet(3, null),
  subnet(4, { price_tao: '10' }, 'Chutes'),
];
const ALL = { find: '', hideSmall: false, order: { key: 'price', descending: true } };
const netuids = (rows: SubnetView[]): number[] => rows.map((row) => row.netuid);

describe('the table of subnets', () => {
  it('orders by exact value and keeps what is not known at the end, whatever the order', () => {
    expect(netuids(arrange(ROWS, ALL))).toEqual([4, 2, 1, 3]);
    expect(netuids(arrange(ROWS, { ...ALL, order: { key: 'price', descending: false } }))).toEqual([1, 2, 4, 3]);
  });

  it('hides small pools to the last rao', () => {
    expect(netuids(arrange(ROWS, { ...ALL, hideSmall: true }))).toEqual([4, 1]);
  });

  it('finds by name in any case, or by netuid', () => {
    expect(netuids(arrange(ROWS, { ...ALL, find: 'CHU' }))).toEqual([4]);
    expect(netuids(arrange(ROWS, { ...ALL, find: '2' }))).toEqual([2]);
  });

  it('shows changes with their sign and what is missing as a dash', () => {
    const texts = COLUMNS.slice(1, 4).map((column) => cellText(column, subnet(1, {})));
    expect(texts).toEqual(['+1.50', '−0.25', '–']);
  });
});
