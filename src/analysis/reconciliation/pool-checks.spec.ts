import type { PoolReserves } from '../amm/pool';
import { checkPool, type PoolIdentityRow } from './pool-checks';

const TAO = 10n ** 9n;

const POOL: PoolReserves = {
  netuid: 7,
  blockNumber: 9_240_388,
  taoReserveRao: 1_000n * TAO,
  alphaReserveRao: 100_000n * TAO,
  price: '0.01',
  feeRate: '0.00050354772259098192',
  startup: false,
};

describe('R10, a pool row with itself', () => {
  const consistent: PoolIdentityRow = {
    pool: POOL,
    alphaStakedRao: 300_000n * TAO,
    marketCap: '4000000000000',
    liquidity: '2000000000000',
    protocolTaoRao: 1_000n * TAO,
    userTaoRao: 0n,
    protocolAlphaRao: 100_000n * TAO,
    userAlphaRao: 0n,
  };
  const found = (change: Partial<PoolIdentityRow>, pool: Partial<PoolReserves> = {}): string[] =>
    checkPool({ ...consistent, ...change, pool: { ...consistent.pool, ...pool } })
      .filter((each) => each.severity !== 'pass')
      .map((each) => `${each.severity}: ${each.reason}`);

  it('passes when everything agrees', () => {
    expect(found({})).toEqual([]);
    expect(
      found({ marketCap: null, liquidity: null, alphaStakedRao: null, protocolTaoRao: null, userAlphaRao: null }),
    ).toEqual([]);
  });

  it.each<[string, Partial<PoolIdentityRow>, Partial<PoolReserves>]>([
    [
      'fail: market cap = price * (pool alpha + staked alpha)',
      { marketCap: '9000000000000000' },
      { price: '0.010000000000' },
    ],
    ['fail: liquidity = TAO + price * pool alpha', { liquidity: '1' }, {}],
    ['fail: protocol + user = total TAO', { userTaoRao: 1n }, {}],
    ['fail: protocol + user = total alpha', { userAlphaRao: 1n }, {}],
    ['fail: the price is positive', {}, { price: '0' }],
    ['fail: the price is positive', {}, { price: null }],
    ['fail: root costs 1', {}, { netuid: 0, price: '5.15' }],
    ['warn: the fee is 33/65535', {}, { feeRate: '0.15259021896696421759' }],
  ])('finds %s', (finding, change, pool) => {
    expect(found(change, pool)).toContain(finding);
  });

  it('warns of unusual weights and of a reserve below the minimum, and leaves start-up pools alone', () => {
    expect(found({ marketCap: null, liquidity: null }, { price: '0.01010000' })).toEqual([
      'warn: the TAO weight is a half',
    ]);
    expect(found({ marketCap: null, liquidity: null, protocolTaoRao: null }, { taoReserveRao: 999_999n })).toContain(
      'warn: the TAO reserve reaches the minimum',
    );
    expect(found({}, { startup: true, price: null })).toEqual([]);
    expect(found({}, { netuid: 0, price: '1' })).toEqual([]);
  });

  it('takes an unusual fee for known when it was the same before, and looks at no model where nothing is held', () => {
    const unusual = { ...consistent, pool: { ...POOL, feeRate: '0.15259021896696421759' } };
    const warnings = (row: PoolIdentityRow, withModel = true): string[] =>
      checkPool(row, { withModel }).flatMap((each) => (each.severity === 'warn' ? [each.reason] : []));
    expect(warnings(unusual)).toEqual(['the fee is 33/65535']);
    expect(warnings({ ...unusual, feeRateBefore: POOL.feeRate })).toEqual(['the fee is 33/65535']);
    expect(warnings({ ...unusual, feeRateBefore: unusual.pool.feeRate })).toEqual([]);
    expect(warnings(unusual, false)).toEqual([]);
    expect(checkPool({ ...unusual, liquidity: '1' }, { withModel: false }).map(({ severity }) => severity)).toContain(
      'fail',
    );
  });
});
