import fc from 'fast-check';
import { ExactDecimal } from '../../common';
import { spotPrice } from './curve';
import { curveOf } from './era';
import { limitQuantity } from './limit';
import type { PoolReserves } from './pool';
import { quoteTrade } from './quote';
import { afterTrade, computeTrade, type Direction } from './trade';

const POOL: PoolReserves = {
  netuid: 7,
  blockNumber: 9_000_000,
  taoReserveRao: 10n ** 12n,
  alphaReserveRao: 10n ** 14n,
  price: '0.01',
  feeRate: '0.00050354772259098192',
  startup: false,
};
const ABOVE_ONE = new ExactDecimal(1).plus('1e-50');
const limit = (pool: PoolReserves, direction: Direction, price: string) =>
  limitQuantity(pool, { direction, limitPrice: new ExactDecimal(price) });

describe('limit order quantity', () => {
  // w_tao = 1/4: T (2^(3/4) - 1) and A (2^(1/4) - 1); equal weights: the square root of two. mpmath, floored.
  it.each([
    [
      { ...POOL, taoReserveRao: 10n ** 9n, alphaReserveRao: 3n * 10n ** 10n, price: '0.100000' },
      'stake',
      '0.2',
      681_792_830n,
    ],
    [
      { ...POOL, taoReserveRao: 2n * 10n ** 8n, alphaReserveRao: 3n * 10n ** 9n, price: '0.200000' },
      'unstake',
      '0.1',
      567_621_345n,
    ],
    [POOL, 'stake', '0.02', 414_213_562_373n],
    [POOL, 'unstake', '0.005', 41_421_356_237_309n],
  ] as const)('reaches the limit with the computed net input (case %#)', (pool, direction, price, netInRao) => {
    const result = limit(pool, direction, price);
    expect(result).toMatchObject({ ok: true, value: { netInRao, feeRao: (netInRao * 33n) / 65_502n } });
  });

  it('bounds the marginal price after a purchase, not the average', () => {
    const result = limit(POOL, 'stake', '0.02');
    if (!result.ok) throw new Error(result.refusal.code);
    const quote = quoteTrade(POOL, { direction: 'stake', amountRao: result.value.grossInRao });
    if (!quote.ok) throw new Error(quote.refusal.code);
    expect(Number(quote.value.postPrice)).toBeCloseTo(0.02, 9);
    expect(Number(quote.value.averagePrice)).toBeLessThan(0.0142);
  });

  it('fills up to the limit and never past it, on 10,000 random pools', () => {
    const reserve = fc.bigInt(10n ** 9n, 10n ** 16n);
    const percent = fc.integer({ min: 1, max: 400 });
    fc.assert(
      fc.property(
        reserve,
        reserve,
        percent,
        fc.constantFrom<Direction>('stake', 'unstake'),
        (tao, alpha, change, side) => {
          const pool = { ...POOL, taoReserveRao: tao, alphaReserveRao: alpha, price: null, feeRate: '0' };
          const curve = curveOf(pool);
          if (!curve) throw new Error('this block has pools');
          const factor = new ExactDecimal(100 + change).div(100);
          const spot = spotPrice(curve);
          const limitPrice = side === 'stake' ? spot.times(factor) : spot.div(factor);
          const result = limitQuantity(pool, { direction: side, limitPrice });
          if (!result.ok) return;
          const priceAfter = (inRao: bigint): ExactDecimal =>
            spotPrice(afterTrade(curve, computeTrade(curve, { direction: side, inRao, waiveFee: true })));
          const { netInRao } = result.value;
          // Outputs are floored, so the price after a fill is a hair short of the one in real numbers.
          // 60-digit quotients: a fill that meets the limit exactly may seem past it in the last digits.
          const past = (price: ExactDecimal): boolean =>
            side === 'stake' ? price.div(limitPrice).gt(ABOVE_ONE) : limitPrice.div(price).gt(ABOVE_ONE);
          expect(past(priceAfter(netInRao))).toBe(false);
          expect(past(priceAfter(netInRao + netInRao / 1_000_000n + 100n))).toBe(true);
        },
      ),
      { numRuns: 10_000 },
    );
  });

  it.each([
    ['stake', '0.01'],
    ['stake', '0.009'],
    ['unstake', '0.01'],
    ['unstake', '0.011'],
    ['unstake', '0'],
  ] as const)('refuses a limit that cannot be reached: %s at %s', (direction, price) => {
    expect(limit(POOL, direction, price)).toMatchObject({ ok: false, refusal: { code: 'limit_not_reachable' } });
  });

  it('refuses root, an empty pool and a block without pools', () => {
    expect(limit({ ...POOL, netuid: 0 }, 'stake', '2')).toMatchObject({ refusal: { code: 'limit_not_reachable' } });
    expect(limit({ ...POOL, taoReserveRao: 0n }, 'stake', '2')).toMatchObject({
      refusal: { code: 'reserves_too_low' },
    });
    expect(limit({ ...POOL, blockNumber: 1 }, 'stake', '2')).toMatchObject({ refusal: { code: 'no_market' } });
  });

  it('adds the flat fee of 2025 to a purchase only', () => {
    const pool = { ...POOL, blockNumber: 5_000_000 };
    expect(limit(pool, 'stake', '0.02')).toMatchObject({ value: { feeRao: 50_000n } });
    expect(limit(pool, 'unstake', '0.005')).toMatchObject({ value: { feeRao: 0n } });
  });
});
