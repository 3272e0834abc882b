import { createHash } from 'node:crypto';
import { normalizeDecimal } from '../../../src/common';
import { parseLossless } from '../../../src/taostats/wire/lossless-json';
import type { TextRow } from '../../support/text-rows';
import type { ChaosWorld } from './chaos-world';
import { type Violation, findMirrorFaults } from './invariants';

type WireRow = Record<string, unknown>;

/** A table of current rows and the answer that it has to mirror. */
export interface Mirror {
  table: string;
  /** The row that says which answer stands, written in one transaction with the rows of the table. */
  ledger: string;
  path: string;
  query: string;
  keyOf(row: WireRow): string;
  /** Rows of the answer where they are not its `data`. */
  rowsOf?(row: WireRow): WireRow[];
  /** Which stored rows upstream still sends. */
  where: string;
  order: string;
  keyColumns: readonly string[];
  /** Wire fields of the same name as a column but with another meaning. */
  except?: readonly string[];
}

const LIVE = 'missing_since IS NULL';

function ledgerOf(dataset: string): string {
  return `dataset_states s WHERE s.dataset = '${dataset}'`;
}

export const MIRRORS: readonly Mirror[] = [
  {
    table: 'pools',
    ledger: ledgerOf('pools'),
    path: '/api/dtao/pool/latest/v1',
    query: 'order=netuid_asc&limit=200',
    keyOf: (row) => String(row['netuid']),
    where: LIVE,
    order: 'netuid',
    keyColumns: ['netuid'],
  },
  {
    table: 'subnets',
    ledger: ledgerOf('subnets'),
    path: '/api/subnet/latest/v1',
    query: 'order=netuid_asc&limit=200',
    keyOf: (row) => String(row['netuid']),
    where: LIVE,
    order: 'netuid',
    keyColumns: ['netuid'],
  },
  {
    table: 'tao_prices',
    ledger: ledgerOf('tao_price'),
    path: '/api/price/latest/v1',
    query: 'asset=tao',
    keyOf: (row) => String(row['symbol']),
    where: LIVE,
    order: 'symbol',
    keyColumns: ['symbol'],
  },
];

/** The holdings of a wallet: part of its account's answer. */
export function walletMirror(address: string): Mirror {
  return {
    table: 'positions',
    ledger: `wallet_states s WHERE s.dataset = 'positions' AND s.address = '${address}'`,
    path: '/api/account/latest/v1',
    query: `address=${address}`,
    rowsOf: (account) => (account['alpha_balances'] ?? []) as WireRow[],
    keyOf: (row) => [ss58Of(row['coldkey']), ss58Of(row['hotkey']), String(row['netuid'])].join('/'),
    where: `exited_at IS NULL AND netuid <> 0 AND coldkey = '${address}'`,
    order: 'coldkey, hotkey, netuid',
    keyColumns: ['coldkey', 'hotkey', 'netuid'],
  };
}

/** I4: what is stored against what upstream said in the answer that stands. */
export async function compareWithUpstream(world: ChaosWorld, mirror: Mirror): Promise<Violation[]> {
  const columns = await columnTypes(world, mirror.table);
  const { block, sha256, stored } = await readStanding(world, mirror);
  const answered = block ?? blockOf(world, mirror, sha256);
  if (answered === null)
    return [{ invariant: 'I4', detail: `${mirror.table}: upstream never gave the answer ${sha256} of the ledger` }];
  const wire = await answerAt(world, mirror, answered);
  const fields = Object.keys(wire[0] ?? {}).filter(
    (field) => columns.has(field) && !(mirror.except ?? []).includes(field),
  );
  if (wire.length > 0 && fields.length < 3)
    throw new Error(`${mirror.table} shares only ${fields.join(', ')} with its answer`);
  const withheld = new Map(stored.map((row) => [keyOfStored(mirror, row), withheldOf(row)]));
  return findMirrorFaults(
    mirror.table,
    new Map(stored.map((row) => [keyOfStored(mirror, row), lineOf(row, { fields, columns })])),
    new Map(
      wire.map((row) => {
        const key = mirror.keyOf(row);
        return [key, lineOf(row, { fields, columns, without: withheld.get(key) ?? [] })];
      }),
    ),
  );
}

interface Reading {
  fields: readonly string[];
  columns: ReadonlyMap<string, string>;
  /** Fields that are stored as null on purpose. */
  without?: readonly string[];
}

