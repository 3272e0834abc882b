import { createHash } from 'node:crypto';

/** A strong entity tag of everything that an answer depends on. Parts are kept apart: `ab, c` is not `a, bc`. */
export function strongEtag(...parts: readonly unknown[]): string {
  return `"${createHash('sha256').update(JSON.stringify(parts)).digest('base64url')}"`;
}

/** True when an `If-None-Match` header names `etag`. Weak tags match too (RFC 9110 13.1.2), as proxies weaken ours. */
export function matchesEtag(ifNoneMatch: string | undefined, etag: string): boolean {
  if (ifNoneMatch === undefined) return false;
  return ifNoneMatch.split(',').some((entry) => {
    const known = entry.trim();
    return known === '*' || known.replace(/^W\//, '') === etag;
  });
}
