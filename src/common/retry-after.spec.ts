import fc from 'fast-check';
import { parseHttpDate, parseRetryAfter } from './retry-after';

const NOW = Date.UTC(2026, 10, 23, 12, 0, 0);
const parse = (header: string | string[] | undefined, dateHeader?: string): ReturnType<typeof parseRetryAfter> =>
  parseRetryAfter(header, { nowMs: NOW, dateHeader });

describe('Retry-After', () => {
  it('is nothing when the header is absent', () => {
    expect(parse(undefined)).toEqual({ delayMs: null, invalid: 0 });
  });

  it.each([
    ['30', 30_000],
    ['  30 ', 30_000],
    ['0', 1000],
    ['3600', 3_600_000],
    ['007', 7000],
  ])('reads %j as %d ms, never less than a second', (header, delayMs) => {
    expect(parse(header)).toEqual({ delayMs, invalid: 0 });
  });

  it('takes thirty nines for a very long wait, not for an overflow', () => {
    expect(parse('9'.repeat(30)).delayMs).toBe(999_999_999_000);
  });

  it.each(['-5', '2.5', '1e3', '0x10', '1_000', 'Infinity', 'soon', '', '+5', 'Mon, 23 Foo 2026 12:00:30 GMT'])(
    'counts %j as invalid and waits for nothing of it',
    (header) => {
      expect(parse(header)).toEqual({ delayMs: null, invalid: 1 });
    },
  );

  it.each(['Mon, 23 Nov 2026 12:00:30 GMT', 'Monday, 23-Nov-26 12:00:30 GMT', 'Mon Nov 23 12:00:30 2026'])(
    'reads the HTTP date %j as GMT in any time zone',
    (header) => {
      expect(parse(header)).toEqual({ delayMs: 30_000, invalid: 0 });
    },
  );

  it('reads the one-digit day of an asctime date', () => {
    expect(parseHttpDate('Sun Nov  1 08:49:37 2026', NOW)).toBe(Date.UTC(2026, 10, 1, 8, 49, 37));
  });

  it("counts from the server's own Date, so that skewed clocks do not matter", () => {
    expect(parse('Mon, 23 Nov 2026 13:00:20 GMT', 'Mon, 23 Nov 2026 13:00:00 GMT').delayMs).toBe(20_000);
  });

  it('waits a second for a date in the past', () => {
    expect(parse('Mon, 23 Nov 2020 12:00:00 GMT').delayMs).toBe(1000);
  });

  it('takes a two-digit year that is more than 50 years ahead for the past century', () => {
    expect(parseHttpDate('Sunday, 06-Nov-94 08:49:37 GMT', NOW)).toBe(Date.UTC(1994, 10, 6, 8, 49, 37));
  });

  it('takes the longest of several values and counts the bad ones', () => {
    expect(parse('5, Mon, 23 Nov 2026 12:01:00 GMT, soon')).toEqual({ delayMs: 60_000, invalid: 1 });
    expect(parse(['5', '120', '-1'])).toEqual({ delayMs: 120_000, invalid: 1 });
  });

  it('refuses a day that the month does not have', () => {
    expect(parseHttpDate('Tue, 31 Feb 2026 00:00:00 GMT', NOW)).toBeNull();
  });

  it('never asks for less than a second nor throws, whatever the header says', () => {
    fc.assert(
      fc.property(fc.string(), (header) => {
        const { delayMs } = parse(header);
        expect(delayMs === null || delayMs >= 1000).toBe(true);
      }),
    );
  });
});
