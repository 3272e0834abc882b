import { NONE } from '../format/figure';

/** A decimal fraction as percent with one decimal, cut: `0.0098` to `0.9 %`. Shown only; nothing is computed from it. */
export function percentOf(fraction: string | null): string {
  return fraction === null ? NONE : `${Math.trunc(Number(fraction) * 1000) / 10} %`;
}

/** A decimal text as the place of a pixel, which may be a double: nothing is computed from it. Null stays a gap. */
export function pixelOf(value: string | null, factor = 1): number | null {
  return value === null ? null : Number(value) * factor;
}
