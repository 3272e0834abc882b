const DECIMALS = 9;

/** Decimal TAO as rao. Exact; digits below a rao are cut. */
export function raoOf(tao: string): bigint {
  const [, sign = '', whole = '0', fraction = ''] = /^(-?)(\d+)(?:\.(\d+))?$/.exec(tao) ?? [];
  const rao = BigInt(whole + fraction.slice(0, DECIMALS).padEnd(DECIMALS, '0'));
  return sign === '' ? rao : -rao;
}

/** Rao as decimal TAO, with all nine decimals. */
export function taoOf(rao: bigint): string {
  const digits = String(rao < 0n ? -rao : rao).padStart(DECIMALS + 1, '0');
  return `${rao < 0n ? '-' : ''}${digits.slice(0, -DECIMALS)}.${digits.slice(-DECIMALS)}`;
}

/** The exact sum of decimal TAO. */
export function sumTao(amounts: readonly string[]): string {
  return taoOf(amounts.reduce((sum, amount) => sum + raoOf(amount), 0n));
}
