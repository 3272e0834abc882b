import { ExactDecimal } from '../common';

const FACTOR = 10;

/** True when a price became ten times as high, or a tenth, or less. Prices of 0 are compared with nothing. */
export function isJump(before: string, after: string): boolean {
  const [old, fresh] = [new ExactDecimal(before), new ExactDecimal(after)];
  if (old.isZero() || fresh.isZero()) return false;
  return fresh.gte(old.mul(FACTOR)) || fresh.mul(FACTOR).lte(old);
}
