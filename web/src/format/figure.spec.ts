import fc from 'fast-check';
import { compareDecimals, countText, decimalText, nameText, rateText, shortAddresses, signedText } from './figure';

describe('figures on the page', () => {
  it.each([
    [null, '–'],
    [0, '0 %'],
    [0.0004, '< 0.1 %'],
    [0.1234, '12.3 %'],
    [1, '100 %'],
  ])('a rate of %p reads %s', (rate, text) => {
    expect(rateText(rate)).toBe(text);
  });

  it('shows a missing figure as a dash and never as zero', () => {
    expect([countText(null), decimalText(null, 2), rateText(null)]).toEqual(['–', '–', '–']);
  });

  it.each([
    ['12345.6789', 2, '12,345.67'],
    ['0.0853797768549170136737598244', 6, '0.085379'],
    ['21000000', 2, '21,000,000.00'],
    ['-1234', 0, '−1,234'],
    ['99.999', 2, '99.99'],
  ])('cuts %s to %d places as %s', (value, decimals, text) => {
    expect(decimalText(value, decimals)).toBe(text);
  });

  it('shortens every address in a sentence and nothing else', () => {
    const address = '5FoVZJALwkq4EcAviFdxiw4sbU3ccnZ9L89pLZXkuq72Mmej';
    expect(shortAddresses(`subnet 18 of ${address}: no state at block 9389434`)).toBe(
      'subnet 18 of 5FoVZJ…72Mmej: no state at block 9389434',
    );
  });

  it('signs changes', () => {
    expect([signedText(3), signedText(-1200), signedText(0)]).toEqual(['+3', '−1,200', '0']);
  });

  it('orders amounts beyond the precision of doubles as integers do', () => {
    const amount = fc.bigInt(-(10n ** 24n), 10n ** 24n);
    fc.assert(
      fc.property(amount, amount, (a, b) => {
        expect(compareDecimals(String(a), String(b))).toBe(a < b ? -1 : Number(a > b));
      }),
    );
    expect(compareDecimals('0.5', '0.50')).toBe(0);
    expect(compareDecimals('9.9', '10.1')).toBe(-1);
    expect(compareDecimals(null, '0')).toBe(-1);
  });

  it('names datasets in words', () => {
    expect([nameText('tao_price'), nameText('pools')]).toEqual(['TAO price', 'Pools']);
  });
});
