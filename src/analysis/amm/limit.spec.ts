import { ExactDecimal } from '../../common';
import { limitQuantity } from './limit';
import type { PoolReserves } from './pool';
import { quoteTrade } from './quote';
import type { Direction } from './trade';

const POOL: PoolReserves = {
  netuid: 7,
  blockNumber: 9_000_000,
  taoReserveRao: 10n ** 12n,
  alphaReserveRao: 10n ** 14n,
  price: '0.01',
  feeRate: '0.00050354772259098192',
  startup: false,
};
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
