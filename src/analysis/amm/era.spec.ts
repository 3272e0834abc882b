import { ROOT_CURVE, spotPrice } from './curve';
import { curveOf, eraAt } from './era';
import type { PoolReserves } from './pool';

const POOL: PoolReserves = {
  netuid: 7,
  blockNumber: 9_000_000,
  taoReserveRao: 1_000n * 10n ** 9n,
  alphaReserveRao: 100_000n * 10n ** 9n,
  price: '0.01',
  feeRate: '0.00050354772259098192',
  startup: false,
};

describe('curve of an era', () => {
  it.each([
    [4_920_350, null],
    [4_920_351, 'constant_product'],
    [5_947_548, 'constant_product'],
    [5_947_549, 'virtual_reserves'],
    [8_486_593, 'virtual_reserves'],
    [8_486_594, 'balancer'],
    [20_000_000, 'balancer'],
  ])('prices block %s by %s', (blockNumber, name) => {
    expect(eraAt(blockNumber)?.name ?? null).toBe(name);
  });

  it('keeps root at one to one whatever its row says', () => {
    const curve = curveOf({ ...POOL, netuid: 0, price: '5.15', blockNumber: 1 });
    expect(curve).toBe(ROOT_CURVE);
    expect(spotPrice(ROOT_CURVE).toFixed()).toBe('1');
  });

  it('takes the integer path when the printed digits of the price cannot tell the weights from equal', () => {
    const curve = curveOf({ ...POOL, alphaReserveRao: 99_999_996_000_000n, price: '0.010000000' });
    expect(curve).toMatchObject({ method: 'balancer_equal_weights', taoWeight: null, notes: [] });
  });

  it('recovers the weight that the chain stores from price and reserves of one row', () => {
    // Subnet 92 at block 9,240,388: stored weight 0.499999964641764870, price from it with 60 digits.
    const curve = curveOf({
      ...POOL,
      taoReserveRao: 587_199_047_950n,
      alphaReserveRao: 435_539_509_978_376n,
      price: '0.0013482109373462986363167744302669035733915',
    });
    expect(curve?.method).toBe('balancer_weighted');
    expect(curve?.taoWeight?.toDecimalPlaces(18, 4).toFixed()).toBe('0.49999996464176487');
  });

  it('falls back to equal weights without a price, or with one that no stored weight allows', () => {
    expect(curveOf({ ...POOL, price: null })).toMatchObject({ taoWeight: null, notes: ['price_missing'] });
    expect(curveOf({ ...POOL, price: 'nonsense' })).toMatchObject({ taoWeight: null, notes: ['price_missing'] });
    expect(curveOf({ ...POOL, price: '2.000' })).toMatchObject({ taoWeight: null, notes: ['weights_out_of_range'] });
  });

  it('points out unusual weights, an unusual or missing fee and a pool that has not started', () => {
    expect(curveOf({ ...POOL, price: '0.011000' })?.notes).toEqual(['weights_unusual']);
    expect(curveOf({ ...POOL, feeRate: '0.15259021896696421759' })?.notes).toEqual(['fee_unusual']);
    expect(curveOf({ ...POOL, feeRate: null, startup: true })?.notes).toEqual(['fee_assumed', 'startup_pool']);
  });

  it('prices the v3 years on virtual reserves, and says when it had only the real ones', () => {
    // Subnet 67 on 2026-01-11: L = 1e9, sqrt(P) = 1.534...; floor(L * sqrt(P)) and floor(L / sqrt(P)).
    const pool = { ...POOL, blockNumber: 7_295_491, taoReserveRao: 1_534_012_297n, alphaReserveRao: 651_885_263n };
    const virtual = { liquidityRaw: '1000000000', alphaSqrtPrice: '1.53401229699999999985' };
    expect(curveOf({ ...pool, virtual })).toMatchObject({ taoRao: 1_534_012_296n, alphaRao: 651_885_256n, notes: [] });
    expect(curveOf(pool)?.notes).toEqual(['virtual_reserves_missing']);
    expect(curveOf({ ...pool, virtual: { liquidityRaw: '0', alphaSqrtPrice: '1' } })?.notes).toEqual([
      'virtual_reserves_missing',
    ]);
  });
});
