/** Fixed-point scale of every price in the model: 28 decimals, the most that upstream was seen to print. */
export const PRICE_SCALE = 10n ** 28n;

/** floor(numerator / denominator) as decimal text with at most `decimals` digits after the point, trailing zeros cut. */
export function ratioText(numerator: bigint, denominator: bigint, decimals: number): string {
  const negative = numerator < 0n !== denominator < 0n && numerator !== 0n;
  const scale = 10n ** BigInt(decimals);
  const scaled = (abs(numerator) * scale) / abs(denominator);
  const text = `${scaled / scale}${fraction(scaled % scale, decimals)}`;
  return negative && scaled !== 0n ? `-${text}` : text;
}

/** A price of the model as upstream prints it. */
export function priceText(price: bigint, decimals: number): string {
  return ratioText(price, PRICE_SCALE, decimals);
}

/** Reads plain decimal text into the model's fixed point; further digits are cut. */
export function parsePrice(text: string): bigint {
  const [whole = '0', part = ''] = text.split('.');
  return BigInt(whole) * PRICE_SCALE + BigInt(part.slice(0, 28).padEnd(28, '0'));
}

/** Change from `before` to `after` in percent, 18 decimals. */
export function percentText(before: bigint, after: bigint): string {
  return before === 0n ? '0' : ratioText((after - before) * 100n, before, 18);
}

/** floor(amount x price). */
export function valueAt(amount: bigint, price: bigint): bigint {
  return (amount * price) / PRICE_SCALE;
}

export function floorSqrt(value: bigint): bigint {
  if (value < 2n) return value;
  let guess = BigInt(Math.floor(Math.sqrt(Number(value)))) + 1n;
  for (let next = (guess + value / guess) / 2n; next < guess; next = (guess + value / guess) / 2n) guess = next;
  return guess;
}

/** A float of the model as a whole number of rao. */
export function rao(tokens: number): bigint {
  return BigInt(Math.round(tokens * 1e9));
}

function abs(value: bigint): bigint {
  return value < 0n ? -value : value;
}

function fraction(digits: bigint, decimals: number): string {
  const text = digits.toString().padStart(decimals, '0').replace(/0+$/, '');
  return decimals === 0 || text === '' ? '' : `.${text}`;
}