function lineOf(row: WireRow, { fields, columns, without = [] }: Reading): string {
  return fields
    .map((field) => `${field}=${without.includes(field) ? '' : canonical(row[field], columns.get(field) ?? '')}`)
    .join('|');
}

/** One spelling for each value, whichever side it comes from. */
function canonical(value: unknown, type: string): string {
  if (value === null || value === undefined || value === '') return '';
  if (typeof value === 'object') return Array.isArray(value) ? value.join(',') : ss58Of(value);
  const text = `${value as string | number | boolean}`;
  if (type === 'numeric') return (normalizeDecimal(text) ?? text).replace(/(\.\d*?)0+$/, '$1').replace(/\.$/, '');
  if (type.startsWith('timestamp')) return String(Date.parse(text.replace(' ', 'T').replace(/([+-]\d\d)$/, '$1:00')));
  if (type === 'boolean') return text === 't' ? 'true' : text === 'f' ? 'false' : text;
  if (type === 'ARRAY') return text.replace(/^\{|\}$/g, '').replaceAll('"', '');
  return text;
}

function ss58Of(value: unknown): string {
  if (typeof value === 'string') return value;
  const { ss58 } = (value ?? {}) as { ss58?: unknown };
  return typeof ss58 === 'string' ? ss58 : JSON.stringify(value);
}

function keyOfStored({ keyColumns }: Mirror, row: TextRow): string {
  return keyColumns.map((column) => row[column]).join('/');
}

function withheldOf(row: TextRow): string[] {
  return Object.keys(JSON.parse(row['withheld'] ?? '{}') as object);
}

async function columnTypes(world: ChaosWorld, table: string): Promise<Map<string, string>> {
  const rows = await world.rows('SELECT column_name, data_type FROM information_schema.columns WHERE table_name = $1', [
    table,
  ]);
  return new Map(rows.map((row) => [row['column_name'] ?? '', row['data_type'] ?? '']));
}

interface Standing {
  /** Of the answer that stands; null where upstream dates it by no block. */
  block: number | null;
  sha256: string | null;
  stored: TextRow[];
}

/** The rows and the answer that they are, in one statement: a run that is applied meanwhile changes both or neither. */
async function readStanding(world: ChaosWorld, { table, ledger, where, order }: Mirror): Promise<Standing> {
  const rows = await world.rows(
    `WITH standing AS (SELECT s.upstream_block, s.answer_sha256 FROM ${ledger})
     SELECT standing.upstream_block AS standing_block, standing.answer_sha256 AS standing_sha256, t.*
       FROM standing LEFT JOIN (SELECT true AS is_stored, * FROM ${table} WHERE ${where}) t ON true ORDER BY ${order}`,
  );
  const { standing_block: block = null, standing_sha256: sha256 = null } = rows[0] ?? {};
  return {
    block: block === null ? null : Number(block),
    sha256,
    stored: rows.filter((row) => row['is_stored'] === 't'),
  };
}

/** The block of the answer with the digest that the ledger names; null when upstream never gave such an answer. */
function blockOf(world: ChaosWorld, { path }: Mirror, sha256: string | null): number | null {
  const given = world.requests(path).findLast((entry) => entry.sha256 !== null && runDigestOf(entry.sha256) === sha256);
  return given?.block ?? null;
}

/** The digest that a run of one question with one page has in the ledger. */
function runDigestOf(pageSha256: string): string {
  const digest = (text: string): string => createHash('sha256').update(text).digest('hex');
  return digest(digest(pageSha256));
}

/** Asked by the rig itself, once the fault is over, of the chain as it was at `block`. */
async function answerAt(world: ChaosWorld, mirror: Mirror, block: number): Promise<WireRow[]> {
  const { id } = world.simulator.addFault({
    match: mirror.path,
    query: 'reference=',
    fault: { kind: 'frozen', block },
  });
  try {
    const url = `${world.simulator.url}${mirror.path}?${mirror.query}&reference=1`;
    const answer = await fetch(url, { headers: { authorization: 'reference' } });
    const { data } = parseLossless(await answer.text()) as { data?: WireRow[] };
    return (data ?? []).flatMap((row) => mirror.rowsOf?.(row) ?? [row]);
  } finally {
    world.simulator.faults.clear(id);
  }
}
