import { ExactDecimal } from '../common';

export const ONE = new ExactDecimal(1);
export const ZERO = new ExactDecimal(0);

/** An on-chain integer as a decimal; exact, because 60 digits hold any u128. */
export function exact(rao: bigint): ExactDecimal {
  return new ExactDecimal(rao.toString());
}

/** Whole rao at or below `amount` (toward minus infinity): the side on which a pool and a ledger never overstate. */
export function floorRao(amount: ExactDecimal): bigint {
  return BigInt(amount.floor().toFixed());
}

/** Whole rao at or above `amount`. */
export function ceilRao(amount: ExactDecimal): bigint {
  return BigInt(amount.ceil().toFixed());
}

/** Nearest whole rao, halves away from zero. */
export function roundRao(amount: ExactDecimal): bigint {
  return BigInt(amount.toDecimalPlaces(0, ExactDecimal.ROUND_HALF_UP).toFixed());
}

/** Integer quotient rounded up; both operands are non-negative and the divisor is not zero. */
export function ceilDiv(dividend: bigint, divisor: bigint): bigint {
  return (dividend + divisor - 1n) / divisor;
}

/** Decimal text with at most `places` decimals, cut, never an exponent: how every ratio and price leaves this module. */
export function ratioText(ratio: ExactDecimal, places = 18): string {
  return ratio.toDecimalPlaces(places, ExactDecimal.ROUND_DOWN).toFixed();
}

/** `part / whole` as decimal text, null where there is nothing to divide by. */
export function shareText(part: bigint, whole: bigint, places = 18): string | null {
  return whole === 0n ? null : ratioText(exact(part).div(exact(whole)), places);
}

/**
 * Splits `total` over `weights` in whole rao so that the parts add up to `total` exactly (largest remainder; equal
 * remainders go to the earlier part). Without any weight everything falls to the first part. Domain: weights >= 0.
 */
export function splitRao(total: bigint, weights: readonly bigint[]): bigint[] {
  const sum = weights.reduce((left, right) => left + right, 0n);
  if (sum === 0n) return weights.map((_, index) => (index === 0 ? total : 0n));
  const magnitude = total < 0n ? -total : total;
  const parts = weights.map((weight) => (magnitude * weight) / sum);
  const missing = Number(magnitude - parts.reduce((left, right) => left + right, 0n));
  const byRemainder = weights
    .map((weight, index) => ({ index, remainder: (magnitude * weight) % sum }))
    .sort((a, b) => (a.remainder === b.remainder ? a.index - b.index : a.remainder > b.remainder ? -1 : 1));
  for (const { index } of byRemainder.slice(0, missing)) parts[index] = (parts[index] ?? 0n) + 1n;
  return parts.map((part) => (total < 0n ? -part : part));
}
