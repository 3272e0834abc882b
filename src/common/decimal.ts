import { Decimal } from 'decimal.js';

/** Wide enough for 28-decimal prices times u64 amounts without rounding in any intermediate step that we take. */
export const ExactDecimal = Decimal.clone({
  precision: 60,
  rounding: Decimal.ROUND_DOWN,
  toExpNeg: -100,
  toExpPos: 100,
});
export type ExactDecimal = InstanceType<typeof ExactDecimal>;

const DECIMAL = /^-?\d+(?:\.\d+)?$/;
const EXPONENT = /^-?\d+(?:\.\d+)?[eE][+-]?\d{1,3}$/;

/**
 * Decimal text in one spelling: no exponent, no leading `+`, every digit kept (`"1.50"` stays `"1.50"`).
 * Null for anything that is not a finite decimal number of at most 100 characters.
 */
export function normalizeDecimal(text: string): string | null {
  if (text.length > 100) return null;
  if (DECIMAL.test(text)) return text;
  return EXPONENT.test(text) ? new Decimal(text).toFixed() : null;
}
