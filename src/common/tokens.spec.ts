import fc from 'fast-check';
import { ExactDecimal } from './decimal';
import { formatTokens } from './rao';
import { tokensOf } from './tokens';

describe('stored rao as tokens', () => {
  it.each([
    ['0', '0.000000000'],
    ['1', '0.000000001'],
    ['1500000000', '1.500000000'],
    ['-1500000000', '-1.500000000'],
    ['21000000000000001', '21000000.000000001'],
    // A fraction of a rao, 28 digits after the point.
    ['123456789012345678.0853797768549170136737598244', '123456789.0123456780853797768549170136737598244'],
    ['-0.5', '-0.0000000005'],
  ])('%s is %s', (rao, tokens) => {
    expect(tokensOf(rao)).toBe(tokens);
  });

  it('of nothing is nothing, not zero', () => {
    expect(tokensOf(null)).toBeNull();
  });

  it('are what division gives, to the last digit', () => {
    const digits = fc.stringMatching(/^[0-9]{1,28}$/);
    fc.assert(
      fc.property(fc.bigInt({ min: -(10n ** 29n), max: 10n ** 30n - 1n }), digits, (rao, fraction) => {
        expect(tokensOf(String(rao))).toBe(formatTokens(rao));
        const text = `${rao}.${fraction}`;
        expect(tokensOf(text)).toBe(new ExactDecimal(text).div(1_000_000_000).toFixed());
      }),
    );
    expect(['1000000000.0', '10000000000.50'].map(tokensOf)).toEqual(['1', '10.0000000005']);
  });
});
