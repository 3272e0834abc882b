/** Serialization failure, deadlock, lock timeout: the same transaction may succeed when it is run again. */
const RETRIED = new Set(['40001', '40P01', '55P03']);

const ATTEMPTS = 3;

function codeOf(error: unknown): string {
  const code = (error as { code?: unknown } | null)?.code;
  return typeof code === 'string' ? code : '';
}

/** Runs a whole transaction up to three times when PostgreSQL asks for it; any other error at once. */
export async function retryTransaction<T>(transaction: () => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await transaction();
    } catch (error) {
      if (attempt >= ATTEMPTS || !RETRIED.has(codeOf(error))) throw error;
    }
  }
}

/** True when PostgreSQL refused what was to be stored, by a constraint or as no value of its type: it will do so again. */
export function isRefusedByDatabase(error: unknown): boolean {
  return /^2[23]/.test(codeOf(error));
}

const LOST_CONNECTION = /^Connection terminated|^timeout exceeded when trying to connect|^Query read timeout/;

/** True for errors of PostgreSQL or of the connection to it; their text may hold stored values. */
export function isDatabaseFailure(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  if (error.name === 'QueryFailedError' || LOST_CONNECTION.test(error.message)) return true;
  return /^([0-9A-Z]{5}|E[A-Z]+)$/.test(codeOf(error));
}
