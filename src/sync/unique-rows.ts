import type { RejectedRow } from '../taostats';

export interface UniqueRows<Row> {
  rows: Row[];
  /** Keys that came in versions that contradict each other at the same moment: none of them is believed. */
  rejected: RejectedRow[];
  repeated: number;
}

/**
 * One row per key: the newest version by `compare`. Equal repetitions are dropped; versions that differ but are equally
 * new contradict each other, so the key goes to the rejected and its stored row stays.
 */
export function uniqueRows<Row>(
  rows: readonly Row[],
  keyOf: (row: Row) => string,
  compare: (a: Row, b: Row) => number,
): UniqueRows<Row> {
  const newest = new Map<string, Row>();
  const conflicts = new Map<string, Row>();
  for (const row of rows) {
    const key = keyOf(row);
    const known = newest.get(key);
    if (known === undefined || compare(row, known) > 0) {
      newest.set(key, row);
      conflicts.delete(key);
    } else if (compare(row, known) === 0 && JSON.stringify(row) !== JSON.stringify(known)) {
      conflicts.set(key, row);
    }
  }
  for (const key of conflicts.keys()) newest.delete(key);
  return {
    rows: [...newest.values()],
    rejected: [...conflicts].map(([key, row]) => ({
      key,
      reason: 'the answer holds two different rows with this key and the same time',
      raw: JSON.stringify(row),
    })),
    repeated: rows.length - newest.size - conflicts.size,
  };
}
