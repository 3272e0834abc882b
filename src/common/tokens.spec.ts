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
});
