import fc from 'fast-check';
import { RAO } from '../chain';
import { priceText } from '../numbers';
import { buyAlpha, type Reserves, sellAlpha, spotPrice } from './amm';

const HALF = 500_000_000_000_000_000n;
const amount = fc.bigInt({ min: 1_000_000n, max: 10n ** 15n });
const pools = fc.record<Reserves>({
  tao: amount,
  alpha: amount,
  quoteWeight: fc.constantFrom(HALF, HALF - 240_000_000_000n),
});

describe('the weighted pool', () => {
  it('pays 90.867473489 TAO for 10,000 alpha out of 1,000 TAO against 100,000 alpha', () => {
    const swap = sellAlpha({ tao: 1_000n * RAO, alpha: 100_000n * RAO, quoteWeight: HALF }, 10_000n * RAO, 33);
    expect(swap.out).toBe(90_867_473_489n);
  });

  it('pays 49.480269079 TAO for 2,500 alpha out of 5,000 TAO against 250,000 alpha', () => {
    const swap = sellAlpha({ tao: 5_000n * RAO, alpha: 250_000n * RAO, quoteWeight: HALF }, 2_500n * RAO, 33);
    expect(swap.out).toBe(49_480_269_079n);
  });

  it('takes the fee in the token that is paid in, rounded down', () => {
    const pool = { tao: 10n ** 13n, alpha: 10n ** 14n, quoteWeight: HALF };
    expect(buyAlpha(pool, 10_625_000n, 33).fee).toBe(5_350n);
    expect(sellAlpha(pool, 1_156_737_227n, 33).fee).toBe(582_472n);
  });

  it('prices by the ratio of the reserves at equal weights', () => {
    expect(priceText(spotPrice({ tao: 1_000n * RAO, alpha: 100_000n * RAO, quoteWeight: HALF }), 9)).toBe('0.01');
  });

  it('never gives back more TAO than was put in', () => {
    fc.assert(
      fc.property(pools, amount, (pool, paid) => {
        const bought = buyAlpha(pool, paid, 33);
        const sold = sellAlpha(bought.after, bought.out, 33);
        expect(sold.out).toBeLessThanOrEqual(paid);
      }),
    );
  });

  it('gives the same to within a millionth whether the weights are equal or nearly so', () => {
    fc.assert(
      fc.property(pools, (pool) => {
        const paid = pool.tao / 10n;
        const equal = buyAlpha({ ...pool, quoteWeight: HALF }, paid, 33).out;
        const near = buyAlpha({ ...pool, quoteWeight: HALF - 240_000_000_000n }, paid, 33).out;
        const difference = equal > near ? equal - near : near - equal;
        expect(difference).toBeLessThanOrEqual(equal / 1_000_000n + 1n);
      }),
    );
  });
});
