import { QueryRunnerAlreadyReleasedError, QueryRunnerProviderAlreadyReleasedError } from 'typeorm';
import { AppError } from '../common';

export type DatabaseTrouble = 'not-ready' | 'read-only' | 'disk-full' | 'busy';

const MESSAGES: Readonly<Record<DatabaseTrouble, string>> = {
  'not-ready': 'The database is not ready.',
  'read-only': 'The database only reads at the moment, so nothing can be changed.',
  'disk-full': 'The database has no room left, so nothing can be changed.',
  busy: 'The database is too busy for this at the moment.',
};

const RETRY_SECONDS: Readonly<Record<DatabaseTrouble, number>> = {
  'not-ready': 5,
  'read-only': 10,
  'disk-full': 60,
  busy: 2,
};

/** PostgreSQL cannot do what was asked at this moment, and nothing is wrong with the question: 503, try again soon. */
export class DatabaseUnavailableError extends AppError {
  constructor(
    readonly trouble: DatabaseTrouble,
    cause?: unknown,
  ) {
    const retryAfterSeconds = RETRY_SECONDS[trouble];
    super(`database/${trouble}`, MESSAGES[trouble], { status: 503, retryAfterSeconds, cause });
  }
}

/** PostgreSQL is not there yet, or went away, or its schema is not there. */
export class DatabaseNotReadyError extends DatabaseUnavailableError {
  constructor(cause?: unknown) {
    super('not-ready', cause);
  }
}

/** Five characters of PostgreSQL's, or a name of the operating system's; empty when the error has none. */
export function databaseCodeOf(error: unknown): string {
  const asked = error instanceof DatabaseUnavailableError ? error.cause : error;
  const code = (asked as { code?: unknown } | null | undefined)?.code;
  return typeof code === 'string' && /^([0-9A-Z]{5}|E[A-Z]+)$/.test(code) ? code : '';
}

/** Said by the driver, without a code. */
const LOST_CONNECTION =
  /^Connection terminated|^timeout exceeded when trying to connect|^Query read timeout|^Client (was closed|has encountered a connection error)/;
/**
 * The server ends, crashed or starts (57P0x), ended a session whose transaction stood idle or took too long (25P03,
 * 25P04), takes no more connections (53300), or the connection broke (08, sockets).
 */
const AWAY = /^(57P0[123]|25P0[34]|53300|08...|ECONNRESET|ECONNREFUSED|EPIPE|ETIMEDOUT|ENOTFOUND|EHOSTUNREACH)$/;
/** Serialization, deadlock, a lock or a statement that took too long, no memory. */
const BUSY = /^(40001|40P01|55P03|57014|53200)$/;
/** What a transaction meets whose connection was lost between two of its statements, of the runner and of the manager. */
const RELEASED = [QueryRunnerAlreadyReleasedError, QueryRunnerProviderAlreadyReleasedError];
const READ_ONLY = '25006';
const DISK_FULL = '53100';

/** What `error` says of the database; null when it is about the question, or no error of the database at all. */
export function troubleOf(error: unknown): DatabaseTrouble | null {
  if (error instanceof DatabaseUnavailableError) return error.trouble;
  if (!(error instanceof Error)) return null;
  if (RELEASED.some((kind) => error instanceof kind)) return 'not-ready';
  const code = databaseCodeOf(error);
  if (AWAY.test(code) || LOST_CONNECTION.test(error.message)) return 'not-ready';
  if (code === READ_ONLY) return 'read-only';
  if (code === DISK_FULL) return 'disk-full';
  return BUSY.test(code) ? 'busy' : null;
}
