/** 1 TAO = 1 alpha = 1e9 of their smallest unit, the rao. */
export const RAO_PER_TAO = 1_000_000_000n;

const WHOLE = /^-?\d{1,30}$/;
const TOKENS = /^(-?)(\d{1,21})(?:\.(\d{1,9}))?$/;

/** Integer rao text (`"-21"`, `"10340832000000000"`) as bigint; null when it is anything else. */
export function parseRao(text: string): bigint | null {
  return WHOLE.test(text) ? BigInt(text) : null;
}

/** Whole tokens with at most nine decimals (`"1.5"`) as rao; null when the text is anything else or finer than a rao. */
export function parseTokens(text: string): bigint | null {
  const match = TOKENS.exec(text);
  if (!match) return null;
  const [, sign, whole = '0', fraction = ''] = match;
  const rao = BigInt(whole) * RAO_PER_TAO + BigInt(fraction.padEnd(9, '0'));
  return sign ? -rao : rao;
}

/** Rao as whole tokens, always nine decimals and never an exponent: `1500000000n` is `"1.500000000"`. */
export function formatTokens(rao: bigint): string {
  const magnitude = rao < 0n ? -rao : rao;
  const whole = magnitude / RAO_PER_TAO;
  const fraction = (magnitude % RAO_PER_TAO).toString().padStart(9, '0');
  return `${rao < 0n ? '-' : ''}${whole}.${fraction}`;
}
