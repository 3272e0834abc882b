import { type ApiCounts, type CacheCounts, sumApiCounts, sumCacheCounts, type Totals } from '../metrics';

/** Fewer calls than this say nothing: one failure of three is not a rate. */
export const MIN_CALLS = 10;

/** `part / whole`; null when there is no whole, because no calls is not a rate of zero. */
export function ratio(part: number, whole: number): number | null {
  return whole === 0 ? null : part / whole;
}

export interface JudgedWindow<T> {
  window: 'last_15_minutes' | 'last_hour';
  counts: T;
}

interface Windows {
  last15Minutes: Totals;
  lastHour: Totals;
}

/** The shortest window with enough calls to the upstream; null when neither has. */
export function judgedApiWindow(windows: Windows): JudgedWindow<ApiCounts> | null {
  return judged(
    windows,
    (totals) => sumApiCounts(totals.api),
    (counts) => counts.calls,
  );
}

/** The shortest window with enough cache reads; null when neither has. */
export function judgedCacheWindow(windows: Windows): JudgedWindow<CacheCounts> | null {
  return judged(
    windows,
    (totals) => sumCacheCounts(totals.cache),
    (counts) => counts.hits + counts.misses,
  );
}

function judged<T>(windows: Windows, sum: (totals: Totals) => T, size: (counts: T) => number): JudgedWindow<T> | null {
  const short = sum(windows.last15Minutes);
  if (size(short) >= MIN_CALLS) return { window: 'last_15_minutes', counts: short };
  const long = sum(windows.lastHour);
  return size(long) >= MIN_CALLS ? { window: 'last_hour', counts: long } : null;
}
