import { DatabaseUnavailableError, databaseCodeOf, troubleOf } from './database-errors';

/** Serialization failure, deadlock, lock timeout: the same transaction may succeed when it is run again. */
const RETRIED = new Set(['40001', '40P01', '55P03']);

const ATTEMPTS = 3;

/** The connection was lost while a commit was on its way: what was to be stored is stored, or is not. */
export class CommitUnknownError extends DatabaseUnavailableError {
  constructor(cause: unknown) {
    super('not-ready', cause);
  }
}

/**
 * Runs a whole transaction up to three times when PostgreSQL asks for it, and once more when its connection was lost
 * before the commit; any other error at once.
 */
export async function retryTransaction<T>(transaction: () => Promise<T>): Promise<T> {
  let lost = 0;
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await transaction();
    } catch (error) {
      if (isLostBeforeCommit(error)) lost += 1;
      else if (!RETRIED.has(databaseCodeOf(error))) throw error;
      if (attempt >= ATTEMPTS || lost > 1) throw error;
    }
  }
}

function isLostBeforeCommit(error: unknown): boolean {
  return troubleOf(error) === 'not-ready' && !(error instanceof CommitUnknownError);
}

/** True when PostgreSQL refused what was to be stored, by a constraint or as no value of its type: it will do so again. */
export function isRefusedByDatabase(error: unknown): boolean {
  return /^2[23]/.test(databaseCodeOf(error));
}

/** True for errors of PostgreSQL or of the connection to it; their text may hold stored values. */
export function isDatabaseFailure(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  return error.name === 'QueryFailedError' || troubleOf(error) !== null || databaseCodeOf(error) !== '';
}
