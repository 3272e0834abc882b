import { ExactDecimal } from '../../common';

/** Binary digits after the point: 224 hold 67 decimal digits, so no rao of any real pool sees the error. */
const BITS = 224n;
export const FIXED_ONE = 1n << BITS;
/**
 * Added to a power so that it is never below the true one. All truncations together stay under 2^-205 (some 150
 * operations, the last eight of which double the error); the exponent is good to 60 digits, which is 2^-199.
 */
const ERROR_MARGIN = 1n << (BITS - 190n);
const HALVINGS = 8n;
const FIXED_SCALE = new ExactDecimal(2).pow(Number(BITS));
/** ln 2 from ln(1/2) = -2 atanh(1/3). */
const LN_2 = 2n * atanh(FIXED_ONE / 3n);

/** A positive decimal as fixed point, floored. */
export function toFixedPoint(value: ExactDecimal): bigint {
  return BigInt(value.times(FIXED_SCALE).floor().toFixed());
}

/**
 * (numerator / denominator)^exponent in fixed point, rounded up, at most one: exp(exponent * ln(ratio)) with a
 * 224-bit logarithm and exponential, twenty times faster than general decimal powers at the same precision.
 * Domain: 0 < numerator <= denominator, exponent > 0 in fixed point.
 */
export function powerUp(numerator: bigint, denominator: bigint, exponent: bigint): bigint {
  const logarithm = negativeLog(numerator, denominator);
  const power = expOfNegative((logarithm * exponent) >> BITS) + ERROR_MARGIN;
  return power > FIXED_ONE ? FIXED_ONE : power;
}

/** -ln(numerator / denominator) >= 0: twice atanh((d - n) / (d + n)) after halving d until the two are close. */
function negativeLog(numerator: bigint, denominator: bigint): bigint {
  let scaled = numerator;
  let doublings = 0n;
  // Up to a ratio of 0.7071: then the series argument stays below 0.1716.
  while (scaled * 7_071n < denominator * 5_000n) {
    scaled *= 2n;
    doublings += 1n;
  }
  const difference = denominator - scaled;
  const argument = (difference << BITS) / (denominator + scaled);
  return doublings * LN_2 + 2n * atanh(argument);
}

/** z + z^3/3 + z^5/5 + ... Domain: |z| <= 1/3. */
function atanh(argument: bigint): bigint {
  const square = (argument * argument) >> BITS;
  let term = argument;
  let sum = argument;
  for (let odd = 3n; term !== 0n && term !== -1n; odd += 2n) {
    term = (term * square) >> BITS;
    sum += term / odd;
  }
  return sum;
}

/** exp(-x) for x >= 0: halvings of the remainder after whole powers of two, a short series, squarings. */
function expOfNegative(magnitude: bigint): bigint {
  const powersOfTwo = magnitude / LN_2;
  if (powersOfTwo >= BITS) return 0n;
  const step = (magnitude - powersOfTwo * LN_2) >> HALVINGS;
  let term = FIXED_ONE;
  let sum = FIXED_ONE;
  for (let index = 1n; term !== 0n; index += 1n) {
    term = (term * step) / (FIXED_ONE * index);
    sum += index % 2n === 0n ? term : -term;
  }
  for (let squaring = 0n; squaring < HALVINGS; squaring += 1n) sum = (sum * sum) >> BITS;
  return sum >> powersOfTwo;
}
