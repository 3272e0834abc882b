import { isAscii, isUtf8, transcode } from 'node:buffer';
import { createHash } from 'node:crypto';
import { parseLossless, tameContainers } from './lossless-json';

/** Decoded size that ends a transfer: ten times the largest answer that upstream is known to give. */
export const MAX_BODY_BYTES = 8 * 1024 * 1024;
export const MAX_DEPTH = 32;
const JSON_TYPE = /^application\/(?:[\w.-]+\+)?json\s*(?:;|$)/i;
const SHOWN_BYTES = 512;

/** What a body turned out to be. */
export type Decoded =
  | { kind: 'json'; value: unknown; body: Buffer; sha256: string }
  /** An error object, inside a 200 too: `{status_code, message}` without rows. */
  | { kind: 'error'; status: number; message: string }
  /** Not JSON at all: HTML, truncated, empty, the wrong type, undecodable bytes, too deep. */
  | { kind: 'unreadable'; reason: string; sha256: string; head: string };

interface Answer {
  status: number;
  contentType: string | undefined;
  body: Buffer;
}

const BYTE_ORDER_MARK = 0xfeff;

/**
 * Reads one answer. `mask` replaces the key where a body echoes it. A missing content type is tolerated: the body
 * itself decides; a wrong one is not.
 */
export function decode(answer: Answer, mask: (text: string) => string): Decoded {
  const unreadable = (reason: string): Decoded => ({
    kind: 'unreadable',
    reason,
    sha256: digest(answer.body),
    head: mask(answer.body.subarray(0, SHOWN_BYTES).toString('utf8')),
  });
  if (answer.status === 204 || answer.body.length === 0) return unreadable('the body is empty');
  if (answer.contentType !== undefined && !JSON_TYPE.test(answer.contentType.trim())) {
    return unreadable('the content type is not JSON');
  }
  const text = readText(answer.body);
  if (text === null) return unreadable('the body is not UTF-8');
  const clean = mask(text);
  const value = readJson(clean);
  if (value === undefined) return unreadable('the body is not complete JSON');
  if (!tameContainers(value, MAX_DEPTH)) return unreadable(`the body is nested deeper than ${MAX_DEPTH}`);
  const failure = errorInside(value, answer.status);
  if (failure !== null) return failure;
  const body = clean === text ? answer.body : Buffer.from(clean);
  return { kind: 'json', value, body, sha256: digest(body) };
}

/** Half the time of a TextDecoder: an answer is mostly figures, and strangers' names are what is not ASCII in it. */
function readText(body: Buffer): string | null {
  if (isAscii(body)) return body.toString('latin1');
  if (!isUtf8(body)) return null;
  const text = transcode(body, 'utf8', 'utf16le').toString('utf16le');
  return text.charCodeAt(0) === BYTE_ORDER_MARK ? text.slice(1) : text;
}

function readJson(text: string): unknown {
  try {
    return parseLossless(text);
  } catch {
    return undefined;
  }
}

function errorInside(value: unknown, status: number): Decoded | null {
  const { status_code: inner, message, data } = (value ?? {}) as Record<string, unknown>;
  const text = typeof message === 'string' ? message.slice(0, SHOWN_BYTES) : '';
  if (status >= 400) return { kind: 'error', status, message: text };
  if (typeof inner !== 'number' || inner < 400 || inner > 599 || Array.isArray(data)) return null;
  return { kind: 'error', status: inner, message: text };
}

function digest(body: Buffer): string {
  return createHash('sha256').update(body).digest('hex');
}
