import { pageOf, SUBNET_SORTS, type SubnetPageRequest, type SubnetSort } from './subnet-page';
import type { PoolView, SubnetView } from './subnet.view';

const UNKNOWN = {
  name: null,
  symbol: null,
  active: null,
  registration_block: null,
  emission_per_block_tao: null,
  net_flow_1_day_tao: null,
  net_flow_7_days_tao: null,
};

const UNKNOWN_POOL = {
  rank: null,
  price_change_1_hour_percent: null,
  price_change_1_day_percent: null,
  price_change_1_week_percent: null,
  market_cap_tao: null,
  liquidity_tao: null,
  tao_reserve: '1.000000000',
  volume_24_hours_tao: null,
  startup: null,
};

function view(netuid: number, figures: Partial<SubnetView> = {}, pool: Partial<PoolView> | null = {}): SubnetView {
  return {
    ...UNKNOWN,
    netuid,
    ...figures,
    pool: pool === null ? null : { price_tao: '1', ...UNKNOWN_POOL, ...pool },
  } as SubnetView;
}

function netuids(views: SubnetView[], request: Partial<SubnetPageRequest> = {}): number[] {
  return pageOf(views, { sort: 'netuid', order: 'asc', limit: 50, ...request }).data.map((row) => row.netuid);
}

const PRICED = [
  view(1, {}, { price_tao: '0.0853797768549170136737598244' }),
  view(2, {}, { price_tao: '0.0853797768549170136737598245' }),
  view(3, {}, null),
  view(4, {}, { price_tao: '10' }),
  view(5, {}, { price_tao: '9' }),
];

describe('a page of subnets', () => {
  it('is sorted by the exact number, to the last of 28 digits, and not by its text', () => {
    expect(netuids(PRICED, { sort: 'price', order: 'asc' })).toEqual([1, 2, 5, 4, 3]);
  });

  it('has what is not known last in both orders', () => {
    expect(netuids(PRICED, { sort: 'price', order: 'desc' })).toEqual([4, 5, 2, 1, 3]);
  });

  it('is sorted by name in any case', () => {
    const views = [view(1, { name: 'beta' }), view(2, { name: 'Alpha' }), view(3, { name: null })];
    expect(netuids(views, { sort: 'name' })).toEqual([2, 1, 3]);
  });

  it.each<[string, Partial<SubnetPageRequest>, number[]]>([
    ['part of a name in any case', { q: 'CHU' }, [1]],
    ['part of a symbol', { q: 'sn2' }, [2]],
    ['start-up', { startup: true }, [2]],
    ['no start-up', { startup: false }, [1, 3]],
    ['active', { active: true }, [1]],
    ['not active, or not known to be', { active: false }, [2, 3]],
    ['netuids', { netuid: ['3', '1', '9'] }, [1, 3]],
    ['all of it together', { netuid: ['1', '2'], active: true, q: 'x' }, []],
  ])('holds only what was asked for: %s', (_name, filter, expected) => {
    const views = [
      view(1, { name: 'Chutes', symbol: 'SN1', active: true }, { startup: false }),
      view(2, { name: null, symbol: 'SN2', active: false }, { startup: true }),
      view(3, { name: 'Targon', symbol: null, active: null }, null),
    ];
    expect(netuids(views, filter)).toEqual(expected);
  });

  it.each(SUBNET_SORTS.flatMap((sort) => [[sort, 'asc'] as const, [sort, 'desc'] as const]))(
    'by %s %s leads through every row once',
    (sort: SubnetSort, order) => {
      const views = Array.from({ length: 23 }, (_, netuid) =>
        view(
          netuid,
          { name: netuid % 5 === 0 ? null : `n${netuid % 3}`, net_flow_1_day_tao: `-${netuid % 4}.5` },
          netuid % 7 === 0 ? null : { price_tao: `0.${netuid % 4}`, rank: netuid % 2 },
        ),
      );
      const seen: number[] = [];
      let cursor: string | undefined;
      do {
        const page = pageOf(views, { sort, order, limit: 4, cursor });
        expect(page.total).toBe(23);
        seen.push(...page.data.map((row) => row.netuid));
        cursor = page.next_cursor ?? undefined;
      } while (cursor !== undefined);
      expect(seen).toEqual(netuids(views, { sort, order }));
      expect(new Set(seen).size).toBe(23);
    },
  );

  it('neither repeats nor hides a row when another one goes between two pages', () => {
    const first = pageOf(PRICED, { sort: 'netuid', order: 'asc', limit: 2 });
    const without = PRICED.filter((row) => row.netuid !== 2);
    expect(netuids(without, { cursor: first.next_cursor ?? '' })).toEqual([3, 4, 5]);
  });

  it('has no next page after the last row', () => {
    expect(pageOf(PRICED, { sort: 'netuid', order: 'asc', limit: 5 }).next_cursor).toBeNull();
    expect(pageOf([], { sort: 'price', order: 'asc', limit: 5 })).toEqual({ data: [], total: 0, next_cursor: null });
  });

  it('refuses the cursor of another order', () => {
    const { next_cursor: cursor } = pageOf(PRICED, { sort: 'price', order: 'asc', limit: 2 });
    expect(() => netuids(PRICED, { sort: 'price', order: 'desc', cursor: cursor ?? '' })).toThrow(/cursor/);
    expect(() => netuids(PRICED, { sort: 'netuid', cursor: cursor ?? '' })).toThrow(/cursor/);
  });
});
