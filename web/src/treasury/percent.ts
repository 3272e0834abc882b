import { NONE } from '../format/figure';

/** A decimal fraction as percent with one decimal, cut: `0.0098` to `0.9 %`. Shown only; nothing is computed from it. */
export function percentOf(fraction: string | null): string {
  return fraction === null ? NONE : `${Math.trunc(Number(fraction) * 1000) / 10} %`;
}
