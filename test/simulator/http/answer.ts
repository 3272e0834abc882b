import { createHash } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import { ENDPOINTS } from '../endpoints';
import type { Endpoint, EndpointRequest } from '../endpoints/endpoint';
import { orderOf, type Page, pageOf } from '../endpoints/paging';
import { BadRequest, Query } from '../endpoints/query';
import type { Fault } from '../faults/fault';
import { errorBody } from '../faults/replaced-answer';
import { reshapedBody } from '../faults/reshape';
import { type Row, writeJson } from '../json';
import type { World } from '../model/world';
import type { Replay } from '../replay';
import type { Reply } from './reply';

const JSON_TYPE = 'application/json; charset=utf-8';
/** Smaller bodies are sent as they are. */
const GZIP_FROM_BYTES = 1_024;

export interface Call {
  method: string;
  path: string;
  search: URLSearchParams;
  body: unknown;
  fault: Fault | undefined;
  acceptsGzip: boolean;
}

export interface AnswerOptions {
  world: World;
  replay: Replay | undefined;
  /** The plan includes the paid endpoints. */
  paid: boolean;
}

/** The endpoint of a path and method, or null where upstream answers 404. */
export function endpointOf(call: Pick<Call, 'method' | 'path'>): Endpoint | null {
  const endpoint = ENDPOINTS.get(call.path);
  return endpoint !== undefined && (endpoint.methods ?? ['GET']).includes(call.method) ? endpoint : null;
}

/** What upstream would answer, as far as no fault interferes with more than the page. */
export function answer(call: Call, endpoint: Endpoint, options: AnswerOptions): Reply {
  if (endpoint.gated === true && !options.paid) {
    return plain(403, errorBody(403, 'Your plan does not include this endpoint.'));
  }
  try {
    return encoded(bodyOf(call, endpoint, options), call);
  } catch (error) {
    if (error instanceof BadRequest) return plain(400, errorBody(400, error.message));
    throw error;
  }
}

export function plain(status: number, body: string): Reply {
  return { status, headers: { 'content-type': JSON_TYPE }, body: Buffer.from(body) };
}

function bodyOf(call: Call, endpoint: Endpoint, { world, replay }: AnswerOptions): string {
  const query = new Query(parametersOf(call));
  for (const name of endpoint.required ?? []) {
    if ((query.text(name) ?? '') === '') throw new BadRequest(`${name} is required`);
  }
  orderOf(endpoint, query);
  const head = viewBlock(world, call.fault);
  const request: EndpointRequest = { query, world, block: head, body: call.body };
  if (endpoint.bare !== undefined) return writeJson(endpoint.bare(request));
  // Recordings are answers to GET; a POST asks for the positions in its body, which only the model has.
  const recorded = call.method === 'GET' ? replay?.rows(call.path, query) : undefined;
  const rows = recorded ?? endpoint.rows?.(request) ?? [];
  const page = pageOf(endpoint, query, rows);
  return reshapedBody(call.fault, {
    page,
    head,
    shifted: (offset) => shiftedRows(rows, page, offset),
    firstPage: () => pageOf(endpoint, new Query(withPage(call.search, 1)), rows),
  });
}

/** A POST states its paging and filters in the body, beside the positions it asks for. */
function parametersOf({ search, body }: Call): URLSearchParams {
  if (typeof body !== 'object' || body === null) return search;
  const all = new URLSearchParams(search);
  for (const [name, value] of Object.entries(body)) {
    if (typeof value === 'string' || typeof value === 'number') all.set(name, String(value));
  }
  return all;
}

/** The block that the answer stands at: the head, or wherever a fault holds the index. */
export function viewBlock(world: World, fault: Fault | undefined): number {
  const head = world.head();
  if (fault?.kind === 'time_travel') return head - fault.blocks;
  if (fault?.kind !== 'frozen') return head;
  fault.block ??= head;
  return Math.min(head, fault.block);
}

function shiftedRows(rows: Row[] | { total: number; at(index: number): Row }, page: Page, offset: number): Row[] {
  const { current_page: number, per_page: size } = page.pagination;
  const first = Math.max(0, (number - 1) * size + offset);
  const total = Array.isArray(rows) ? rows.length : rows.total;
  const at = (index: number): Row => (Array.isArray(rows) ? (rows[index] ?? {}) : rows.at(index));
  return Array.from({ length: Math.max(0, Math.min(size, total - first)) }, (_, index) => at(first + index));
}

function withPage(search: URLSearchParams, page: number): URLSearchParams {
  const copy = new URLSearchParams(search);
  copy.set('page', String(page));
  return copy;
}

function encoded(text: string, { fault, acceptsGzip }: Call): Reply {
  const contentType = fault?.kind === 'wrong_content_type' ? (fault.contentType ?? 'text/plain') : JSON_TYPE;
  const marked = fault?.kind === 'bom' ? `\ufeff${text}` : text;
  const body = fault?.kind === 'latin1' ? Buffer.from(marked, 'latin1') : Buffer.from(marked);
  const headers = { 'content-type': contentType };
  const sha256 = createHash('sha256').update(body).digest('hex');
  if (!acceptsGzip || body.length < GZIP_FROM_BYTES) return { status: 200, headers, body, sha256 };
  return {
    status: 200,
    sha256,
    headers: { ...headers, 'content-encoding': 'gzip', vary: 'accept-encoding' },
    body: gzipSync(body, { level: 4 }),
  };
}
