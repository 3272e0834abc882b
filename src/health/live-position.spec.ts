import { isBehind, parsePosition, positionText } from './live-position';

describe('the position of an event', () => {
  it('survives its way through a browser beyond the integers of a double', () => {
    const position = { tx: 2n ** 60n + 1n, id: 2n ** 62n + 1n };
    expect(parsePosition(positionText(position))).toEqual(position);
  });

  it.each([
    undefined,
    '',
    'abc',
    '1',
    '1-',
    '-1-2',
    '1-2-3',
    '1e3-2',
    '99999999999999999999-1',
    '1-99999999999999999999',
  ])('is nothing when the browser sends %s', (text) => {
    expect(parsePosition(text)).toBeNull();
  });

  it('orders by transaction before number', () => {
    expect(isBehind({ tx: 1n, id: 9n }, { tx: 2n, id: 1n })).toBe(true);
    expect(isBehind({ tx: 2n, id: 1n }, { tx: 2n, id: 1n })).toBe(false);
    expect(isBehind({ tx: 2n, id: 1n }, { tx: 2n, id: 2n })).toBe(true);
  });
});
