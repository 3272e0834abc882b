import fc from 'fast-check';
import { ExactDecimal } from '../common';
import { ceilDiv, ceilRao, floorRao, ratioText, roundRao, shareText, splitRao } from './exact';

describe('exact amounts', () => {
  it('floors toward minus infinity, ceils away from it and rounds halves away from zero', () => {
    expect([floorRao(new ExactDecimal('-1.2')), floorRao(new ExactDecimal('1.9'))]).toEqual([-2n, 1n]);
    expect([ceilRao(new ExactDecimal('1.1')), ceilDiv(7n, 2n)]).toEqual([2n, 4n]);
    expect([roundRao(new ExactDecimal('1.5')), roundRao(new ExactDecimal('-1.5'))]).toEqual([2n, -2n]);
  });

  it('writes ratios without an exponent and has none where the whole is nothing', () => {
    expect(ratioText(new ExactDecimal('0.00000000001234567891'))).toBe('0.000000000012345678');
    expect(shareText(1n, 3n, 4)).toBe('0.3333');
    expect(shareText(1n, 0n)).toBeNull();
  });

  it('splits any amount into parts that add up to it, each within one rao of its share', () => {
    const weights = fc.array(fc.bigInt(0n, 10n ** 17n), { minLength: 1, maxLength: 12 });
    fc.assert(
      fc.property(fc.bigInt(-(10n ** 17n), 10n ** 17n), weights, (total, parts) => {
        const split = splitRao(total, parts);
        expect(split.reduce((left, right) => left + right, 0n)).toBe(total);
        const sum = parts.reduce((left, right) => left + right, 0n);
        if (sum === 0n) return;
        split.forEach((part, index) => {
          const twiceOff = part * sum - total * (parts[index] ?? 0n);
          expect(twiceOff <= sum && twiceOff >= -sum).toBe(true);
        });
      }),
      { numRuns: 10_000 },
    );
  });
});
