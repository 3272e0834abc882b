import fc from 'fast-check';
import { ExactDecimal } from '../../common';
import type { Curve } from './curve';
import { inputForOutput, largestInputUnder } from './inverse';
import { inputFor, outputFor } from './swap';
import { computeTrade, sideOf, type Direction } from './trade';

const TAO = 10n ** 9n;
const CURVE: Curve = {
  method: 'balancer_equal_weights',
  taoRao: 1_000n * TAO,
  alphaRao: 100_000n * TAO,
  taoWeight: null,
  fee: { kind: 'rate', numerator: 33n, assumed: false },
  notes: [],
};
const QUARTER: Curve = { ...CURVE, method: 'balancer_weighted', taoWeight: new ExactDecimal('0.25') };

describe('input for a wanted output', () => {
  // A * ((T / (T - out))^(w_tao / w_alpha) - 1) = 167224391757.29... with 100-digit arithmetic.
  it('asks for the computed alpha on a weighted pool', () => {
    expect(inputFor(sideOf(QUARTER, 'unstake'), 5n * TAO)).toBe(167_224_391_758n);
  });

  it('is the smallest input that suffices, fee included, on 10,000 random pools', () => {
    const reserve = fc.bigInt(10n ** 6n, 10n ** 16n);
    const pools = fc.record({ taoRao: reserve, alphaRao: reserve });
    const sizes = fc.tuple(fc.bigInt(1n, 999n), fc.constantFrom<Direction>('stake', 'unstake'));
    fc.assert(
      fc.property(pools, sizes, (reserves, [permille, direction]) => {
        const curve = { ...CURVE, ...reserves };
        const outRao = (sideOf(curve, direction).outReserveRao * permille) / 1_000n;
        const inRao = inputForOutput(curve, { direction, outRao }) ?? -1n;
        expect(computeTrade(curve, { direction, inRao }).outRao).toBeGreaterThanOrEqual(outRao);
        expect(computeTrade(curve, { direction, inRao: inRao - 1n }).outRao).toBeLessThan(outRao);
      }),
      { numRuns: 10_000 },
    );
  });

  it('is the smallest input that suffices on weighted pools too', () => {
    const reserve = fc.bigInt(10n ** 6n, 10n ** 15n);
    const weight = fc.integer({ min: 10, max: 90 }).map((percent) => new ExactDecimal(percent).div(100));
    const sizes = fc.tuple(fc.bigInt(1n, 900n), fc.constantFrom<Direction>('stake', 'unstake'));
    fc.assert(
      fc.property(fc.tuple(reserve, reserve, weight), sizes, ([taoRao, alphaRao, taoWeight], [permille, direction]) => {
        const side = sideOf({ ...QUARTER, taoRao, alphaRao, taoWeight }, direction);
        const outRao = (side.outReserveRao * permille) / 1_000n;
        const netInRao = inputFor(side, outRao) ?? -1n;
        expect(outputFor(side, netInRao)).toBeGreaterThanOrEqual(outRao);
        expect(outputFor(side, netInRao - 1n)).toBeLessThan(outRao);
      }),
      { numRuns: 1_000 },
    );
  });

  it('knows what the pool does not hold', () => {
    expect(inputForOutput(CURVE, { direction: 'unstake', outRao: CURVE.taoRao })).toBeNull();
    expect(inputForOutput(CURVE, { direction: 'unstake', outRao: 0n })).toBe(0n);
  });

  it('adds the flat fee of 2025 on the side that pays it', () => {
    const flat: Curve = { ...CURVE, method: 'constant_product', fee: { kind: 'flat', taoRao: 50_000n } };
    const alphaRao = inputForOutput(flat, { direction: 'unstake', outRao: TAO }) ?? 0n;
    expect(computeTrade(flat, { direction: 'unstake', inRao: alphaRao }).outRao).toBe(TAO);
    const taoRao = inputForOutput(flat, { direction: 'stake', outRao: 100n * TAO }) ?? 0n;
    expect(computeTrade(flat, { direction: 'stake', inRao: taoRao }).outRao).toBeGreaterThanOrEqual(100n * TAO);
  });
});

describe('largest trade under a slippage', () => {
  // Closed form without fee at equal weights: a position worth V exits at slippage V / (T + V), so V = T * s / (1 - s).
  it.each([
    ['0.01', 10_101_010_101n],
    ['0.02', 20_408_163_265n],
    ['0.05', 52_631_578_947n],
    ['0.1', 111_111_111_111n],
  ])('is T * s / (1 - s) for s = %s', (maximum, valueRao) => {
    const order = { direction: 'unstake', maximum: new ExactDecimal(maximum), feeFree: true } as const;
    const alphaRao = largestInputUnder(CURVE, order) ?? 0n;
    expect(alphaRao / 100n).toBe(valueRao);
  });

  it('is respected by the answer and broken by one per cent more, weighted or not, fee included', () => {
    for (const curve of [CURVE, QUARTER]) {
      for (const direction of ['stake', 'unstake'] as const) {
        const maximum = new ExactDecimal('0.03');
        const inRao = largestInputUnder(curve, { direction, maximum }) ?? 0n;
        const shortfall = (sizeRao: bigint): number => {
          const trade = computeTrade(curve, { direction, inRao: sizeRao });
          return 1 - Number(trade.outRao) / Number(trade.expectedOutRao);
        };
        expect(shortfall(inRao)).toBeLessThanOrEqual(0.03 + 1e-9);
        expect(shortfall((inRao * 101n) / 100n)).toBeGreaterThan(0.03);
      }
    }
  });

  it('is nothing when the fee alone exceeds it, unknown on root, and at most the ceiling', () => {
    expect(largestInputUnder(CURVE, { direction: 'stake', maximum: new ExactDecimal('0.0004') })).toBe(0n);
    expect(
      largestInputUnder({ ...CURVE, method: 'root' }, { direction: 'stake', maximum: new ExactDecimal(0) }),
    ).toBeNull();
    const all = largestInputUnder(CURVE, { direction: 'stake', maximum: new ExactDecimal(1) });
    expect(all).toBe(CURVE.taoRao * 1_000n);
    expect(outputFor(sideOf(CURVE, 'stake'), all ?? 0n)).toBeLessThan(CURVE.alphaRao);
  });
});
