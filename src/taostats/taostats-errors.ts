import { AppError, type AppErrorOptions } from '../common';

/** Why TaoStats gave no usable answer. The reason is the second half of the error's code. */
export type TaostatsReason =
  | 'rate-limited'
  | 'quota-exhausted'
  | 'unavailable'
  | 'untrusted-tls'
  | 'bad-payload'
  | 'contract'
  | 'drifted'
  | 'auth-rejected'
  | 'plan-gated'
  | 'bad-request'
  | 'breaker-open'
  | 'limiter-unavailable'
  | 'deadline'
  | 'cancelled';

/** Answered to our callers as 503: nothing that TaoStats does is their fault. */
const UNAVAILABLE = 503;

interface TaostatsErrorOptions extends AppErrorOptions {
  /** When asking again makes sense. */
  retryAt?: Date;
  endpoint?: string;
}

/** A call to TaoStats that failed. The message is ours alone: text from upstream stays in the cause and the log. */
export class TaostatsError extends AppError {
  readonly retryAt: Date | null;
  readonly endpoint: string | null;

  constructor(
    readonly reason: TaostatsReason,
    message: string,
    options: TaostatsErrorOptions = {},
  ) {
    super(`taostats/${reason}`, message, { status: UNAVAILABLE, ...options });
    this.retryAt = options.retryAt ?? null;
    this.endpoint = options.endpoint ?? null;
  }
}

/** TaoStats asked us to wait longer than this call may sleep; the pause itself is kept. */
export class RateLimitedError extends TaostatsError {
  constructor(
    override readonly retryAt: Date,
    options: AppErrorOptions & { endpoint?: string } = {},
  ) {
    super('rate-limited', `TaoStats may be asked again at ${retryAt.toISOString()}`, { ...options, retryAt });
  }
}

/** Others take all that the limit permits for longer than this call may wait. TaoStats itself refused nothing. */
export class NoTurnError extends TaostatsError {
  constructor(override readonly retryAt: Date) {
    super('rate-limited', `The limit leaves no request before ${retryAt.toISOString()}`, { retryAt });
  }
}
