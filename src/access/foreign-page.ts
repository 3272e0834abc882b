import { isLoopback } from '../config';

export type RequestHeaders = Readonly<Record<string, string | string[] | undefined>>;

/**
 * True when a browser sends this request on behalf of a page that is neither ours nor of a listed origin. Browsers attach
 * stored credentials, and reach this machine's own ports, whichever page asks them to; other programs send neither header.
 */
export function isFromForeignPage(headers: RequestHeaders, listedOrigins: readonly string[]): boolean {
  const origin = single(headers['origin']);
  if (origin !== undefined && listedOrigins.includes(origin)) return false;
  const site = single(headers['sec-fetch-site']);
  if (site !== undefined) return site !== 'same-origin' && site !== 'none';
  if (origin === undefined) return false;
  return !URL.canParse(origin) || new URL(origin).host !== single(headers['host']);
}

/**
 * True when the Host header names this machine as only this machine calls it, or as a listed origin does. Any other name
 * on a loopback socket means that a foreign name was pointed at 127.0.0.1 to make a browser read from here.
 */
export function isKnownHost(host: string | undefined, listedOrigins: readonly string[]): boolean {
  if (host === undefined || host === '') return true;
  if (listedOrigins.some((origin) => new URL(origin).host === host)) return true;
  return URL.canParse(`http://${host}`) && isLoopback(new URL(`http://${host}`).hostname);
}

function single(value: string | string[] | undefined): string | undefined {
  return Array.isArray(value) ? value[0] : value;
}
