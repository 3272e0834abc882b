import { ENDPOINTS } from './endpoints';
import type { PageRows } from './page-rows';
import { PageWalk } from './page-walk';
import type { DelegationPayload } from './payloads/stake.payload';
import type { TaoFlowPayload } from './payloads/subnet.payload';
import type { SubnetIdentityPayload } from './payloads/subnet.payload';

type Identity = SubnetIdentityPayload;

function page<P>(rows: P[], paging: Partial<PageRows<P>['pagination']> = {}): PageRows<P> {
  const pagination = { currentPage: 1, perPage: 2, totalItems: rows.length, totalPages: 1, nextPage: null, ...paging };
  return { rows, rejected: [], pagination };
}

const identity = (netuid: number): Identity => ({ netuid }) as Identity;
const event = (id: string): DelegationPayload => ({ id }) as DelegationPayload;
const identities = (maxPages?: number): PageWalk<Identity> => new PageWalk(ENDPOINTS.subnetIdentities, maxPages);

const THREE = { totalItems: 3, totalPages: 2 };

describe('walking pages', () => {
  it('follows next_page to the end and puts the rows together', () => {
    const walk = identities();
    expect(walk.add(1, page([identity(0), identity(1)], { ...THREE, nextPage: 2 }), 'a')).toBe(2);
    expect(walk.add(2, page([identity(2)], { ...THREE, currentPage: 2 }), 'b')).toBeNull();
    expect(walk.rows.map((row) => row.netuid)).toEqual([0, 1, 2]);
    expect(walk).toMatchObject({ pages: 2, totalItems: 3, complete: true });
  });

  it('takes a stated zero for an empty answer', () => {
    const walk = identities();
    expect(walk.add(1, page<Identity>([], { totalItems: 0, totalPages: 0 }), 'a')).toBeNull();
    expect(walk).toMatchObject({ rows: [], totalItems: 0 });
  });

  it('stops where it was told to, and says that more exists', () => {
    const walk = identities(1);
    expect(walk.add(1, page([identity(0), identity(1)], { ...THREE, nextPage: 2 }), 'a')).toBeNull();
    expect(walk.complete).toBe(false);
  });

  it.each<[string, PageRows<Identity>, string]>([
    ['the total changes', page([identity(2)], { totalItems: 4, currentPage: 2 }), 'the total changed'],
    ['the page size changes', page([identity(2)], { ...THREE, currentPage: 2, perPage: 50 }), 'the page size changed'],
    ['a row comes twice', page([identity(1)], { ...THREE, currentPage: 2 }), 'row 1 came twice'],
    ['another page comes', page([identity(2)], { ...THREE, currentPage: 1 }), 'page 2 was asked for, page 1 came'],
    ['rows are missing', page<Identity>([], { ...THREE, currentPage: 2 }), '3 rows were promised, 2 came'],
    [
      'next_page loops',
      page([identity(2)], { totalItems: 3, totalPages: 9, currentPage: 2, nextPage: 2 }),
      'is said to follow',
    ],
  ])('refuses pages when %s', (_name, second, reason) => {
    const walk = identities();
    walk.add(1, page([identity(0), identity(1)], { ...THREE, nextPage: 2 }), 'a');
    expect(() => walk.add(2, second, 'b')).toThrow(reason);
  });

  it('refuses the same body twice', () => {
    const walk = identities();
    const first = page([identity(0), identity(1)], { totalItems: 9, totalPages: 5, nextPage: 2 });
    walk.add(1, first, 'same');
    expect(() => walk.add(2, first, 'same')).toThrow('repeats an earlier page');
  });

  it('asks for no more pages than the promised rows need, whatever total_pages says', () => {
    const walk = identities();
    const liar = (current: number): PageRows<Identity> =>
      page([identity(current * 2), identity(current * 2 + 1)], {
        totalItems: 2,
        totalPages: 1e9,
        currentPage: current,
        nextPage: current + 1,
      });
    walk.add(1, liar(1), 'a');
    expect(() => walk.add(2, liar(2), 'b')).toThrow('more pages than rows promised');
  });

  it('counts rejected rows as received', () => {
    const walk = identities();
    const withRejected = {
      ...page([identity(0)], { totalItems: 2 }),
      rejected: [{ key: '1', reason: 'x', raw: '{}' }],
    };
    expect(walk.add(1, withRejected, 'a')).toBeNull();
    expect(walk.rejected).toHaveLength(1);
  });

  it('lets a growing list grow at its end, and drops the row that a new one pushed onto the next page', () => {
    const walk = new PageWalk(ENDPOINTS.delegations, undefined);
    walk.add(1, page([event('a'), event('b')], { ...THREE, nextPage: 2 }), 'a');
    expect(walk.add(2, page([event('b'), event('c')], { ...THREE, totalItems: 4, currentPage: 2 }), 'b')).toBeNull();
    expect(walk.rows.map((row) => row.id)).toEqual(['a', 'b', 'c']);
  });

  it('refuses a second page where none can be asked for', () => {
    const walk = new PageWalk(ENDPOINTS.taoFlows, undefined);
    const more = page<TaoFlowPayload>([{ netuid: 1, tao_flow: '1' }], { totalItems: 2, totalPages: 2, nextPage: 2 });
    expect(() => walk.add(1, more, 'a')).toThrow('none can be asked for');
  });
});
