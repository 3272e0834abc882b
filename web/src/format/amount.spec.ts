import { raoOf, sumTao, taoOf } from './amount';

describe('amounts', () => {
  it.each([
    ['0', 0n],
    ['1', 1_000_000_000n],
    ['0.000000001', 1n],
    ['-2.5', -2_500_000_000n],
    ['21000000.123456789', 21_000_000_123_456_789n],
  ])('reads %s TAO as %s rao', (tao, rao) => {
    expect(raoOf(tao)).toBe(rao);
    expect(raoOf(taoOf(rao))).toBe(rao);
  });

  it('adds what a double would round', () => {
    expect(sumTao(['9007199.254740993', '-9007199.254740992'])).toBe('0.000000001');
    expect(sumTao([])).toBe('0.000000000');
  });
});
