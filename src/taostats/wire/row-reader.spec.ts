import fc from 'fast-check';
import { validateSync } from 'class-validator';
import type { PayloadClass } from '../endpoint';
import { ENDPOINTS } from '../endpoints';
import { PoolPayload } from '../payloads/pool.payload';
import { SubnetIdentityPayload, SubnetPayload } from '../payloads/subnet.payload';
import { isInstant } from './field';
import { rowReader } from './row-reader';

const POOL = {
  netuid: 64,
  block_number: 7295491,
  timestamp: '2026-01-11T04:11:12.001Z',
  price: '0.0853797768549170136737598244',
  total_tao: '1557814504',
  alpha_in_pool: '641924953',
  alpha_staked: '0',
};

function read<P extends object>(payload: PayloadClass<P>, row: object): { row: P; violations: string | null } {
  const reader = rowReader(payload);
  const normalized = reader.normalize(structuredClone(row) as Record<string, unknown>);
  return { row: normalized, violations: reader.violations(normalized) };
}

describe('reading a row', () => {
  it('keeps 28 decimals and integers above 2^53', () => {
    const { row } = read(PoolPayload, { ...POOL, total_tao: '10238806730295346123' });
    expect(row.price).toBe('0.0853797768549170136737598244');
    expect(row.total_tao).toBe('10238806730295346123');
  });

  it('takes numbers where strings were, and the other way round', () => {
    const { row, violations } = read(PoolPayload, { ...POOL, netuid: '64', total_tao: 1557814504, rank: '3' });
    expect(violations).toBeNull();
    expect(row).toMatchObject({ netuid: 64, total_tao: '1557814504', rank: 3 });
  });

  it('writes exponents out and turns missing optional fields into null', () => {
    const { row } = read(PoolPayload, { ...POOL, price: '5.421e-16' });
    expect(row.price).toBe('0.0000000000000005421');
    expect(row.last_price).toBeNull();
    expect(row.seven_day_prices).toBeNull();
  });

  it('lets unknown fields pass', () => {
    expect(read(PoolPayload, { ...POOL, brand_new: { any: 1 } })).toMatchObject({
      violations: null,
      row: { brand_new: { any: 1 } },
    });
  });

  it.each([
    ['price', 'NaN'],
    ['price', 'Infinity'],
    ['price', '-1'],
    ['price', null],
    ['price', undefined],
    ['price', {}],
    ['price', '1e400'],
    ['total_tao', '1.5'],
    ['total_tao', '1'.repeat(31)],
    ['netuid', 1.5],
    ['netuid', -1],
    ['netuid', 'one'],
    ['timestamp', 'yesterday'],
    ['timestamp', 1736568672],
    ['seven_day_prices', [{ block_number: 1, timestamp: '2026-01-11T04:11:12Z', price: 'x' }]],
    ['seven_day_prices', 'none'],
    ['startup_mode', 'yes'],
  ])('refuses %s = %j and names the field', (field, value) => {
    expect(read(PoolPayload, { ...POOL, [field]: value }).violations).toContain(field);
  });

  it('drops control and direction characters from text, and nothing else', () => {
    const { row } = read(SubnetIdentityPayload, {
      netuid: 1,
      subnet_name: 'Open\u0000\u202eτensor\u0007 ط\ud83d\n🏦',
      tags: ['a\u0000b'],
    });
    expect(row.subnet_name).toBe('Openτensor ط\n🏦');
    expect(row.tags).toEqual(['ab']);
  });

  it('accepts the sentinels and negative figures of the root row', () => {
    const root = {
      netuid: 0,
      block_number: 1,
      timestamp: '2026-01-11T04:05:12.001Z',
      emission: '0',
      tao_flow: '-1344818092359283',
      net_flow_1_day: '8770778418879012864',
      weights_rate_limit: '18446744073709551615',
      blocks_until_next_epoch: -339,
      registration_block_number: null,
    };
    expect(read(SubnetPayload, root).violations).toBeNull();
  });

  it('takes for a time what the calendar of Date.parse takes for one', () => {
    const pair = fc.oneof(
      fc.stringMatching(/^\d\d$/),
      fc.integer({ min: 0, max: 35 }).map((value) => String(value).padStart(2, '0')),
    );
    const time = fc
      .tuple(
        fc.stringMatching(/^\d{4}$/),
        pair,
        pair,
        pair,
        pair,
        pair,
        fc.stringMatching(/^(\.\d{1,10})?(Z|[+-]\d\d:\d\d)?$/),
      )
      .map(
        ([year, month, day, hour, minute, second, rest]) =>
          `${year}-${month}-${day}T${hour}:${minute}:${second}${rest}`,
      );
    const shape = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,9})?(Z|[+-]\d\d:\d\d)$/;
    fc.assert(
      fc.property(time, (text) => {
        expect(isInstant(text)).toBe(shape.test(text) && !Number.isNaN(Date.parse(text)));
      }),
      { numRuns: 5_000 },
    );
  });

  it.each(Object.entries(ENDPOINTS))('judges every damaged row of %s as class-validator does', (_name, endpoint) => {
    const payload = endpoint.payload as PayloadClass<object>;
    const reader = rowReader(payload);
    const properties = Object.keys(reader.normalize({}));
    const key = { ss58: '5GKH9FPPnWSUoeeTJp19wVtd84XqFW4pyK2ijV2GsFbhTrP1', hex: `0x${'ab'.repeat(32)}` };
    const value = fc.oneof(
      fc.constantFrom(null, undefined, '', '0', '1', '-1', '1.5', 'NaN', '1e5', '2026-01-11T04:11:12Z', 'DELEGATE'),
      fc.constantFrom(true, false, 0, 1, -1, 2 ** 53, [], {}, key, [key], { timestamp: 'x' }),
      fc.anything({ maxDepth: 1 }),
    );
    fc.assert(
      fc.property(fc.array(value, { minLength: properties.length, maxLength: properties.length }), (values) => {
        const raw = Object.fromEntries(properties.map((property, index) => [property, values[index]]));
        const row = reader.normalize(raw);
        const expected = validateSync(Object.assign(new payload(), row)).length === 0;
        expect(reader.violations(row) === null).toBe(expected);
      }),
      { numRuns: 60 },
    );
  });
});
