/**
 * Rows that one statement is given: up to a few thousand are as fast as COPY, many more at once cost twice the time, and
 * could exceed the limit that every statement has.
 */
const ROWS_A_STATEMENT = 2_000;

/** Writes rows part by part and answers the sum; within one transaction it is still all of them or none. */
export async function writeInChunks<Row>(
  rows: readonly Row[],
  write: (part: readonly Row[]) => Promise<number>,
): Promise<number> {
  let sum = 0;
  for (let from = 0; from < rows.length; from += ROWS_A_STATEMENT) {
    sum += await write(rows.slice(from, from + ROWS_A_STATEMENT));
  }
  return sum;
}
