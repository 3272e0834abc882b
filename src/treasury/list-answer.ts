import {
  type CsvValue,
  type CursorPart,
  type DataMeta,
  decodeCursor,
  encodeCursor,
  type FormatRequest,
  type HttpReply,
  InvalidInputError,
  nextPage,
  requireTrust,
  sendCsv,
  sendDated,
  strongEtag,
  type Trust,
  wantsCsv,
} from '../common';

const DEFAULT_LIMIT = 50;
/** Rows that a CSV transfer holds in memory at once. */
const CSV_BATCH = 1_000;

export interface ListRequest extends FormatRequest {
  headers: { accept?: string | undefined; 'if-none-match'?: string | undefined };
}

export interface ListQuery {
  limit?: number;
  cursor?: string;
  min_trust?: Trust;
}

/** A list in a fixed order that can be read from after any of its rows. */
export interface List<Row extends object> {
  /** Names the list in its tag, its cursors and its file. */
  name: string;
  meta: DataMeta;
  /** Rows that have an `as_of` and a `trust` of their own keep them in CSV; others have those of the answer. */
  columns: readonly string[];
  /** What makes two answers to the same question differ, beside the rows: filters and the version of what was read. */
  question: unknown;
  version: unknown;
  keyOf: (row: Row) => CursorPart[];
  /** True when cursor parts are a key of this list. */
  isKey: (parts: CursorPart[]) => boolean;
  /** At most `limit` rows after the one with key `after`. */
  read: (after: CursorPart[] | null, limit: number) => Promise<Row[]>;
  /** Members of the JSON answer beside the rows. */
  beside?: object;
}

/**
 * Answers a list page by page as JSON, or all of it as CSV, with the same headers. The cursor holds the last row's key,
 * so that rows which come or go between two pages neither repeat nor hide others.
 */
export async function sendList<Row extends object>(
  request: ListRequest,
  reply: HttpReply,
  query: ListQuery,
  list: List<Row>,
): Promise<void> {
  requireTrust(list.meta, query.min_trust);
  reply.header('vary', 'Accept');
  if (wantsCsv(request)) {
    await sendAll(request, reply, query, list);
  } else {
    await sendPage(request, reply, query, list);
  }
}

async function sendPage<Row extends object>(
  request: ListRequest,
  reply: HttpReply,
  { limit = DEFAULT_LIMIT, cursor }: ListQuery,
  list: List<Row>,
): Promise<void> {
  const after = cursor === undefined ? null : keyIn(cursor, list);
  const found = await list.read(after, limit + 1);
  const rows = found.slice(0, limit);
  const last = rows.at(-1);
  const next_cursor =
    found.length > limit && last !== undefined ? encodeCursor([list.name, ...list.keyOf(last)]) : null;
  const { meta } = list;
  sendDated(reply, request.headers['if-none-match'], {
    meta,
    // Of the rows themselves: history may also be filled from behind.
    etag: strongEtag(list.name, rows, list.beside, next_cursor, meta.trust, meta.source),
    next: nextPage(request.url, next_cursor),
    body: () => ({ data: rows, next_cursor, ...list.beside, meta }),
  });
}

function sendAll<Row extends object>(
  request: ListRequest,
  reply: HttpReply,
  { limit, cursor }: ListQuery,
  list: List<Row>,
): Promise<void> {
  const given = limit !== undefined ? 'limit' : cursor !== undefined ? 'cursor' : null;
  if (given !== null) {
    const message = 'is for JSON; CSV is always the whole list';
    throw new InvalidInputError('request/invalid-query', [{ field: given, message }]);
  }
  const { name, meta, question, version, columns } = list;
  return sendCsv(reply, request.headers['if-none-match'], {
    meta,
    etag: strongEtag('csv', name, question, version, meta.as_of, meta.trust, meta.source),
    filename: `${name}.csv`,
    columns: [...columns.filter((column) => column !== 'as_of' && column !== 'trust'), 'as_of', 'trust'],
    batches: batchesOf(list),
  });
}

type Cells = Record<string, CsvValue>;

async function* batchesOf<Row extends object>(list: List<Row>): AsyncGenerator<readonly Cells[]> {
  const { as_of, trust } = list.meta;
  let after: CursorPart[] | null = null;
  for (;;) {
    const rows: Row[] = await list.read(after, CSV_BATCH);
    yield rows.map((row) => Object.assign<Cells, object>({ as_of, trust }, row));
    const last = rows.at(-1);
    if (last === undefined || rows.length < CSV_BATCH) return;
    after = list.keyOf(last);
  }
}

function keyIn<Row extends object>(cursor: string, list: List<Row>): CursorPart[] {
  const isOurs = (parts: CursorPart[]): parts is CursorPart[] => parts[0] === list.name && list.isKey(parts.slice(1));
  return decodeCursor(cursor, isOurs).slice(1);
}

/** The names of a view's members in the order of its columns; the compiler holds the record to all of them. */
export function columnsOf<View>(members: Record<keyof View & string, true>): readonly string[] {
  return Object.keys(members);
}
