import { clockText, countdownText, durationText, spanText } from './time';

describe('times on the page', () => {
  it.each([
    [-5, '0 s'],
    [59.9, '59 s'],
    [60, '1 min'],
    [3599, '59 min'],
    [3600, '1 h'],
    [12_000, '3 h 20 min'],
    [187_200, '2 d 4 h'],
  ])('an age of %d s reads %s', (seconds, text) => {
    expect(spanText(seconds)).toBe(text);
  });

  it.each([
    [0, '0:00'],
    [0.2, '0:01'],
    [42, '0:42'],
    [725, '12:05'],
    [3723, '1:02:03'],
  ])('%d s to go read %s', (seconds, text) => {
    expect(countdownText(seconds)).toBe(text);
  });

  it('shows the day only when it is another one', () => {
    const now = Date.parse('2026-11-23T12:00:00Z');
    expect(clockText('2026-11-23T11:58:04.120Z', now)).toBe('11:58:04Z');
    expect(clockText('2026-11-22T11:58:04Z', now)).toBe('2026-11-22 11:58:04Z');
  });

  it.each([
    [47.6, '48 ms'],
    [1240, '1.2 s'],
    [125_000, '2 min'],
  ])('%d ms read %s', (ms, text) => {
    expect(durationText(ms)).toBe(text);
  });
});
