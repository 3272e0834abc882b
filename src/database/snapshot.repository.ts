import { Injectable } from '@nestjs/common';
import type { EntityManager, EntityMetadata, EntityTarget, ObjectLiteral } from 'typeorm';
import type { CurrentRow } from './current-row';
import { ensureMonths, monthOf } from './history-month';
import { appendSql, rollupOf } from './history-rollup';
import { upsertNewer } from './record-set';
import { type Columns, writeSent } from './sent-rows';

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
 * Writes snapshots: current rows, which of them are missing, and history. Column names and types come from the entity.
 */
@Injectable()
export class SnapshotRepository {
  /**
   * Inserts or updates; skips rows that are equal to the stored ones or older than them. Rows must have distinct keys.
   * Answers how many changed.
   */
  async upsert<Row extends CurrentRow>(
    manager: EntityManager,
    { entity, rows, runId, newer }: UpsertRequest<Row>,
  ): Promise<number> {
    const seen: Partial<CurrentRow> = { runId, missingSince: null, missingSnapshots: 0, removedAt: null };
    return upsertNewer<CurrentRow>(manager, {
      entity,
      rows,
      shared: seen,
      incidental: ['runId', 'missingSnapshots', 'removedAt'],
      newer,
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
    const { tableName, columns } = metadataOf(manager, entity);
    const names = columns.map((column) => column.databaseName);
    return writeSent(manager, { columns, rows }, (source) =>
      appendSql(rollupOf(tableName), { columns: names, source }),
    );
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

/** Text of the key as parts have it: several columns are joined with `/` in the order of the entity. */
function keyText(columns: Columns): string {
  const keys = columns.filter((column) => column.isPrimary).map((column) => `"${column.databaseName}"::text`);
  return `(${keys.join(" || '/' || ")})`;
}
