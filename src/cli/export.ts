import { createWriteStream } from 'node:fs';
import { once } from 'node:events';
import { CommandError, EXIT } from './exit';
import { Progress } from './progress';
import type { ServiceClient } from './service-client';
import { toJson, type Terminal } from './terminal';

/** What can be exported, and the path that lists it: all of them as CSV too, with `.csv` behind it. */
const LISTS: Readonly<Record<string, string>> = {
  accounts: '/api/v1/accounts',
  'cost-basis': '/api/v1/cost-basis',
  events: '/api/v1/events',
  lots: '/api/v1/cost-basis/lots',
  positions: '/api/v1/positions',
  prices: '/api/v1/prices/tao/history',
  validators: '/api/v1/validators',
};
export const EXPORTS = Object.keys(LISTS);
export const FORMATS = ['csv', 'json'] as const;
export type Format = (typeof FORMATS)[number];

const PAGE = 200;

export interface ExportWish {
  what: string;
  format: Format;
  /** `name=value`, handed on to the list as they are. */
  filters: readonly string[];
  /** A file; stdout without it. */
  file: string | undefined;
}

interface Page {
  data: unknown[];
  next_cursor: string | null;
  meta?: unknown;
}

/** Writes the whole list: CSV as it streams in, JSON page by page as one document with the first page's `meta`. */
export async function exportList(service: ServiceClient, wish: ExportWish, terminal: Terminal): Promise<void> {
  const path = LISTS[wish.what] ?? '';
  const query = new URLSearchParams(wish.filters.map(splitFilter));
  const progress = new Progress(terminal);
  const sink = openSink(wish.file, terminal);
  try {
    const parts = wish.format === 'csv' ? csvOf(service, path, query) : jsonOf(service, path, query, progress);
    let bytes = 0;
    for await (const text of parts) {
      bytes += Buffer.byteLength(text);
      if (wish.format === 'csv') progress.show(`${wish.what}, KiB`, Math.round(bytes / 1024), null);
      await sink.write(text);
    }
  } finally {
    progress.end();
    await sink.close();
  }
}

function splitFilter(filter: string): [string, string] {
  const at = filter.indexOf('=');
  if (at <= 0) throw new CommandError('cli/filter', `--filter ${filter}: expected name=value`, EXIT.usage);
  return [filter.slice(0, at), filter.slice(at + 1)];
}

async function* csvOf(service: ServiceClient, path: string, query: URLSearchParams): AsyncGenerator<string> {
  const answer = await service.ask(`${path}.csv?${query.toString()}`, { accept: 'text/csv' });
  const decoder = new TextDecoder();
  for await (const chunk of answer.body ?? []) yield decoder.decode(chunk as Uint8Array, { stream: true });
  yield decoder.decode();
}

async function* jsonOf(
  service: ServiceClient,
  path: string,
  query: URLSearchParams,
  progress: Progress,
): AsyncGenerator<string> {
  const rows: unknown[] = [];
  let first: Page | null = null;
  query.set('limit', String(PAGE));
  for (;;) {
    const page = await service.json<Page>(`${path}?${query.toString()}`);
    first ??= page;
    rows.push(...page.data);
    progress.show('rows', rows.length, null);
    if (page.next_cursor === null) break;
    query.set('cursor', page.next_cursor);
  }
  yield `${toJson({ data: rows, meta: first.meta ?? null })}\n`;
}

interface Sink {
  write(text: string): Promise<void>;
  close(): Promise<void>;
}

function openSink(file: string | undefined, terminal: Terminal): Sink {
  if (file === undefined) {
    return { write: (text) => Promise.resolve(terminal.out(text)), close: () => Promise.resolve() };
  }
  const stream = createWriteStream(file);
  const failed = once(stream, 'error').then(([error]) => {
    throw new CommandError('cli/file', `cannot write ${file}: ${String((error as Error).message)}`);
  });
  // Looked at with the next write, or at the end.
  failed.catch(() => undefined);
  return {
    write: async (text) => {
      if (!stream.write(text)) await Promise.race([once(stream, 'drain'), failed]);
    },
    close: async () => {
      stream.end();
      await Promise.race([once(stream, 'close'), failed]);
    },
  };
}
