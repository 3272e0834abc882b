import type { Endpoint } from './endpoint';
import type { KeptPage } from './fetch-request';
import { type PageExpectation, type PageRows, readPage } from './page-rows';
import { decode } from './wire/decode';

/** The rows of a page that was kept, judged as if it came now; null when it does not pass or is not what was kept. */
export function readKeptPage<P extends object>(
  endpoint: Endpoint<P>,
  { body, sha256 }: KeptPage,
  expectation: PageExpectation,
): PageRows<P> | null {
  // The key was masked before it was kept.
  const decoded = decode({ status: 200, contentType: undefined, body }, (text) => text);
  if (decoded.kind !== 'json' || decoded.sha256 !== sha256) return null;
  const rows = readPage(endpoint, decoded.value, expectation);
  return 'violation' in rows ? null : rows;
}
