/** The part of a Fastify request that tells which form of an answer is wanted. */
export interface FormatRequest {
  url: string;
  headers: { accept?: string | undefined };
}

const CSV_SUFFIX = /\.csv$/;

/**
 * True when a list is asked for as CSV: by a path that ends in `.csv`, or by an Accept header that prefers text/csv to
 * JSON. Whoever accepts anything gets JSON.
 */
export function wantsCsv({ url, headers }: FormatRequest): boolean {
  if (CSV_SUFFIX.test(url.split('?')[0] ?? '')) return true;
  const { accept } = headers;
  if (accept === undefined) return false;
  const csv = qualityOf(accept, ['text/csv', 'text/*']);
  return csv > 0 && csv > qualityOf(accept, ['application/json', 'application/*']);
}

/** A path parameter without the suffix that may follow it. */
export function withoutCsvSuffix(text: string): string {
  return text.replace(CSV_SUFFIX, '');
}

/** RFC 9110 12.5.1: the most specific range that is named; 0 when none is. */
function qualityOf(accept: string, ranges: readonly string[]): number {
  const named = new Map(
    accept.split(',').map((entry) => {
      const [range = '', ...parameters] = entry.split(';').map((part) => part.trim().toLowerCase());
      const quality = parameters.find((parameter) => parameter.startsWith('q='))?.slice(2);
      return [range, quality === undefined ? 1 : Number(quality)] as const;
    }),
  );
  for (const range of ranges) {
    const quality = named.get(range);
    if (quality !== undefined) return Number.isFinite(quality) ? quality : 0;
  }
  return 0;
}
