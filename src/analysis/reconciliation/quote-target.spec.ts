import type { PoolReserves } from '../amm/pool';
import { nextQuoteTarget, type PastQuote } from './quote-target';

const TAO = 1_000_000_000n;

function pool(netuid: number, change: Partial<PoolReserves> = {}): PoolReserves {
  return {
    netuid,
    blockNumber: 9_240_388,
    taoReserveRao: 5_000n * TAO,
    alphaReserveRao: 500_000n * TAO,
    price: '0.01',
    feeRate: null,
    startup: false,
    ...change,
  };
}

describe('the quote to compare next', () => {
  const past = (...checks: [number, PastQuote['direction'], PastQuote['agreement']][]): PastQuote[] =>
    checks.map(([netuid, direction, agreement]) => ({ netuid, direction, agreement }));

  it('is of 10 TAO on a subnet that is held, in the direction that was compared longest ago', () => {
    const pools = [pool(1), pool(2), pool(3)];
    expect(nextQuoteTarget(pools, new Set([2]), [])).toEqual({ netuid: 2, direction: 'stake', inRao: 10n * TAO });
    expect(nextQuoteTarget(pools, new Set([2]), past([2, 'stake', 'pass']))).toEqual({
      netuid: 2,
      direction: 'unstake',
      inRao: 1_000n * TAO,
    });
    const both = past([2, 'unstake', 'pass'], [2, 'stake', 'pass']);
    expect(nextQuoteTarget(pools, new Set([2]), both)).toMatchObject({ netuid: 2, direction: 'stake' });
    expect(nextQuoteTarget(pools, new Set([2, 3]), both)).toMatchObject({ netuid: 3, direction: 'stake' });
  });

  it('is the one that failed until it agrees again, also when upstream did not answer in between', () => {
    const pools = [pool(1), pool(2)];
    const failed = past([1, 'unstake', 'skipped'], [2, 'unstake', 'fail'], [1, 'stake', 'pass']);
    expect(nextQuoteTarget(pools, new Set([1, 2]), failed)).toMatchObject({ netuid: 2, direction: 'unstake' });
    const mended = past([2, 'unstake', 'pass'], [2, 'unstake', 'fail'], [1, 'stake', 'pass']);
    expect(nextQuoteTarget(pools, new Set([1, 2]), mended)).not.toMatchObject({ netuid: 2, direction: 'unstake' });
  });

  it('is of the deepest pools where nothing is held, and of a hundredth of the reserve where that is less', () => {
    const pools = [pool(0), pool(5, { startup: true }), pool(6, { taoReserveRao: 99n * TAO }), pool(7), pool(8)];
    const deep = pool(9, { taoReserveRao: 9_000n * TAO });
    expect(nextQuoteTarget([...pools, deep], new Set(), [])).toMatchObject({ netuid: 9 });
    expect(nextQuoteTarget([pool(7, { taoReserveRao: 200n * TAO })], new Set(), [])?.inRao).toBe(2n * TAO);
    expect(nextQuoteTarget(pools.slice(0, 3), new Set([0, 5, 6]), [])).toBeNull();
  });
});
