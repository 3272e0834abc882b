import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { PoolClient } from 'pg';
import { from as copyFrom } from 'pg-copy-streams';
import type { EntityManager, EntityMetadata, QueryRunner } from 'typeorm';
import { TreasuryDataSource } from './treasury-data-source';

export type Columns = EntityMetadata['columns'];
type Column = Columns[number];

/** Up to so many rows travel with their statement: for fewer, a table of their own costs more than COPY saves. */
const ROWS_WITHIN_A_STATEMENT = 500;
/** A statement is given no more, so that memory, and time under the limit of every statement, are bounded. */
const ROWS_A_STATEMENT = 10_000;
/** One piece of COPY: its text is made in a few milliseconds. */
const ROWS_A_PIECE = 500;

export interface SentRows {
  columns: Columns;
  rows: readonly object[];
  /** Values of properties that all rows have in common. */
  shared?: Readonly<Record<string, unknown>>;
}

/**
 * Sends rows to a statement that reads them FROM `source` under the name `sent` and answers a `count`; many rows in several
 * statements of one transaction. Answers the sum of the counts.
 */
export async function writeSent(
  manager: EntityManager,
  { columns, rows, shared = {} }: SentRows,
  statementFor: (source: string) => string,
): Promise<number> {
  if (rows.length === 0) return 0;
  if (rows.length <= ROWS_WITHIN_A_STATEMENT) {
    const source = `json_to_recordset($1::json) AS sent(${typesOf(columns)})`;
    return countOf(manager, statementFor(source), [toJson(columns, rows, shared)]);
  }
  if (manager.queryRunner?.isTransactionActive !== true) {
    return manager.transaction((within) => writeSent(within, { columns, rows, shared }, statementFor));
  }
  const statement = statementFor('sent_rows AS sent');
  let sum = 0;
  for (let from = 0; from < rows.length; from += ROWS_A_STATEMENT) {
    await manager.query(`CREATE TEMPORARY TABLE sent_rows (${typesOf(columns)}) ON COMMIT DROP`);
    const text = copyText(columns, rows.slice(from, from + ROWS_A_STATEMENT), shared);
    await copy(manager.queryRunner, `COPY sent_rows (${namesOf(columns)}) FROM STDIN`, text);
    sum += await countOf(manager, statement);
    await manager.query('DROP TABLE sent_rows');
  }
  return sum;
}

/** Quoted names of columns, as a list. */
export function namesOf(columns: Columns, prefix = ''): string {
  return columns.map((column) => `${prefix}"${column.databaseName}"`).join(', ');
}

async function countOf(manager: EntityManager, statement: string, parameters?: unknown[]): Promise<number> {
  const [row] = await manager.query<{ count: number }[]>(statement, parameters);
  return row?.count ?? 0;
}

function typesOf(columns: Columns): string {
  return columns
    .map((column) => `"${column.databaseName}" ${String(column.type)}${column.isArray ? '[]' : ''}`)
    .join(', ');
}

function toJson(columns: Columns, rows: readonly object[], shared: object): string {
  return JSON.stringify(
    rows.map((row) => {
      const values = { ...row, ...shared } as Record<string, unknown>;
      return Object.fromEntries(columns.map((column) => [column.databaseName, values[column.propertyName] ?? null]));
    }),
  );
}

async function copy(runner: QueryRunner, statement: string, text: Iterable<string>): Promise<void> {
  const { connection } = runner;
  const work = async (): Promise<void> => {
    const client = (await runner.connect()) as PoolClient;
    await pipeline(Readable.from(text), client.query(copyFrom(statement)));
  };
  await (connection instanceof TreasuryDataSource ? connection.watch(runner, statement, work) : work());
}

/** Rows in the text format of COPY, piece by piece. */
function* copyText(columns: Columns, rows: readonly object[], shared: Record<string, unknown>): Generator<string> {
  const fields = columns.map((column) => {
    const { propertyName } = column;
    if (!(propertyName in shared)) return { propertyName, write: writerOf(column) };
    const constant = writerOf(column)(shared[propertyName]);
    return { propertyName, write: () => constant };
  });
  for (let from = 0; from < rows.length; from += ROWS_A_PIECE) {
    let text = '';
    for (const row of rows.slice(from, from + ROWS_A_PIECE) as Record<string, unknown>[]) {
      text += `${fields.map(({ propertyName, write }) => write(row[propertyName])).join('\t')}\n`;
    }
    yield text;
  }
}

function writerOf({ type, isArray }: Column): (value: unknown) => string {
  const write = type === 'jsonb' ? (value: unknown) => JSON.stringify(value) : isArray ? arrayText : plainText;
  return (value) => (value === null || value === undefined ? '\\N' : escaped(write(value)));
}

function plainText(value: unknown): string {
  return value instanceof Date ? value.toISOString() : String(value);
}

function arrayText(items: unknown): string {
  const written = (items as unknown[]).map((item) =>
    item === null ? 'NULL' : `"${plainText(item).replace(/["\\]/g, '\\$&')}"`,
  );
  return `{${written.join(',')}}`;
}

const ESCAPES: Readonly<Record<string, string>> = { '\\': '\\\\', '\t': '\\t', '\n': '\\n', '\r': '\\r' };

function escaped(text: string): string {
  return /[\\\t\n\r]/.test(text) ? text.replace(/[\\\t\n\r]/g, (character) => ESCAPES[character] ?? character) : text;
}
