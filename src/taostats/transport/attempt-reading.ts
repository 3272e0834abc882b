import { setImmediate as nextTurn } from 'node:timers/promises';
import type { AxiosError, AxiosResponse } from 'axios';
import { redactText } from '../../common';
import type { CallOutcome } from '../../metrics';
import { type Broken, TOO_LARGE, outcomeOfAnswer, outcomeOfBreak } from '../pace/attempt-outcome';
import { type Headers, askedWait } from '../pace/rate-limit-headers';
import { type Decoded, decode } from '../wire/decode';
import { type PageBody, type UpstreamCall } from './upstream-call';

/** What one attempt came to. */
export interface Reading {
  outcome: CallOutcome;
  status: number | null;
  /** Our own words. */
  detail: string;
  /** Upstream's words, for the log alone. */
  said: string | null;
  askedMs: number | null;
  invalidRetryAfter: number;
  /** False: reading the same body again would fail the same way. */
  repeatable: boolean;
  page: PageBody | null;
}

const QUIET = { said: null, askedMs: null, invalidRetryAfter: 0, repeatable: true, page: null };

/** Reads an answer of any status. Its rows are looked at in a turn of their own, so that nobody waits for all of a large one. */
export async function readAnswer(
  response: AxiosResponse<Buffer>,
  call: UpstreamCall,
  { nowMs, apiKey }: { nowMs: number; apiKey: string | undefined },
): Promise<Reading> {
  const headers = response.headers as unknown as Headers;
  const contentType = headers['content-type'];
  const decoded = decode(
    {
      status: response.status,
      contentType: typeof contentType === 'string' ? contentType : undefined,
      body: Buffer.from(response.data),
    },
    // By value only: the other rules of redaction would change figures and names that are rightly there.
    (text) => (apiKey === undefined || apiKey === '' ? text : text.replaceAll(apiKey, '[redacted]')),
  );
  const { delayMs, invalidRetryAfter } = askedWait(headers, nowMs);
  const outcome = outcomeOfAnswer({
    status: response.status,
    decoded,
    asksToWait: delayMs !== null,
    everyPlan: call.request.endpoint.everyPlan ?? false,
  });
  const status = decoded.kind === 'error' ? decoded.status : response.status;
  const isThrottled = outcome === 'rate_limited';
  const reading: Reading = {
    ...QUIET,
    outcome,
    status,
    detail: detailOf(decoded, status, response.status),
    said: saidBy(decoded),
    askedMs: isThrottled ? delayMs : null,
    invalidRetryAfter: isThrottled ? invalidRetryAfter : 0,
  };
  if (outcome !== 'ok' || decoded.kind !== 'json') return reading;
  await nextTurn();
  return inspected(reading, decoded, call);
}

function inspected(reading: Reading, decoded: Extract<Decoded, { kind: 'json' }>, call: UpstreamCall): Reading {
  const violation = call.request.inspect(decoded.value);
  if (violation !== null) return { ...reading, outcome: 'contract', detail: violation };
  return { ...reading, page: { body: decoded.body, sha256: decoded.sha256 } };
}

function detailOf(decoded: Decoded, status: number, sentStatus: number): string {
  if (status !== sentStatus) return `status ${status} inside an answer with status ${sentStatus}`;
  return status < 300 && decoded.kind === 'unreadable' ? decoded.reason : `HTTP ${status}`;
}

function saidBy(decoded: Decoded): string | null {
  if (decoded.kind === 'error') return redactText(decoded.message);
  return decoded.kind === 'unreadable' ? redactText(decoded.head) : null;
}

/** Reads an attempt that ended without a whole answer. */
export function readBreak(error: AxiosError, call: UpstreamCall): Reading {
  const broken = brokenOf(error, call);
  return {
    ...QUIET,
    outcome: outcomeOfBreak(broken),
    status: error.response?.status ?? null,
    detail: broken.message,
    repeatable: broken.code !== TOO_LARGE,
  };
}

function brokenOf(error: AxiosError, call: UpstreamCall): Broken {
  const { signal, deadlineAtMs } = call.request;
  const isTooLarge = error.message.startsWith('maxContentLength');
  const atDeadline = signal.aborted && isDeadline(signal);
  const code = isTooLarge ? TOO_LARGE : (error.code ?? codeOf(error.cause) ?? 'UNKNOWN');
  const request = error.request as { reusedSocket?: boolean; res?: unknown } | undefined;
  return {
    code,
    message: messageFor(code, { atDeadline, timedOut: call.attemptTimedOut, deadlineAtMs }),
    reusedSocket: request?.reusedSocket === true && error.response === undefined,
    midBody: error.response !== undefined || (request?.res !== undefined && request.res !== null),
    cancelled: signal.aborted && !atDeadline,
  };
}

function isDeadline(signal: AbortSignal): boolean {
  return (signal.reason as { reason?: unknown } | undefined)?.reason === 'deadline';
}

function codeOf(cause: unknown): string | undefined {
  const code = (cause as { code?: unknown } | undefined)?.code;
  return typeof code === 'string' ? code : undefined;
}

function messageFor(code: string, at: { atDeadline: boolean; timedOut: boolean; deadlineAtMs: number }): string {
  if (at.atDeadline) return 'no whole answer before the call had to end';
  if (at.timedOut) return 'no whole answer within the limit of one attempt';
  return code === TOO_LARGE ? 'the body is larger than 8 MiB' : `the connection failed (${code})`;
}
