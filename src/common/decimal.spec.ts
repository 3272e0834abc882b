import { normalizeDecimal } from './decimal';

describe('normalizeDecimal', () => {
  it('keeps every digit of a 28-decimal price', () => {
    expect(normalizeDecimal('0.0853797768549170136737598244')).toBe('0.0853797768549170136737598244');
  });

  it('writes an exponent out in full', () => {
    expect(normalizeDecimal('5.421e-16')).toBe('0.0000000000000005421');
  });

  it.each(['NaN', 'Infinity', '', '1,5', '--1', '0x10', '1e1000', '9'.repeat(101)])('refuses %j', (text) => {
    expect(normalizeDecimal(text)).toBeNull();
  });
});
