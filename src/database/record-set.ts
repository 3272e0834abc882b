import type { EntityManager, EntityMetadata, EntityTarget, ObjectLiteral } from 'typeorm';
import { writeInChunks } from './row-chunks';

type Columns = EntityMetadata['columns'];

export interface NewerRows<Row extends ObjectLiteral> {
  entity: new () => Row;
  rows: readonly Partial<Row>[];
  /** Properties that PostgreSQL fills and that an update leaves alone. */
  kept?: readonly (keyof Row & string)[];
  /** Properties that alone are no reason to rewrite a row: an equal row stays as it was written. */
  incidental?: readonly (keyof Row & string)[];
  /** Properties of which the greater one stays. */
  greatest?: readonly (keyof Row & string)[];
  /** Columns that order two versions of a row; none: the one that comes later is the better one. */
  newer?: readonly string[];
}

const NEWER = ['block_number', 'upstream_at'];

/**
 * Inserts or updates by primary key, a few thousand rows a statement, as a rule into tables with `block_number` and `upstream_at`: never
 * an older row over a newer one, and equal rows are not rewritten. Keys must be distinct. Answers how many rows changed.
 */
export async function upsertNewer<Row extends ObjectLiteral>(
  manager: EntityManager,
  { entity, rows, kept = [], incidental = [], greatest = [], newer = NEWER }: NewerRows<Row>,
): Promise<number> {
  const metadata = manager.connection.getMetadata(entity as EntityTarget<Row>);
  const columns = metadata.columns.filter((column) => !kept.includes(column.propertyName));
  const keys = columns.filter((column) => column.isPrimary);
  const figures = columns.filter((column) => !column.isPrimary);
  const compared = figures.filter((column) => !incidental.includes(column.propertyName));
  const assignments = figures.map(({ propertyName, databaseName: name }) =>
    greatest.includes(propertyName)
      ? `"${name}" = greatest(t."${name}", excluded."${name}")`
      : `"${name}" = excluded."${name}"`,
  );
  const versionOf = (table: string): string => newer.map((name) => `${table}."${name}"`).join(', ');
  const isNewer = newer.length === 0 ? '' : `(${versionOf('excluded')}) >= (${versionOf('t')}) AND`;
  const statement = `INSERT INTO ${metadata.tableName} AS t (${namesOf(columns)})
     SELECT ${namesOf(columns)} FROM json_to_recordset($1::json) AS r(${typesOf(columns)}) ORDER BY ${namesOf(keys)}
     ON CONFLICT (${namesOf(keys)}) DO UPDATE SET ${assignments.join(', ')}
      WHERE ${isNewer} (${namesOf(compared, 't.')}) IS DISTINCT FROM (${namesOf(compared, 'excluded.')})
     RETURNING 1`;
  return writeInChunks(rows, async (part) => {
    const changed = await manager.query<unknown[]>(statement, [toJson(columns, part)]);
    return changed.length;
  });
}

function namesOf(columns: Columns, prefix = ''): string {
  return columns.map((column) => `${prefix}"${column.databaseName}"`).join(', ');
}

function typesOf(columns: Columns): string {
  return columns.map((column) => `"${column.databaseName}" ${String(column.type)}`).join(', ');
}

function toJson(columns: Columns, rows: readonly object[]): string {
  return JSON.stringify(
    rows.map((row) =>
      Object.fromEntries(
        columns.map((column) => [column.databaseName, (row as Record<string, unknown>)[column.propertyName] ?? null]),
      ),
    ),
  );
}
