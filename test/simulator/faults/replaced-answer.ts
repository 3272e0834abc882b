import { gzipSync } from 'node:zlib';
import type { Reply } from '../http/reply';
import type { Fault } from './fault';

export const RATE_LIMITED = '{"status_code":429,"message":"Rate Limited. Try Again Later."}';
export const CREDITS_EXHAUSTED =
  '{"status_code":429,"message":"Insufficient credits to complete this request. remaining: 0"}';
const MIB = 1024 * 1024;
const JSON_TYPE = 'application/json; charset=utf-8';
const PAGE =
  '<!DOCTYPE html><html><head><title>Just a moment...</title></head><body><h1>Checking your browser</h1></body></html>';

/** The answer that a fault gives instead of the real one; undefined when the fault leaves the answer to the model. */
export function replacedAnswer(fault: Fault, authorization: string): Reply | undefined {
  switch (fault.kind) {
    case 'status':
      return reply(fault.status, fault.body ?? bodyOf(fault.status), fault.headers);
    case 'credits_exhausted':
      return reply(429, CREDITS_EXHAUSTED);
    case 'html':
      return reply(200, PAGE, { 'content-type': 'text/html; charset=utf-8' });
    case 'empty_body':
      return reply(200, '');
    case 'no_content':
      return { status: 204, headers: {}, body: Buffer.alloc(0) };
    case 'body':
      return reply(fault.status ?? 200, fault.body, fault.headers);
    case 'in_body_error':
      return reply(200, errorBody(fault.status, fault.message ?? messageOf(fault.status)));
    case 'redirect':
      return reply(fault.status ?? 302, '', { location: fault.location });
    case 'echo_key':
      return reply(
        fault.status ?? 500,
        errorBody(fault.status ?? 500, `key ${authorization} <script>alert(1)</script>`),
      );
    case 'huge':
      return huge(fault.bytes ?? 200 * MIB);
    case 'gzip_bomb':
      return bomb(fault.bytes ?? 200 * MIB);
    default:
      return undefined;
  }
}

export function errorBody(status: number, message: string): string {
  return JSON.stringify({ status_code: status, message });
}

function reply(status: number, body: string, headers: Record<string, string> = {}): Reply {
  const type = body.startsWith('<') ? 'text/html; charset=utf-8' : JSON_TYPE;
  return { status, headers: { 'content-type': type, ...lowerCased(headers) }, body: Buffer.from(body) };
}

function lowerCased(headers: Record<string, string>): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));
}

function bodyOf(status: number): string {
  if (status === 429) return RATE_LIMITED;
  if (status >= 500) return `<html><head><title>${status}</title></head><body>upstream error</body></html>`;
  return errorBody(status, messageOf(status));
}

function messageOf(status: number): string {
  if (status === 429) return 'Rate Limited. Try Again Later.';
  return `Error ${status}`;
}

const HEAD = '{"pagination":null,"data":["';
const TAIL = '"]}';

function huge(bytes: number): Reply {
  const body = Buffer.alloc(bytes, 'a');
  body.write(HEAD);
  body.write(TAIL, bytes - TAIL.length);
  return { status: 200, headers: { 'content-type': JSON_TYPE }, body };
}

/** One packed MiB, again and again: a gzip file may have many members, and nobody has to pack all of it. */
function bomb(bytes: number): Reply {
  const members = Array<Buffer>(Math.ceil(bytes / MIB)).fill(gzipSync(Buffer.alloc(MIB, 'a')));
  const body = Buffer.concat([gzipSync(HEAD), ...members, gzipSync(TAIL)]);
  return { status: 200, headers: { 'content-type': JSON_TYPE, 'content-encoding': 'gzip' }, body };
}
