import { lookup, type LookupAddress } from 'node:dns';
import type { LookupFunction } from 'node:net';
import { refusalOf, type TargetPolicy, TARGET_RULES, type TargetRule } from './target-rules';

export type Resolve = (
  name: string,
  options: { all: true; family?: number | 'IPv4' | 'IPv6' },
  callback: (error: NodeJS.ErrnoException | null, addresses: LookupAddress[]) => void,
) => void;

/** The target is not spoken to; nothing was sent. */
export class TargetRefusedError extends Error {
  static readonly code = 'ERR_TARGET_REFUSED';
  readonly code = TargetRefusedError.code;

  constructor(readonly rule: TargetRule) {
    super(TARGET_RULES[rule]);
    this.name = 'TargetRefusedError';
  }
}

/**
 * A look-up for sockets that speak for `url`. What the name resolves to is judged in the very look-up whose addresses the
 * socket is given: a name cannot point elsewhere in between. Gives `TargetRefusedError` when any address is refused.
 * Addresses that stand in the URL itself are never looked up: judge them with `literalAddress` and `refusalOf`.
 */
export function judgedLookup(url: URL, policy: TargetPolicy, resolve: Resolve = lookup): LookupFunction {
  return (name, { family, all }, callback) => {
    resolve(name, { all: true, ...(family === undefined ? {} : { family }) }, (error, addresses) => {
      const rule = addresses?.map(({ address }) => refusalOf(url, address, policy)).find((found) => found !== null);
      const [first] = addresses ?? [];
      const failure = error ?? (rule == null ? null : new TargetRefusedError(rule));
      if (failure !== null || first === undefined) {
        callback(failure ?? Object.assign(new Error('the name has no address'), { code: 'ENOTFOUND' }), '');
      } else if (all === true) {
        callback(null, addresses);
      } else {
        callback(null, first.address, first.family);
      }
    });
  };
}
