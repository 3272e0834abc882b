import { ENDPOINTS } from './endpoints';
import { checkQuery } from './check-query';
import { newestUpstream } from './newest-upstream';
import { readPage } from './page-rows';

const key = (letter: string): { ss58: string; hex: string } => ({
  ss58: `5${letter.repeat(47)}`,
  hex: `0x${'ab'.repeat(32)}`,
});
const POSITION = {
  block_number: 10,
  timestamp: '2026-01-11T04:11:12Z',
  hotkey: key('H'),
  coldkey: key('C'),
  netuid: 7,
  balance: '1',
  balance_as_tao: '1',
};
const pagination = { current_page: 1, per_page: 200, total_items: 1, total_pages: 1, next_page: null };

const read = (
  row: unknown,
  query: Record<string, string | number> = {},
  validate = true,
): ReturnType<typeof readPage<(typeof ENDPOINTS.stakeBalances.payload)['prototype']>> =>
  readPage(ENDPOINTS.stakeBalances, { pagination, data: [structuredClone(row)] }, { query, validate });

describe('reading a page', () => {
  it('hands back the rows that match what was asked for, an address in either spelling', () => {
    const query = {
      coldkey: POSITION.coldkey.ss58,
      hotkey: POSITION.hotkey.hex.toUpperCase().replace('X', 'x'),
      netuid: 7,
    };
    expect(read(POSITION, query)).toMatchObject({ rows: [{ netuid: 7 }], rejected: [] });
  });

  it.each([
    ['coldkey', key('D').ss58],
    ['netuid', 0],
    ['hotkey', key('D').ss58],
  ])('refuses the page when a row does not match the filter %s', (parameter, asked) => {
    expect(read(POSITION, { [parameter]: asked })).toEqual({
      violation: `a row does not match the filter \`${parameter}\``,
    });
  });

  it('sets a bad row apart with its key, its reason and its text', () => {
    expect(read({ ...POSITION, balance: 'NaN' })).toMatchObject({
      rows: [],
      rejected: [
        {
          key: `${POSITION.coldkey.ss58}/${POSITION.hotkey.ss58}/7`,
          reason: expect.stringContaining('balance') as string,
          raw: expect.stringContaining('"NaN"') as string,
        },
      ],
    });
  });

  it.each([null, 7, 'text', []])('sets the row %j apart', (row) => {
    expect(read(row)).toMatchObject({ rows: [], rejected: [{ key: null, reason: 'the row is not an object' }] });
  });

  it('has no key for a row that lacks what the key is made of', () => {
    expect(read({ ...POSITION, hotkey: null })).toMatchObject({ rejected: [{ key: null }] });
  });

  it('lets bad rows pass when validation is off, numerics normalised all the same', () => {
    expect(read({ ...POSITION, balance: 5, timestamp: 'soon' }, {}, false)).toMatchObject({
      rows: [{ balance: '5', timestamp: 'soon' }],
      rejected: [],
    });
  });

  it('refuses an answer without the total that completeness is measured against', () => {
    expect(readPage(ENDPOINTS.pools, { data: [] }, { query: {}, validate: true })).toEqual({
      violation: '`pagination.total_items` is missing',
    });
  });

  it('checks windows of blocks and of whole seconds, both ends inclusive', () => {
    const { echo } = ENDPOINTS.transfers;
    const row = { ...POSITION, timestamp: '2026-01-11T04:11:12.900Z' } as never;
    const second = String(Date.parse('2026-01-11T04:11:12Z') / 1000);
    expect(echo['timestamp_start']?.(row, second)).toBe(true);
    expect(echo['timestamp_end']?.(row, second)).toBe(true);
    expect(echo['timestamp_end']?.(row, String(Number(second) - 1))).toBe(false);
    expect(echo['block_start']?.(row, '11')).toBe(false);
  });
});

describe('the query', () => {
  it('is refused before it is sent when upstream would ignore a parameter', () => {
    const ask = (query: Record<string, string | number>): void =>
      checkQuery(ENDPOINTS.delegations, { query, priority: 'scheduled', deadlineMs: 1 });
    expect(() => ask({ coldkey: 'x' })).toThrow('`coldkey` is not a parameter');
    expect(() => ask({ nominator: 'x' })).not.toThrow();
  });

  it('is refused when a required parameter is missing', () => {
    expect(() => checkQuery(ENDPOINTS.accounts, { priority: 'scheduled', deadlineMs: 1 })).toThrow(
      '`address` is required',
    );
  });

  it.each([0, 201, 1.5])('is refused with a page size of %d', (pageSize) => {
    expect(() => checkQuery(ENDPOINTS.pools, { pageSize, priority: 'scheduled', deadlineMs: 1 })).toThrow('page size');
  });
});

describe('the newest upstream time', () => {
  it('is the newest of the rows, the measuring time of a price before anything else', () => {
    expect(
      newestUpstream([
        { timestamp: '2026-01-11T04:11:12.001Z', block_number: 5 },
        { timestamp: '2026-01-11T04:11:12Z', block_number: 9 },
      ]),
    ).toEqual({ upstreamAt: new Date('2026-01-11T04:11:12.001Z'), upstreamBlock: 9 });
    expect(newestUpstream([{ last_updated: '2026-01-01T00:00:00Z' }]).upstreamAt).toEqual(
      new Date('2026-01-01T00:00:00Z'),
    );
  });

  it('is null where rows carry none', () => {
    expect(newestUpstream([{ netuid: 1 }])).toEqual({ upstreamAt: null, upstreamBlock: null });
  });
});
