import type { SuccessSpan } from '../database';

export type BandLevel = 'fresh' | 'warning' | 'critical' | 'unknown';

/** A stretch of time in which a dataset had one level. */
export interface FreshnessBand {
  from: Date;
  to: Date;
  level: BandLevel;
}

interface BandWindow {
  from: Date;
  to: Date;
  warningSeconds: number;
  criticalSeconds: number;
}

/**
 * How fresh one dataset was from `window.from` to `window.to`, without gaps. Before its first known success it is unknown;
 * after a span of `spans` each stretch is as old as the span says; between spans one success followed the other in time.
 */
export function freshnessBands(spans: readonly SuccessSpan[], window: BandWindow): FreshnessBand[] {
  const { from, to } = window;
  const [first] = spans;
  if (first === undefined) return [{ from, to, level: 'unknown' }];
  const marks: { at: Date; level: BandLevel }[] = [{ at: first.from, level: 'fresh' }];
  for (const span of spans) {
    const end = span.to ?? to;
    marks.push({ at: span.from, level: 'fresh' });
    const warningAt = later(span.from, secondsAfter(span.asOf, window.warningSeconds));
    const criticalAt = later(span.from, secondsAfter(span.asOf, window.criticalSeconds));
    if (warningAt < end) marks.push({ at: warningAt, level: 'warning' });
    if (criticalAt < end) marks.push({ at: criticalAt, level: 'critical' });
    if (span.to !== null) marks.push({ at: span.to, level: 'fresh' });
  }
  return cut(marks, window);
}

function cut(marks: readonly { at: Date; level: BandLevel }[], { from, to }: BandWindow): FreshnessBand[] {
  const bands: FreshnessBand[] = [];
  const add = (begin: Date, end: Date, level: BandLevel): void => {
    const last = bands.at(-1);
    if (begin >= end) return;
    if (last?.level === level) last.to = end;
    else bands.push({ from: begin, to: end, level });
  };
  const [first] = marks;
  if (first !== undefined) add(from, earlier(first.at, to), 'unknown');
  for (const [index, mark] of marks.entries()) {
    add(later(mark.at, from), earlier(marks[index + 1]?.at ?? to, to), mark.level);
  }
  return bands;
}

function secondsAfter(moment: Date, seconds: number): Date {
  return new Date(moment.getTime() + seconds * 1000);
}

function later(a: Date, b: Date): Date {
  return a > b ? a : b;
}

function earlier(a: Date, b: Date): Date {
  return a < b ? a : b;
}
