import type { Endpoint } from './endpoint';
import type { RejectedRow } from './fetch-request';
import { openEnvelope, type Pagination } from './wire/envelope';
import { rowReader } from './wire/row-reader';

/** A page after validation. */
export interface PageRows<P> {
  rows: P[];
  rejected: RejectedRow[];
  pagination: Pagination;
}

export interface PageExpectation {
  /** What was asked for, by parameter; every row has to match it. */
  query: Readonly<Record<string, string | number>>;
  body?: Readonly<Record<string, unknown>> | undefined;
  /** ENABLE_RESPONSE_VALIDATION: false lets rows pass that break their class. Numerics are normalised all the same. */
  validate: boolean;
}

const MAX_RAW = 4096;
const UNPAGED: Pagination = { currentPage: null, perPage: null, totalItems: null, totalPages: null, nextPage: null };

/**
 * Rows of a decoded body, or the way in which it breaks the contract: another envelope, no paging where there must be
 * some, or a row that the filter did not ask for (upstream ignores parameters that it does not know).
 */
export function readPage<P extends object>(
  endpoint: Endpoint<P>,
  value: unknown,
  expectation: PageExpectation,
): PageRows<P> | { violation: string } {
  const opened = endpoint.envelope === 'object' ? { rows: [value], pagination: UNPAGED } : openEnvelope(value);
  if ('violation' in opened) return opened;
  const { pagination } = opened;
  if (endpoint.envelope === 'list' && endpoint.pageSize !== null && pagination.totalItems === null) {
    return { violation: '`pagination.total_items` is missing' };
  }
  const rows: P[] = [];
  const rejected: RejectedRow[] = [];
  for (const raw of opened.rows) {
    const read = readRow(endpoint, raw, expectation.validate);
    if ('reason' in read) {
      rejected.push(read);
      continue;
    }
    const mismatch = findMismatch(endpoint, read.row, expectation);
    if (mismatch !== null) return { violation: `a row does not match the filter \`${mismatch}\`` };
    rows.push(read.row);
  }
  return { rows, rejected, pagination };
}

function readRow<P extends object>(endpoint: Endpoint<P>, raw: unknown, validate: boolean): { row: P } | RejectedRow {
  if (typeof raw !== 'object' || raw === null || Array.isArray(raw)) {
    return { key: null, reason: 'the row is not an object', raw: textOf(raw) };
  }
  const reader = rowReader(endpoint.payload);
  const row = reader.normalize(raw as Record<string, unknown>);
  const reason = validate ? reader.violations(row) : null;
  return reason === null ? { row } : { key: keyOf(endpoint, row), reason, raw: textOf(raw) };
}

function textOf(raw: unknown): string {
  return JSON.stringify(raw).slice(0, MAX_RAW);
}

/** A row that is not valid may lack what its key is made of. */
function keyOf<P extends object>(endpoint: Endpoint<P>, row: P): string | null {
  try {
    const key = endpoint.naturalKey(row);
    return /undefined|null|NaN/.test(key) ? null : key;
  } catch {
    return null;
  }
}

function findMismatch<P extends object>(
  endpoint: Endpoint<P>,
  row: P,
  { query, body }: PageExpectation,
): string | null {
  for (const [parameter, asked] of Object.entries(query)) {
    const echo = endpoint.echo[parameter];
    if (echo !== undefined && !holds(() => echo(row, String(asked)))) return parameter;
  }
  const { bodyEcho } = endpoint;
  return bodyEcho === undefined || holds(() => bodyEcho(row, body ?? {})) ? null : 'body';
}

/** Without validation a row may lack the very field that would show the match. */
function holds(check: () => boolean): boolean {
  try {
    return check();
  } catch {
    return false;
  }
}
