/** One entry of a problem's `errors[]`: the field, header or variable at fault and what would be accepted. */
export interface FieldError {
  field: string;
  message: string;
}

export interface AppErrorOptions {
  /** HTTP status that the problem filter answers with; 500 when the caller could not have caused it. */
  status?: number;
  fields?: readonly FieldError[];
  /** Answered as `Retry-After` on 429 and 503. */
  retryAfterSeconds?: number;
  cause?: unknown;
}

/**
 * Every expected failure. `code` is stable and reads `area/reason` (`taostats/rate-limited`, `subnets/not-found`);
 * `message` may be shown to callers, so it never holds a secret, a DSN or text that came from upstream.
 */
export class AppError extends Error {
  readonly status: number;
  readonly fields: readonly FieldError[];
  readonly retryAfterSeconds: number | undefined;

  constructor(
    readonly code: string,
    message: string,
    options: AppErrorOptions = {},
  ) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = new.target.name;
    this.status = options.status ?? 500;
    this.fields = options.fields ?? [];
    this.retryAfterSeconds = options.retryAfterSeconds;
  }
}

/** A caller's input is wrong: 400, with the field named. */
export class InvalidInputError extends AppError {
  constructor(code: string, fields: readonly FieldError[]) {
    super(code, fields.map((entry) => `${entry.field}: ${entry.message}`).join('; '), { status: 400, fields });
  }
}

/** What `field` of the request names is not there: 404. */
export class NotFoundError extends AppError {
  constructor(code: string, field: string, message: string) {
    super(code, message, { status: 404, fields: [{ field, message }] });
  }
}

/** The message of anything that was thrown. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
