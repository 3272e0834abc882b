import { Injectable } from '@nestjs/common';
import type { EntityManager, EntityMetadata, EntityTarget, ObjectLiteral } from 'typeorm';
import { CURRENT_ROW_PROPERTIES, type CurrentRow } from './current-row';
import { ensureMonths, monthOf } from './history-month';
import { appendSql, rollupOf } from './history-rollup';
import { writeInChunks } from './row-chunks';

type Columns = EntityMetadata['columns'];

/** Complete answers without the row until it counts as gone upstream. */
const SNAPSHOTS_UNTIL_REMOVED = 3;

export interface UpsertRequest<Row extends CurrentRow> {
  entity: EntityTarget<Row>;
  rows: readonly Partial<Row>[];
  runId: string;
  /** Properties that order two versions of a row; a stored row is never replaced by one that is smaller in them. */
  newer: readonly string[];
}

/** A row of a current table that complete answers lack. */
export interface MissingRows {
  missing: number;
  removed: number;
}

/**
 * Writes snapshots: current rows and history, each in one statement for up to a few thousand rows (json_to_recordset is
 * at the speed of COPY for so many). Column names and types come from the entity.
 */
@Injectable()
export class SnapshotRepository {
  /**
   * Inserts or updates; skips rows that are equal to the stored ones or older than them. Rows must have distinct keys.
   * Answers how many changed.
   */
  async upsert<Row extends CurrentRow>(manager: EntityManager, request: UpsertRequest<Row>): Promise<number> {
    const { tableName, columns } = metadataOf(manager, request.entity);
    const keys = columns.filter((column) => column.isPrimary);
    const figures = columns.filter((column) => !column.isPrimary && !isBookkeeping(column));
    const named = (list: Columns, prefix = ''): string =>
      list.map((column) => `${prefix}"${column.databaseName}"`).join(', ');
    const versions = figures.filter((column) => request.newer.includes(column.propertyName));
    const isNewer = versions.length === 0 ? '' : `(${named(versions, 'excluded.')}) >= (${named(versions, 't.')}) AND`;
    const statement = `INSERT INTO ${tableName} AS t (${named([...keys, ...figures])}, run_id)
       SELECT ${named([...keys, ...figures])}, $2::uuid
         FROM json_to_recordset($1::json) AS r(${recordColumns([...keys, ...figures])})
        ORDER BY ${named(keys)}
       ON CONFLICT (${named(keys)}) DO UPDATE SET
         ${figures.map((column) => `"${column.databaseName}" = excluded."${column.databaseName}"`).join(', ')},
         run_id = excluded.run_id, missing_since = NULL, missing_snapshots = 0, removed_at = NULL
       WHERE ${isNewer}
         ((${named(figures, 't.')}, t.missing_since) IS DISTINCT FROM (${named(figures, 'excluded.')}, NULL::timestamptz))
       RETURNING 1`;
    return writeInChunks(request.rows, async (rows) => {
      const changed = await manager.query<unknown[]>(statement, [toJson([...keys, ...figures], rows), request.runId]);
      return changed.length;
    });
  }

  /** Marks the rows whose keys are not in `present`; `removed` after three complete answers. */
  async markMissing<Row extends CurrentRow>(
    manager: EntityManager,
    entity: EntityTarget<Row>,
    present: readonly (string | number)[],
  ): Promise<MissingRows> {
    const { tableName, columns } = metadataOf(manager, entity);
    const key = keyText(columns);
    const [counts] = await manager.query<MissingRows[]>(
      `WITH absent AS (
         UPDATE ${tableName} SET
           missing_since = coalesce(missing_since, clock_timestamp()),
           missing_snapshots = missing_snapshots + 1,
           removed_at = CASE WHEN missing_snapshots + 1 >= ${SNAPSHOTS_UNTIL_REMOVED} THEN clock_timestamp() END
          WHERE removed_at IS NULL AND NOT (${key} = ANY($1::text[]))
         RETURNING removed_at)
       SELECT count(*)::int AS missing, count(removed_at)::int AS removed FROM absent`,
      [present.map(String)],
    );
    return counts ?? { missing: 0, removed: 0 };
  }

