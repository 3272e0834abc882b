import { ExactDecimal } from './decimal';
import { formatTokens, parseRao } from './rao';

/** At least one token, and no more digits than `ExactDecimal` keeps: moving the point gives what dividing would, many times faster. */
const LARGE = /^[1-9]\d{9,29}(?:\.\d{1,28})?$/;
const RAO_PER_TOKEN = new ExactDecimal(1_000_000_000);

/**
 * Stored rao as whole tokens: `"1500000000"` is `"1.500000000"`. Some figures of TaoStats are fractions of a rao; they
 * keep all their digits. Null stays null.
 */
export function tokensOf(rao: string): string;
export function tokensOf(rao: string | null): string | null;
export function tokensOf(rao: string | null): string | null {
  if (rao === null) return null;
  if (LARGE.test(rao)) return withPointMoved(rao);
  const whole = parseRao(rao);
  return whole === null ? new ExactDecimal(rao).div(RAO_PER_TOKEN).toFixed() : formatTokens(whole);
}

function withPointMoved(rao: string): string {
  const [whole = '', fraction] = rao.split('.');
  const tokens = `${whole.slice(0, -9)}.${whole.slice(-9)}`;
  return fraction === undefined ? tokens : `${tokens}${fraction}`.replace(/\.?0+$/, '');
}
