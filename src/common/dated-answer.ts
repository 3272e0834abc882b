import type { DataMeta } from './data-meta';
import { matchesEtag } from './etag';
import type { HttpReply } from './http-reply';

export const JSON_TYPE = 'application/json; charset=utf-8';

export interface DatedAnswer {
  meta: DataMeta;
  /** Null while nothing was ever synced: there is nothing to compare with. */
  etag: string | null;
  /** Called only when the caller does not have the same rows already. */
  body: () => object;
  /** Path and query of the next page. */
  next?: string | undefined;
}

/**
 * Answers with the age and the trust of the figures in headers, and 304 to a reader who has the same rows. The tag covers
 * rows, question and trust; `age_seconds` goes on while they stay, which is why the headers come with a 304 as well.
 */
export function sendDated(reply: HttpReply, ifNoneMatch: string | undefined, answer: DatedAnswer): void {
  if (beginDated(reply, ifNoneMatch, answer)) return;
  reply.header('content-type', JSON_TYPE).send(JSON.stringify(answer.body()));
}

/** The headers of `sendDated` alone. True when the reader had the same rows and has been answered with 304. */
export function beginDated(
  reply: HttpReply,
  ifNoneMatch: string | undefined,
  { meta, etag, next }: Omit<DatedAnswer, 'body'>,
): boolean {
  reply.header('x-data-trust', meta.trust).header('cache-control', 'no-cache');
  if (meta.as_of !== null) reply.header('x-data-as-of', meta.as_of);
  if (meta.simulated) reply.header('x-data-simulated', 'true');
  if (next !== undefined) reply.header('link', `<${next}>; rel="next"`);
  if (etag !== null) reply.header('etag', etag);
  if (etag === null || !matchesEtag(ifNoneMatch, etag)) return false;
  reply.code(304).send();
  return true;
}

/** The same question, asked for its next page. */
export function nextPage(url: string, cursor: string | null): string | undefined {
  if (cursor === null) return undefined;
  const [path = '/', query = ''] = url.split('?');
  const params = new URLSearchParams(query);
  params.set('cursor', cursor);
  return `${path}?${params.toString()}`;
}
