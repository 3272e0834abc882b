import { createHash } from 'node:crypto';

export interface CacheKeyParts {
  method: string;
  /** Path without a query. */
  path: string;
  /** Undefined and null are left out; 0, false and "" are values like any other. */
  params?: Readonly<Record<string, string | number | boolean | null | undefined>>;
  /** Whose answer it is, for example a digest of the key that asked; never the key itself. */
  scope?: string;
}

/** Our keys in a Redis that others may share. */
const PREFIX = 'tao-treasury';
const MAX_QUERY_LENGTH = 200;

/**
 * One spelling per question: parameters sorted and escaped, so that order never matters and no value can pose as
 * another parameter. A long query is replaced by its digest.
 */
export function cacheKey({ method, path, params = {}, scope = 'any' }: CacheKeyParts): string {
  const query = Object.entries(params)
    .flatMap(([name, value]) => (value === undefined || value === null ? [] : [[name, String(value)] as const]))
    .sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0))
    .map(([name, value]) => `${encodeURIComponent(name)}=${encodeURIComponent(value)}`)
    .join('&');
  const question = query.length > MAX_QUERY_LENGTH ? createHash('sha256').update(query).digest('hex') : query;
  return `${PREFIX}:${encodeURIComponent(scope)}:${method.toUpperCase()}:${path}?${question}`;
}
