import { ExactDecimal } from './decimal';
import { formatTokens, parseRao } from './rao';

const RAO_PER_TOKEN = new ExactDecimal(1_000_000_000);

/**
 * Stored rao as whole tokens: `"1500000000"` is `"1.500000000"`. Some figures of TaoStats are fractions of a rao; they
 * keep all their digits. Null stays null.
 */
export function tokensOf(rao: string): string;
export function tokensOf(rao: string | null): string | null;
export function tokensOf(rao: string | null): string | null {
  if (rao === null) return null;
  const whole = parseRao(rao);
  return whole === null ? new ExactDecimal(rao).div(RAO_PER_TOKEN).toFixed() : formatTokens(whole);
}
