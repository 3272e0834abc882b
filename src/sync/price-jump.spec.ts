import { isJump } from './price-jump';

describe('isJump', () => {
  it.each([
    ['0.01', '0.1', true],
    ['0.01', '0.0999999999999999999999999999', false],
    ['0.1', '0.01', true],
    ['0.1', '0.0100000000000000000000000001', false],
    ['0.01', '0.01', false],
    ['0', '1', false],
    ['1', '0', false],
  ])('from %s to %s: %s', (before, after, jump) => {
    expect(isJump(before, after)).toBe(jump);
  });
});
