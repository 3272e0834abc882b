/** No figure: never shown as zero. */
export const NONE = '–';

const WHOLE = new Intl.NumberFormat('en-GB');

export function countText(count: number | null): string {
  return count === null ? NONE : WHOLE.format(count);
}

/** A rate of 0 to 1 as `12.3 %`; `< 0.1 %` where one decimal would read as none. */
export function rateText(rate: number | null): string {
  if (rate === null) return NONE;
  if (rate > 0 && rate < 0.001) return '< 0.1 %';
  return `${Math.round(rate * 1000) / 10} %`;
}

/** `+3`, `−2`, `0`; a true minus sign, so that columns align. */
export function signedText(change: number): string {
  return change > 0 ? `+${WHOLE.format(change)}` : change < 0 ? `−${WHOLE.format(-change)}` : '0';
}

/**
 * A decimal text cut to `decimals` places and grouped: `12345.6789` to `12,345.67`. Digits are cut, never rounded up, and
 * never pass through a double.
 */
export function decimalText(value: string | null, decimals: number): string {
  if (value === null) return NONE;
  const [, sign = '', whole = '0', fraction = ''] = /^(-?)(\d+)(?:\.(\d+))?$/.exec(value) ?? [];
  const grouped = whole.replace(/\B(?=(\d{3})+$)/g, ',');
  const cut = fraction.slice(0, decimals).padEnd(decimals, '0');
  return `${sign === '' ? '' : '−'}${grouped}${decimals === 0 ? '' : `.${cut}`}`;
}

/** Orders decimal texts by value without loss; null comes first. */
export function compareDecimals(a: string | null, b: string | null): number {
  if (a === null || b === null) return Number(a !== null) - Number(b !== null);
  const negative = a.startsWith('-');
  if (negative !== b.startsWith('-')) return negative ? -1 : 1;
  const order = compareMagnitudes(a.replace('-', ''), b.replace('-', ''));
  return negative ? 0 - order : order;
}

function compareMagnitudes(a: string, b: string): number {
  const [aWhole = '', aFraction = ''] = a.split('.');
  const [bWhole = '', bFraction = ''] = b.split('.');
  const width = Math.max(aWhole.length, bWhole.length);
  const left = aWhole.padStart(width, '0') + aFraction;
  const right = bWhole.padStart(width, '0') + bFraction;
  const length = Math.max(left.length, right.length);
  const [x, y] = [left.padEnd(length, '0'), right.padEnd(length, '0')];
  return x < y ? -1 : Number(x > y);
}

/** `tao_price` reads `TAO price`; the words of the field keep their capitals. */
export function nameText(dataset: string): string {
  const words = dataset.split('_').map((word) => (word === 'tao' ? 'TAO' : word));
  const text = words.join(' ');
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** Every address in a text as `5FoVZJ…72Mmej`: enough to tell them apart. */
export function shortAddresses(text: string): string {
  return text.replace(/\b5[1-9A-HJ-NP-Za-km-z]{47}\b/g, (address) => `${address.slice(0, 6)}…${address.slice(-6)}`);
}
