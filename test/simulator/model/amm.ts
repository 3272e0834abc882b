import { Decimal } from 'decimal.js';
import { PRICE_SCALE } from '../numbers';

export const WEIGHT_SCALE = 10n ** 18n;
const HALF = WEIGHT_SCALE / 2n;
const ExactDecimal = Decimal.clone({ precision: 60, toExpPos: 100 });
/** Fees are parts of 65535. */
const FEE_DENOMINATOR = 65_535n;

/** A pool of TAO against one subnet's alpha, amounts in rao, TAO weight with 18 decimals. */
export interface Reserves {
  tao: bigint;
  alpha: bigint;
  quoteWeight: bigint;
}

export interface Swap {
  /** Received, in rao of the other token. */
  out: bigint;
  /** In rao of the token that was paid in. */
  fee: bigint;
  /** The pool afterwards. */
  after: Reserves;
}

/** TAO per alpha with 28 decimals: (alpha weight x TAO) / (TAO weight x alpha). */
export function spotPrice(pool: Reserves): bigint {
  if (pool.alpha === 0n) return 0n;
  return ((WEIGHT_SCALE - pool.quoteWeight) * pool.tao * PRICE_SCALE) / (pool.quoteWeight * pool.alpha);
}

export function feeOf(amount: bigint, feeParts: number): bigint {
  return (amount * BigInt(feeParts)) / FEE_DENOMINATOR;
}

/** Stakes `taoIn` gross; the fee leaves the pool in TAO. */
export function buyAlpha(pool: Reserves, taoIn: bigint, feeParts: number): Swap {
  const fee = feeOf(taoIn, feeParts);
  const net = taoIn - fee;
  const out = outputOf({ base: pool.tao, added: net, against: pool.alpha, weight: pool.quoteWeight });
  return { out, fee, after: { ...pool, tao: pool.tao + net, alpha: pool.alpha - out } };
}

/** Unstakes `alphaIn` gross; the fee's alpha is sold into the same pool right afterwards, free of fee. */
export function sellAlpha(pool: Reserves, alphaIn: bigint, feeParts: number): Swap {
  const fee = feeOf(alphaIn, feeParts);
  const weight = WEIGHT_SCALE - pool.quoteWeight;
  const out = outputOf({ base: pool.alpha, added: alphaIn - fee, against: pool.tao, weight });
  const between = { ...pool, tao: pool.tao - out, alpha: pool.alpha + alphaIn - fee };
  const author = outputOf({ base: between.alpha, added: fee, against: between.tao, weight });
  return { out, fee, after: { ...between, tao: between.tao - author, alpha: between.alpha + fee } };
}

/** floor(against x (1 - (base / (base + added))^(weight / (1 - weight)))), exact integers at equal weights. */
function outputOf(side: { base: bigint; added: bigint; against: bigint; weight: bigint }): bigint {
  const { base, added, against, weight } = side;
  if (weight === HALF) return (against * added) / (base + added);
  const exponent = new ExactDecimal(weight.toString()).div((WEIGHT_SCALE - weight).toString());
  const kept = new ExactDecimal(base.toString()).div((base + added).toString()).pow(exponent);
  return BigInt(new ExactDecimal(against.toString()).mul(new ExactDecimal(1).minus(kept)).floor().toFixed());
}
