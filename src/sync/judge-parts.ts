import type { EntityManager } from 'typeorm';
import type { SnapshotRepository } from '../database';
import type { RejectedRow } from '../taostats';
import type { Part } from './dataset';
import { type Judged, type Refusal, judge } from './guards';
import { uniqueRows } from './unique-rows';

/** A part with one row per key and its verdict. */
export interface JudgedPart {
  part: Part;
  rejected: readonly RejectedRow[];
  refusal: Refusal | null;
  warnings: string[];
}

export interface JudgeOptions {
  /** MIN_RECORDS_FOR_VALID_SYNC. */
  minRecords: number;
  /** The answer as a whole is older than what is stored. */
  older: boolean;
}

/** Compares one part with the rows that are stored and judges it. Reads only. */
export async function judgePart(
  manager: EntityManager,
  snapshots: SnapshotRepository,
  given: Part,
  options: JudgeOptions,
): Promise<JudgedPart> {
  const unique = uniqueRows(
    given.rows,
    (row) => given.keyOf(row),
    (a, b) => compareVersions(a, b, given.newer),
  );
  const part = { ...given, rows: unique.rows };
  const rejected = [...given.rejected, ...unique.rejected];
  const stored = part.findJumps === undefined ? null : await snapshots.findLive(manager, part.entity);
  const storedKeys = stored?.map((row) => part.keyOf(row)) ?? (await snapshots.liveKeys(manager, part.entity));
  const judged: Judged = {
    name: part.name,
    keys: part.rows.map((row) => part.keyOf(row)),
    rejectedKeys: rejected.map((row) => row.key),
    complete: part.complete || part.excerpt === true,
    totalItems: part.totalItems,
    // An excerpt lacks most of what is stored.
    storedKeys: part.excerpt === true ? [] : storedKeys.filter((key) => part.covers?.(key) !== false),
    minimum: part.single === true ? part.floor : Math.max(part.floor, options.minRecords),
    mayBeEmpty: part.mayBeEmpty === true,
    jumps: part.findJumps?.(part.rows, stored ?? []) ?? null,
    older: options.older && part.optional !== true,
  };
  const { refusal, warnings } = judge(judged);
  if (unique.repeated > 0) warnings.push(`${part.name}: ${unique.repeated} repeated rows were dropped`);
  return { part, rejected, refusal, warnings };
}

function compareVersions(a: object, b: object, newer: readonly string[]): number {
  for (const property of newer) {
    const [left, right] = [a, b].map((row) => Number((row as Record<string, unknown>)[property]));
    if (left !== right) return (left ?? 0) - (right ?? 0);
  }
  return 0;
}
