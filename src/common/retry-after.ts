const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];
const DELAY_SECONDS = /^\d{1,9}$/;
const HUGE_DELAY = /^\d{10,}$/;
const TIME = '(\\d\\d):(\\d\\d):(\\d\\d)';
const IMF_FIXDATE = new RegExp(`^(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun), (\\d\\d) ([A-Z][a-z]{2}) (\\d{4}) ${TIME} GMT$`);
const RFC850 = new RegExp(
  `^(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day, (\\d\\d)-([A-Z][a-z]{2})-(\\d\\d) ${TIME} GMT$`,
);
const ASCTIME = new RegExp(`^(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun) ([A-Z][a-z]{2}) ([ \\d]\\d) ${TIME} (\\d{4})$`);
// A date holds one comma of its own, after the weekday; every other comma separates values.
const SEPARATOR = /(?<!\b(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun|Monday|Tuesday|Wednesday|Thursday|Friday|Saturday|Sunday)),/;
/** Past dates and zero: never a loop without a wait. */
const FLOOR_MS = 1000;
const BEYOND_ANY_CLAMP_SECONDS = 999_999_999;

export interface RetryAfter {
  /** The largest valid wait; null when no value was valid or none was sent. */
  delayMs: number | null;
  /** Values that are neither delay-seconds nor a date (RFC 9110 §10.2.3): `-5`, `2.5`, `1e3`, an empty text. */
  invalid: number;
}

export interface ServerTime {
  /** The answer's own `Date` header: makes a date immune to skew between the two clocks. */
  dateHeader?: string | undefined;
  nowMs: number;
}

/** Reads `Retry-After`; several values or headers count as one list, of which the longest valid wait is taken. */
export function parseRetryAfter(header: string | readonly string[] | undefined, time: ServerTime): RetryAfter {
  if (header === undefined) return { delayMs: null, invalid: 0 };
  const lines = typeof header === 'string' ? [header] : header;
  const delays = lines.flatMap((line) => line.split(SEPARATOR)).map((text) => delayOf(text.trim(), time));
  const valid = delays.filter((delay) => delay !== null);
  return { delayMs: valid.length === 0 ? null : Math.max(...valid), invalid: delays.length - valid.length };
}

function delayOf(text: string, { dateHeader, nowMs }: ServerTime): number | null {
  if (DELAY_SECONDS.test(text)) return Math.max(Number(text) * 1000, FLOOR_MS);
  // Longer than any clamp of ours; the digits themselves do not matter.
  if (HUGE_DELAY.test(text)) return BEYOND_ANY_CLAMP_SECONDS * 1000;
  const dateMs = parseHttpDate(text, nowMs);
  if (dateMs === null) return null;
  const serverNowMs = dateHeader === undefined ? nowMs : (parseHttpDate(dateHeader.trim(), nowMs) ?? nowMs);
  return Math.max(dateMs - serverNowMs, FLOOR_MS);
}

/**
 * One of the three HTTP dates (RFC 9110 §5.6.7) in Unix milliseconds, or null. `Date.parse` is no substitute: it reads
 * asctime as local time and turns `-5` into a year.
 */
export function parseHttpDate(text: string, nowMs: number): number | null {
  const fixdate = IMF_FIXDATE.exec(text);
  if (fixdate) {
    const [, day, month, year, ...time] = fixdate;
    return instant(Number(year), month, day, time);
  }
  const obsolete = RFC850.exec(text);
  if (obsolete) {
    const [, day, month, year, ...time] = obsolete;
    return instant(fullYear(Number(year), nowMs), month, day, time);
  }
  const asctime = ASCTIME.exec(text);
  if (asctime) {
    const [, month, day, hour, minute, second, year] = asctime;
    return instant(Number(year), month, day, [hour, minute, second]);
  }
  return null;
}

/** A two-digit year more than 50 years ahead is the past one (RFC 9110 §5.6.7). */
function fullYear(twoDigits: number, nowMs: number): number {
  const thisYear = new Date(nowMs).getUTCFullYear();
  const year = thisYear - (thisYear % 100) + twoDigits;
  return year > thisYear + 50 ? year - 100 : year;
}

function instant(year: number, month = '', day = '', time: readonly (string | undefined)[] = []): number | null {
  const [hour = NaN, minute = NaN, second = NaN] = time.map(Number);
  const monthIndex = MONTHS.indexOf(month);
  if (monthIndex < 0 || hour > 23 || minute > 59 || second > 60) return null;
  const date = new Date(Date.UTC(year, monthIndex, Number(day), hour, minute, second));
  // 31 Feb rolls over into March.
  return date.getUTCMonth() === monthIndex || second === 60 ? date.getTime() : null;
}
