import fc from 'fast-check';
import { formatTokens, parseRao, parseTokens } from './rao';

describe('rao', () => {
  it('reads integer text of any size without losing a digit', () => {
    expect(parseRao('10340832626098112345')).toBe(10340832626098112345n);
    expect(parseRao('-9007199254740993')).toBe(-9007199254740993n);
  });

  it.each(['', '1.5', '1e9', '0x10', ' 1', '1_000', 'NaN'])('refuses %j as an amount of rao', (text) => {
    expect(parseRao(text)).toBeNull();
  });

  it.each([
    [1_500_000_000n, '1.500000000'],
    [-1n, '-0.000000001'],
    [0n, '0.000000000'],
    [21_000_000_000_000_000n, '21000000.000000000'],
  ])('writes %s rao as whole tokens', (rao, text) => {
    expect(formatTokens(rao)).toBe(text);
  });

  it('refuses an amount finer than a rao rather than rounding it', () => {
    expect(parseTokens('0.0000000001')).toBeNull();
  });

  it('reads back every amount that it writes', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: -(10n ** 25n), max: 10n ** 25n }), (rao) => {
        expect(parseTokens(formatTokens(rao))).toBe(rao);
      }),
    );
  });
});
