import fc from 'fast-check';
import { ExactDecimal } from '../../common';
import { exact } from '../exact';
import { FIXED_ONE, powerUp, toFixedPoint } from './power';

const decimal = (fixed: bigint): ExactDecimal => exact(fixed).div(exact(FIXED_ONE));

describe('fixed-point power', () => {
  it.each([
    // 0.75^1.5 is the square root of 27 over 8; the chain's own test rounds it to 0.649519052838328985.
    [21n, 28n, '1.5', '0.649519052838328985072792'],
    [1n, 1n, '0.7', '1'],
    [1n, 1_001n, '9', '0.000000000000000000000000'],
    [1n, 2n, '1', '0.500000000000000000000000'],
    [1n, 1_024n, '0.1', '0.500000000000000000000000'],
  ])('raises %s / %s to %s', (numerator, denominator, exponent, expected) => {
    const power = decimal(powerUp(numerator, denominator, toFixedPoint(new ExactDecimal(exponent))));
    expect(power.minus(expected).abs().lt('1e-23')).toBe(true);
  });

  it('agrees with general decimal powers to 55 digits and is never below them, for all sizes and weights in use', () => {
    const reserve = fc.bigInt(10n ** 6n, 10n ** 17n);
    const input = fc.tuple(fc.bigInt(1n, 1_000n), fc.bigInt(1n, 10n ** 9n));
    const weight = fc.bigInt(10n ** 16n, 99n * 10n ** 16n);
    fc.assert(
      fc.property(reserve, input, weight, (reserveRao, [multiple, divisor], perquintill) => {
        const taoWeight = new ExactDecimal(perquintill.toString()).div('1e18');
        const exponent = new ExactDecimal(1).minus(taoWeight).div(taoWeight);
        const grown = reserveRao + (reserveRao * multiple) / divisor;
        const ours = decimal(powerUp(reserveRao, grown, toFixedPoint(exponent)));
        const theirs = exact(reserveRao).div(exact(grown)).pow(exponent);
        expect(ours.gte(theirs)).toBe(true);
        expect(ours.minus(theirs).lt('1e-55')).toBe(true);
      }),
      { numRuns: 1_000 },
    );
  });
});
