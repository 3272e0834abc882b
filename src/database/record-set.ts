import type { EntityManager, EntityTarget, ObjectLiteral } from 'typeorm';
import { namesOf, writeSent } from './sent-rows';

export interface NewerRows<Row extends ObjectLiteral> {
  entity: EntityTarget<Row>;
  rows: readonly Partial<Row>[];
  /** Values that all rows have in common. */
  shared?: Partial<Row>;
  /** Properties that PostgreSQL fills and that an update leaves alone. */
  kept?: readonly (keyof Row & string)[];
  /** Properties that alone are no reason to rewrite a row: an equal row stays as it was written. */
  incidental?: readonly (keyof Row & string)[];
  /** Properties of which the greater one stays. */
  greatest?: readonly (keyof Row & string)[];
  /** Properties that order two versions of a row; none: the one that comes later is the better one. */
  newer?: readonly string[];
}

const NEWER = ['blockNumber', 'upstreamAt'];

/**
 * Inserts or updates by primary key, as a rule into tables with `block_number` and `upstream_at`: never an older row over
 * a newer one. Equal rows are neither rewritten nor locked, so that they leave nothing in the WAL. Keys must be distinct.
 * Answers how many rows changed.
 */
export async function upsertNewer<Row extends ObjectLiteral>(
  manager: EntityManager,
  { entity, rows, shared = {}, kept = [], incidental = [], greatest = [], newer = NEWER }: NewerRows<Row>,
): Promise<number> {
  const metadata = manager.connection.getMetadata(entity);
  const columns = metadata.columns.filter((column) => !kept.includes(column.propertyName));
  const keys = columns.filter((column) => column.isPrimary);
  const figures = columns.filter((column) => !column.isPrimary);
  const compared = figures.filter((column) => !incidental.includes(column.propertyName));
  const versions = newer.map((name) => {
    const column = columns.find(({ propertyName }) => propertyName === name);
    if (column === undefined) throw new Error(`${metadata.name} has no ${name} to order its versions by`);
    return column;
  });
  const assignments = figures.map(({ propertyName, databaseName: name }) =>
    greatest.includes(propertyName)
      ? `"${name}" = greatest(t."${name}", excluded."${name}")`
      : `"${name}" = excluded."${name}"`,
  );
  const replaces = (row: string, stored: string): string => {
    const isNewer =
      versions.length === 0 ? '' : `(${namesOf(versions, `${row}.`)}) >= (${namesOf(versions, `${stored}.`)}) AND`;
    return `${isNewer} (${namesOf(compared, `${stored}.`)}) IS DISTINCT FROM (${namesOf(compared, `${row}.`)})`;
  };
  // The join leaves out what is equal or older; the conflict judges again what another transaction wrote meanwhile.
  return writeSent(
    manager,
    { columns, rows, shared },
    (source) => `
      WITH written AS (
        INSERT INTO ${metadata.tableName} AS t (${namesOf(columns)})
        SELECT ${namesOf(columns, 'sent.')} FROM ${source} LEFT JOIN ${metadata.tableName} AS stored
            ON (${namesOf(keys, 'stored.')}) = (${namesOf(keys, 'sent.')})
         WHERE (${namesOf(keys, 'stored.')}) IS NULL OR (${replaces('sent', 'stored')})
         ORDER BY ${namesOf(keys, 'sent.')}
        ON CONFLICT (${namesOf(keys)}) DO UPDATE SET ${assignments.join(', ')} WHERE ${replaces('excluded', 't')}
        RETURNING 1)
      SELECT count(*)::integer AS count FROM written`,
  );
}
