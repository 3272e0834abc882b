import { Readable } from 'node:stream';
import { stringify } from 'csv-stringify/sync';

export type CsvValue = string | number | boolean | null | undefined;

/** Names of columns and, by the same names, the values of each row. */
export interface CsvTable {
  columns: readonly string[];
  batches: AsyncIterable<readonly Readonly<Record<string, CsvValue>>[]>;
}

/** What a spreadsheet would take for the beginning of a formula. */
const FORMULA_START = /^[=+\-@\t\r]/;
const PLAIN_NUMBER = /^[+-]?\d+(\.\d+)?$/;

/**
 * A cell's text. Text that a spreadsheet would run as a formula gets an apostrophe before it, plain numbers excepted;
 * null is an empty cell.
 */
export function csvCell(value: CsvValue): string {
  if (value === null || value === undefined) return '';
  const text = String(value);
  return FORMULA_START.test(text) && !PLAIN_NUMBER.test(text) ? `'${text}` : text;
}

/** Lines after RFC 4180: a header, then one line a row, each ended by CR LF. */
export function csvLines(rows: readonly (readonly CsvValue[])[]): string {
  return stringify(
    rows.map((row) => row.map(csvCell)),
    { record_delimiter: '\r\n', quoted_match: /[\r\n]/ },
  );
}

/**
 * The table as UTF-8 text that is read batch by batch, as fast as the caller takes it. The first batch is read before
 * this resolves: what fails until then can still become a problem; what fails later breaks the transfer off.
 */
export async function openCsv({ columns, batches }: CsvTable): Promise<Readable> {
  const iterator = batches[Symbol.asyncIterator]();
  const first = await iterator.next();
  return Readable.from(textOf(columns, first, iterator), { objectMode: false });
}

type Batch = readonly Readonly<Record<string, CsvValue>>[];

async function* textOf(
  columns: readonly string[],
  first: IteratorResult<Batch, unknown>,
  rest: AsyncIterator<Batch>,
): AsyncGenerator<string> {
  yield csvLines([columns]);
  try {
    for (let batch = first; batch.done !== true; batch = await rest.next()) {
      if (batch.value.length > 0) yield csvLines(batch.value.map((row) => columns.map((column) => row[column])));
    }
  } finally {
    // A reader who left early: the rest of the table is not read.
    await rest.return?.();
  }
}
