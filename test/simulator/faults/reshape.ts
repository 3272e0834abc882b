import { timestampOf } from '../chain';
import type { Page } from '../endpoints/paging';
import { type Json, type JsonObject, openRow, RawJson, type Row, scalarText, writeJson } from '../json';
import type { Fault } from './fault';

const NUMERIC = /^-?\d+(\.\d+)?$/;

/** What a page fault may ask for: the rows of this request from another offset. */
export interface PageSource {
  page: Page;
  /** Rows shifted by `offset` against the page that was asked for. */
  shifted: (offset: number) => Row[];
  firstPage: () => Page;
  head: number;
}

/** The body of a page as a fault leaves it. */
export function reshapedBody(fault: Fault | undefined, source: PageSource): string {
  const { page } = source;
  if (fault === undefined) return envelope(page.pagination as unknown as JsonObject, page.rows);
  const pagination = { ...page.pagination } as unknown as JsonObject;
  switch (fault.kind) {
    case 'data_null':
      return writeJson({ pagination, data: null });
    case 'data_missing':
      return writeJson({ pagination });
    case 'empty_data':
      return envelope(fault.keepTotal === true ? pagination : nothing(pagination), []);
    case 'short_page':
      return envelope(pagination, page.rows.slice(0, fault.rows));
    case 'drop_rows':
      return dropped(pagination, page.rows, fault.fraction);
    case 'page_drift':
      return drifted(fault, source, pagination);
    case 'page_loop':
      return looping(fault.mode ?? 'next_page', source, pagination);
    default:
      return envelope(pagination, changedRows(fault, page.rows, source.head));
  }
}

function envelope(pagination: JsonObject, rows: Row[]): string {
  return writeJson({ pagination, data: rows });
}

function nothing(pagination: JsonObject): JsonObject {
  return { ...pagination, total_items: 0, total_pages: 0, next_page: null };
}

/** Rows vanish and the envelope counts what is left, as if the others had never been. */
function dropped(pagination: JsonObject, rows: Row[], fraction: number): string {
  const kept = rows.slice(0, Math.round(rows.length * (1 - fraction)));
  return envelope(
    { ...pagination, total_items: Number(pagination['total_items']) - (rows.length - kept.length) },
    kept,
  );
}

function drifted(fault: Fault & { kind: 'page_drift' }, source: PageSource, pagination: JsonObject): string {
  if (source.page.pagination.current_page === 1) return envelope(pagination, source.page.rows);
  const rows = fault.rows ?? 1;
  // A row that was inserted at the top pushes the last one of page 1 onto page 2; a deleted one opens a gap.
  const inserted = (fault.direction ?? 'inserted') === 'inserted';
  const total = Number(pagination['total_items']) + (inserted ? rows : -rows);
  return envelope({ ...pagination, total_items: total }, source.shifted(inserted ? -rows : rows));
}

function looping(mode: 'next_page' | 'page_ignored' | 'endless', source: PageSource, pagination: JsonObject): string {
  if (mode === 'next_page') return envelope({ ...pagination, next_page: 1 }, source.page.rows);
  if (mode === 'page_ignored') return envelope({ ...pagination, next_page: 2 }, source.firstPage().rows);
  const next = Number(pagination['current_page']) + 1;
  return envelope({ ...pagination, total_pages: 1_000_000_000, next_page: next }, source.page.rows);
}

function changedRows(fault: Fault, rows: Row[], head: number): Row[] {
  switch (fault.kind) {
    case 'duplicate_rows':
      return [...rows, ...rows.slice(0, fault.rows ?? 1).map((row) => duplicate(row, fault.conflicting === true))];
    case 'numbers_as_numbers':
      return rows.map((row) => mapLeaves(openRow(row), asNumber) as JsonObject);
    case 'numbers_as_strings':
      return rows.map((row) => mapLeaves(openRow(row), asString) as JsonObject);
    case 'corrupt_row':
      return rows.map((row, index) => corrupted(row, index, fault));
    case 'remove_field':
      return rows.map((row) => without(row, fault.field));
    case 'rename_field':
      return rows.map((row) => ({ ...without(row, fault.field), [fault.to]: openRow(row)[fault.field] ?? null }));
    case 'add_field':
      return rows.map((row) => ({ ...openRow(row), [fault.field]: fault.value ?? 'new' }));
    case 'reregistered':
      return rows.map((row) => reregistered(row, fault.netuid, head));
    default:
      return rows;
  }
}

function duplicate(row: Row, conflicting: boolean): Row {
  if (!conflicting) return row;
  const open = openRow(row);
  const numeric = Object.entries(open).find(([, value]) => typeof value === 'string' && NUMERIC.test(value));
  return numeric === undefined ? open : { ...open, [numeric[0]]: '424242' };
}

function corrupted(row: Row, index: number, fault: Fault & { kind: 'corrupt_row' }): Row {
  const open = openRow(row);
  const hit = fault.netuid === undefined ? index === 0 : scalarText(open['netuid']) === String(fault.netuid);
  if (!hit) return row;
  return { ...open, [fault.field]: fault.raw === undefined ? (fault.value ?? null) : new RawJson(fault.raw) };
}

function without(row: Row, field: string): JsonObject {
  const { [field]: _removed, ...rest } = openRow(row);
  return rest;
}

function reregistered(row: Row, netuid: number, head: number): Row {
  const open = openRow(row);
  if (scalarText(open['netuid']) !== String(netuid)) return row;
  const fresh: JsonObject = {
    registration_block_number: head - 50,
    registration_timestamp: timestampOf(head - 50),
    name: 'Unknown',
    subnet_name: 'Unknown',
    price: '2.35319372',
    startup_mode: true,
    subtoken_enabled: false,
  };
  const known = Object.entries(fresh).filter(([field]) => field in open);
  return { ...open, ...Object.fromEntries(known) };
}

function mapLeaves(value: Json, change: (leaf: Json) => Json): Json {
  if (value instanceof RawJson || value === null || typeof value !== 'object') return change(value);
  if (Array.isArray(value)) return value.map((entry) => mapLeaves(entry, change));
  return Object.fromEntries(Object.entries(value).map(([field, entry]) => [field, mapLeaves(entry, change)]));
}

function asNumber(leaf: Json): Json {
  return typeof leaf === 'string' && NUMERIC.test(leaf) ? new RawJson(leaf) : leaf;
}

function asString(leaf: Json): Json {
  if (leaf instanceof RawJson) return leaf.text;
  return typeof leaf === 'number' || typeof leaf === 'bigint' ? String(leaf) : leaf;
}
