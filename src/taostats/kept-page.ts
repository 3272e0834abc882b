import type { Endpoint } from './endpoint';
import type { KeptPage } from './fetch-request';
import { type PageExpectation, type PageRows, readPage } from './page-rows';
import { parseLossless } from './wire/lossless-json';

/** The rows of a page that was kept, judged as if it came now; null when it does not pass. */
export function readKeptPage<P extends object>(
  endpoint: Endpoint<P>,
  kept: KeptPage,
  expectation: PageExpectation,
): PageRows<P> | null {
  try {
    const rows = readPage(endpoint, parseLossless(kept.body.toString('utf8')), expectation);
    return 'violation' in rows ? null : rows;
  } catch {
    return null;
  }
}
