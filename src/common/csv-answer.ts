import { type CsvTable, openCsv } from './csv';
import { beginDated } from './dated-answer';
import type { DataMeta } from './data-meta';
import type { HttpReply } from './http-reply';

export interface CsvAnswer extends CsvTable {
  meta: DataMeta;
  /** Of everything that the text depends on; null while there is nothing to compare with. */
  etag: string | null;
  /** Name of the file that a browser saves. */
  filename: string;
}

/** Streams a table as CSV with the same headers as its JSON. Rejects before the first byte when the first rows fail. */
export async function sendCsv(
  reply: HttpReply,
  ifNoneMatch: string | undefined,
  { meta, etag, filename, ...table }: CsvAnswer,
): Promise<void> {
  if (beginDated(reply, ifNoneMatch, { meta, etag })) return;
  const text = await openCsv(table);
  reply
    .header('content-type', 'text/csv; charset=utf-8; header=present')
    .header('content-disposition', `attachment; filename="${filename}"`)
    .send(text);
}
