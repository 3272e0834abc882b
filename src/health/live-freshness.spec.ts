import type { SuccessSpan } from '../database';
import { freshnessBands } from './live-freshness';

const at = (minutes: number): Date => new Date(Date.UTC(2026, 0, 1) + minutes * 60_000);
const WINDOW = { from: at(0), to: at(100), warningSeconds: 15 * 60, criticalSeconds: 60 * 60 };

/** A success seen from `from` to `to` whose figures are of `asOf`, all in minutes. */
function span(from: number, to: number | null, asOf = from): SuccessSpan {
  return { dataset: 'pools', from: at(from), to: to === null ? null : at(to), asOf: at(asOf) };
}

function bandsOf(...spans: SuccessSpan[]): [number, number, string][] {
  const minutes = (date: Date): number => (date.getTime() - at(0).getTime()) / 60_000;
  return freshnessBands(spans, WINDOW).map((band) => [minutes(band.from), minutes(band.to), band.level]);
}

describe('the freshness of the last hours', () => {
  it('is unknown without a success', () => {
    expect(bandsOf()).toEqual([[0, 100, 'unknown']]);
  });

  it('begins with the first success', () => {
    expect(bandsOf(span(40, 45))).toEqual([
      [0, 40, 'unknown'],
      [40, 100, 'fresh'],
    ]);
  });

  it('ages through both limits until the next success', () => {
    expect(bandsOf(span(-5, 0), span(10, 90))).toEqual([
      [0, 25, 'fresh'],
      [25, 70, 'warning'],
      [70, 90, 'critical'],
      [90, 100, 'fresh'],
    ]);
  });

  it('ages to the end while no further success has come', () => {
    expect(bandsOf(span(-5, 0), span(80, null))).toEqual([
      [0, 95, 'fresh'],
      [95, 100, 'warning'],
    ]);
  });

  it('counts from the age of the figures, not from their arrival', () => {
    expect(bandsOf(span(10, 30, -20))).toEqual([
      [0, 10, 'unknown'],
      [10, 30, 'warning'],
      [30, 100, 'fresh'],
    ]);
  });

  it('is cut at the window when the last success lies before it', () => {
    expect(bandsOf(span(-120, null))).toEqual([[0, 100, 'critical']]);
  });
});
