import type { Endpoint } from '../endpoint';
import type { Priority } from '../fetch-request';
import type { CallHistory, Decision } from '../pace/retry-decision';
import type { Permit } from '../pace/attempt-limiter.service';
import type { CallOutcome } from '../../metrics';
import type { TaostatsError } from '../taostats-errors';

/** The request of one page, as the client wants it made. */
export interface PageRequest {
  endpoint: Endpoint<object>;
  params: Readonly<Record<string, string | number>>;
  body?: Readonly<Record<string, unknown>>;
  priority: Priority;
  /** Aborted by the caller, or at the call's deadline. */
  signal: AbortSignal;
  /** On the monotonic clock. */
  deadlineAtMs: number;
  runId?: string;
  /** Told of every attempt before it is made. */
  onAttempt(): void;
  /** Looks at a decoded body; a text is a violation of the contract. */
  inspect(value: unknown): string | null;
}

/** One page request on its way through attempts. Travels inside axios' config, so that every attempt finds its history. */
export class UpstreamCall {
  attempts = 0;
  readonly history: CallHistory = { retries: 0, badPayloads: 0, staleSockets: 0 };
  permit: Permit | null = null;
  startedAtMs = 0;
  /** Ends the timer of the running attempt. */
  attemptOver = new AbortController();
  attemptTimedOut = false;

  constructor(readonly request: PageRequest) {}
}

declare module 'axios' {
  interface AxiosRequestConfig {
    upstreamCall?: UpstreamCall;
  }
}

/** A body that passed every check of transport and envelope. */
export interface PageBody {
  body: Buffer;
  sha256: string;
}

/** A failed attempt. axios-retry recognises it by `config`; the caller gets `failure` when no attempt is left. */
export class AttemptError extends Error {
  constructor(
    readonly config: object,
    readonly outcome: CallOutcome,
    readonly decision: Decision,
    readonly failure: TaostatsError,
  ) {
    super(failure.message, { cause: failure });
    this.name = 'AttemptError';
  }
}
