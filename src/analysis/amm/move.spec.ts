import { exitCurve, slippageSurface } from './exit-curve';
import { quoteMove } from './move';
import type { PoolReserves } from './pool';

const TAO = 10n ** 9n;
const ORIGIN: PoolReserves = {
  netuid: 7,
  blockNumber: 9_000_000,
  taoReserveRao: 1_000n * TAO,
  alphaReserveRao: 100_000n * TAO,
  price: '0.01',
  feeRate: '0.00050354772259098192',
  startup: false,
};
const DESTINATION: PoolReserves = {
  ...ORIGIN,
  netuid: 9,
  taoReserveRao: 5_000n * TAO,
  alphaReserveRao: 250_000n * TAO,
  price: '0.02',
};
const ROOT: PoolReserves = { ...ORIGIN, netuid: 0, price: '1' };

describe('stake move', () => {
  it('changes nothing within a subnet', () => {
    expect(quoteMove({ origin: ORIGIN, destination: ORIGIN, alphaRao: 500n * TAO })).toMatchObject({
      value: { alphaInRao: 500n * TAO, alphaOutRao: 500n * TAO, taoRao: null },
    });
  });

  it('refuses a move within a subnet that is worth less than the minimum', () => {
    expect(quoteMove({ origin: ORIGIN, destination: ORIGIN, alphaRao: 199_999_999n })).toMatchObject({
      refusal: { code: 'below_minimum' },
    });
  });

  it('charges the fee once, on the origin in alpha', () => {
    const result = quoteMove({ origin: ORIGIN, destination: DESTINATION, alphaRao: 10_000n * TAO });
    if (!result.ok) throw new Error(result.refusal.code);
    const { sale, purchase, taoRao, alphaOutRao } = result.value;
    expect(sale).toMatchObject({ feeToken: 'alpha', feeRao: 5_035_477_225n });
    expect(purchase).toMatchObject({ feeRao: 0n });
    expect(taoRao).toBe(90_867_473_489n);
    expect(alphaOutRao).toBe((250_000n * TAO * 90_867_473_489n) / (5_000n * TAO + 90_867_473_489n));
  });

  it('charges the destination, in TAO, when the origin is root', () => {
    const result = quoteMove({ origin: ROOT, destination: DESTINATION, alphaRao: 10n * TAO });
    expect(result).toMatchObject({
      value: { sale: { feeRao: 0n }, purchase: { feeToken: 'tao', feeRao: 5_035_477n }, taoRao: 10n * TAO },
    });
  });

  it('refuses when either leg is refused', () => {
    const tiny = { ...DESTINATION, alphaReserveRao: 1n };
    expect(quoteMove({ origin: ORIGIN, destination: tiny, alphaRao: 10n * TAO })).toMatchObject({
      refusal: { code: 'reserves_too_low' },
    });
    expect(quoteMove({ origin: ORIGIN, destination: tiny, alphaRao: 10n ** 20n })).toMatchObject({
      refusal: { code: 'above_max_swap' },
    });
  });
});

describe('curves of sizes', () => {
  it('sells a position in growing shares, each from the untouched pool, the last exempt from the minimum', () => {
    const points = exitCurve(ORIGIN, 10_000n * TAO, 4);
    expect(points.map((point) => point.inRao / TAO)).toEqual([2_500n, 5_000n, 7_500n, 10_000n]);
    expect(points[3]?.result).toMatchObject({ value: { outRao: 90_867_473_489n } });
    const dust = exitCurve(ORIGIN, 100_000_000n, 2);
    expect(dust.map((point) => point.result.ok)).toEqual([false, true]);
  });

  it('quotes five sizes in both directions, and keeps the size of a refused one', () => {
    const points = slippageSurface(ORIGIN);
    expect(points).toHaveLength(10);
    expect(points.every((point) => point.result.ok)).toBe(true);
    expect(points[1]).toMatchObject({ direction: 'unstake', sizeTaoRao: 2n * TAO, inRao: 200n * TAO });
    const closed = slippageSurface({ ...ORIGIN, startup: true }, [2n * TAO]);
    expect(closed[0]).toMatchObject({ sizeTaoRao: 2n * TAO, result: { refusal: { code: 'startup_pool' } } });
    expect(slippageSurface({ ...ORIGIN, alphaReserveRao: 0n }, [TAO])[1]).toMatchObject({ inRao: 0n });
  });
});
