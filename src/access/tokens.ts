import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import type { Caller, Scope } from '../common';

/** Secret scanners find a leaked token by this. */
export const TOKEN_PREFIX = 'tk_live_';
const TOKEN_BYTES = 32;

interface StoredToken extends Caller {
  digest: Buffer;
}

/** The tokens that are valid now. Holds SHA-256 digests only; two live tokens of one caller are what a rotation needs. */
export class TokenSet {
  private readonly tokens: readonly StoredToken[];

  /** `entries` as AUTH_TOKENS has them: `scope:sha256hex[:label]`, already checked. */
  constructor(entries: readonly string[]) {
    this.tokens = entries.map((entry) => {
      const [scope, hex = '', label = hex.slice(0, 8)] = entry.split(':');
      return { scope: scope as Scope, label, digest: Buffer.from(hex, 'hex') };
    });
  }

  get isEmpty(): boolean {
    return this.tokens.length === 0;
  }

  /** Who shows `token`, or null. Looks at every entry whatever it finds, so that time tells nothing about any of them. */
  find(token: string): Caller | null {
    const digest = sha256(token);
    let found: StoredToken | null = null;
    for (const entry of this.tokens) {
      if (timingSafeEqual(entry.digest, digest)) found = entry;
    }
    return found === null ? null : { label: found.label, scope: found.scope };
  }
}

/**
 * The token in an Authorization header: `Bearer <token>`, or `Basic` with the token as password, which is what a browser
 * can ask its user for. Null when there is none in either form.
 */
export function presentedToken(header: string | undefined): string | null {
  const [, scheme = '', credentials = ''] = /^(Bearer|Basic) +(\S+)$/i.exec(header ?? '') ?? [];
  if (scheme.toLowerCase() === 'bearer') return credentials;
  if (scheme.toLowerCase() !== 'basic') return null;
  const pair = Buffer.from(credentials, 'base64').toString('utf8');
  const colon = pair.indexOf(':');
  return colon < 0 ? null : pair.slice(colon + 1);
}

/** A new token of 256 random bits, and its entry for AUTH_TOKENS. The token itself is stored nowhere. */
export function makeToken(scope: Scope, label?: string): { token: string; entry: string } {
  const token = TOKEN_PREFIX + randomBytes(TOKEN_BYTES).toString('base64url');
  const entry = [scope, sha256(token).toString('hex'), ...(label === undefined ? [] : [label])].join(':');
  return { token, entry };
}

function sha256(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
