import type { Scope } from '../common';

/** What kubelet and monitors ask, and the static page: they show no figure and must answer without credentials. */
const OPEN = [
  /^\/(api\/v1\/health\/)?(livez|readyz|startupz)$/,
  /^\/api\/v1\/health\/(live|ready|startup)$/,
  /^\/healthz\/freshness$/,
  /^\/$/,
  /^\/(assets\/[^/]+|favicon\.ico)$/,
];
const SYNC = /^\/api\/v1\/tasks\//;
const READING = new Set(['GET', 'HEAD', 'OPTIONS']);

/** What is asked: `declared` is what the route itself says with `@RequiresScope`. */
export interface AskedRoute {
  method: string;
  /** Without its query. */
  path: string;
  declared?: Scope | 'open' | undefined;
}

/** True for the methods that change nothing. */
export function isReading(method: string): boolean {
  return READING.has(method);
}

/** The scope that a request needs. What no rule names needs `read` to read and `admin` to change: closed unless opened. */
export function requiredScope({ method, path, declared }: AskedRoute): Scope | 'open' {
  if (declared !== undefined) return declared;
  if (isReading(method)) return OPEN.some((pattern) => pattern.test(path)) ? 'open' : 'read';
  return SYNC.test(path) ? 'sync' : 'admin';
}

/** A request's path, without its query. */
export function pathOf(url: string): string {
  const query = url.indexOf('?');
  return query < 0 ? url : url.slice(0, query);
}