  /** A row that was sent again, though in quarantine, is not missing. */
  async unmarkMissing<Row extends CurrentRow>(
    manager: EntityManager,
    entity: EntityTarget<Row>,
    keys: readonly string[],
  ): Promise<void> {
    const { tableName, columns } = metadataOf(manager, entity);
    const key = keyText(columns);
    if (keys.length === 0) return;
    await manager.query(
      `UPDATE ${tableName} SET missing_since = NULL, missing_snapshots = 0
        WHERE missing_since IS NOT NULL AND removed_at IS NULL AND ${key} = ANY($1::text[])`,
      [keys],
    );
  }

  /**
   * Appends what is not there yet and adds it to its hours and days, in one statement. Rows of a month that was dropped go
   * to hours and days alone. Answers how many rows are new. Their months' partitions must exist.
   */
  async appendHistory<Row extends ObjectLiteral>(
    manager: EntityManager,
    entity: EntityTarget<Row>,
    rows: readonly Partial<Row>[],
  ): Promise<number> {
    if (rows.length === 0) return 0;
    const { tableName, columns } = metadataOf(manager, entity);
    const statement = appendSql(rollupOf(tableName), {
      columns: columns.map((column) => column.databaseName),
      types: recordColumns(columns),
    });
    const [added] = await manager.query<{ count: number }[]>(statement, [toJson(columns, rows)]);
    return added?.count ?? 0;
  }

  /** Creates the partitions of these moments and of the month after the newest. Call it before the writing transaction. */
  async ensurePartitions<Row extends ObjectLiteral>(
    manager: EntityManager,
    entity: EntityTarget<Row>,
    moments: readonly Date[],
  ): Promise<void> {
    if (moments.length === 0) return;
    const newest = moments.reduce((last, moment) => (moment > last ? moment : last));
    const months = new Set([...moments.map((moment) => monthOf(moment)), monthOf(newest, 1)]);
    await ensureMonths(manager, rollupOf(metadataOf(manager, entity).tableName), [...months].sort());
  }

  /** Keys, as text, of the rows that upstream still sends. */
  async liveKeys<Row extends CurrentRow>(manager: EntityManager, entity: EntityTarget<Row>): Promise<string[]> {
    const { tableName, columns } = metadataOf(manager, entity);
    const key = keyText(columns);
    const rows = await manager.query<{ key: string }[]>(
      `SELECT ${key} AS key FROM ${tableName} WHERE missing_since IS NULL`,
    );
    return rows.map((row) => row.key);
  }

  /** Rows that upstream still sends. */
  async findLive<Row extends CurrentRow>(manager: EntityManager, entity: EntityTarget<Row>): Promise<Row[]> {
    return manager.getRepository(entity).createQueryBuilder('row').where('row.missing_since IS NULL').getMany();
  }

  async countLive<Row extends CurrentRow>(manager: EntityManager, entity: EntityTarget<Row>): Promise<number> {
    return manager.getRepository(entity).createQueryBuilder('row').where('row.missing_since IS NULL').getCount();
  }

  /** Rows that are missing but not yet removed: until they are, the same answer again still counts them down. */
  async hasMissing<Row extends CurrentRow>(manager: EntityManager, entity: EntityTarget<Row>): Promise<boolean> {
    return manager
      .getRepository(entity)
      .createQueryBuilder('row')
      .where('row.missing_since IS NOT NULL AND row.removed_at IS NULL')
      .getExists();
  }
}

function metadataOf<Row extends ObjectLiteral>(manager: EntityManager, entity: EntityTarget<Row>): EntityMetadata {
  return manager.connection.getMetadata(entity);
}

function isBookkeeping(column: Columns[number]): boolean {
  return CURRENT_ROW_PROPERTIES.includes(column.propertyName);
}

/** Text of the key as parts have it: several columns are joined with `/` in the order of the entity. */
function keyText(columns: Columns): string {
  const keys = columns.filter((column) => column.isPrimary).map((column) => `"${column.databaseName}"::text`);
  return `(${keys.join(" || '/' || ")})`;
}

function recordColumns(columns: Columns): string {
  return columns
    .map((column) => `"${column.databaseName}" ${String(column.type)}${column.isArray ? '[]' : ''}`)
    .join(', ');
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
