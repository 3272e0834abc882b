import type { Fetched, RejectedRow } from '../taostats';

export interface RowMapping<P, Row> {
  /** Natural key, as the endpoint has it. */
  keyOf(payload: P): string;
  /** Null, or why the row cannot be stored although it is well-formed. */
  findFault(payload: P): string | null;
  toRow(payload: P): Row;
}

export interface MappedRows<Row> {
  rows: Row[];
  rejected: RejectedRow[];
}

const RAW_LENGTH = 4_096;
const HIGHEST_NETUID = 65_535;
const EARLIEST_MS = Date.UTC(2021, 0, 1);
const LATEST_MS = Date.UTC(2100, 0, 1);

/** Wire rows as rows of a table; those that cannot be one join the rejected with their reason. */
export function mapRows<P extends object, Row>(fetched: Fetched<P>, mapping: RowMapping<P, Row>): MappedRows<Row> {
  const rows: Row[] = [];
  const rejected = [...fetched.rejected];
  for (const payload of fetched.rows) {
    const reason = mapping.findFault(payload);
    if (reason === null) rows.push(mapping.toRow(payload));
    else rejected.push({ key: mapping.keyOf(payload), reason, raw: JSON.stringify(payload).slice(0, RAW_LENGTH) });
  }
  return { rows, rejected };
}

/** A netuid is 16 bits on the chain. */
export function netuidFault({ netuid }: { netuid: number }): string | null {
  return netuid <= HIGHEST_NETUID ? null : `netuid must be at most ${HIGHEST_NETUID}`;
}

/** Times before TAO existed, or so late that nobody will see them, would open history partitions nobody needs. */
export function timeFault(name: string, instant: string): string | null {
  const ms = Date.parse(instant);
  return ms >= EARLIEST_MS && ms < LATEST_MS ? null : `${name} must lie between 2021 and 2100`;
}

/** Upstream's two spellings of an absent text. */
export function textOrNull(text: string | null): string | null {
  return text === '' ? null : text;
}

export function instantOrNull(text: string | null): Date | null {
  return text === null ? null : new Date(text);
}
