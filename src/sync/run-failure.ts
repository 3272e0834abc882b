import { AppError, messageOf } from '../common';
import { isDatabaseFailure } from '../database';
import type { RunProgress } from './run-progress';
import { FencedError, ShutdownError } from './sync-errors';
import type { FailureRecord } from './sync-ledger.service';

/** How an error ends a run. Messages are ours: text of PostgreSQL or of upstream may hold what nobody should read. */
export function toFailure(error: unknown, { fields }: RunProgress): FailureRecord {
  const base = { fields, retryInMs: 0 };
  if (error instanceof FencedError) return { ...base, state: 'fenced', code: error.code, message: error.message };
  if (error instanceof ShutdownError)
    return { ...base, state: 'interrupted', code: error.code, message: error.message };
  if (error instanceof AppError) return { ...base, state: 'failed', code: error.code, message: messageOf(error) };
  if (isDatabaseFailure(error)) {
    const message = 'PostgreSQL refused or lost the transaction; the log has the reason.';
    return { ...base, state: 'failed', code: 'sync/database-failure', message };
  }
  return {
    ...base,
    state: 'failed',
    code: 'sync/unexpected',
    message: 'An unexpected error; the log has the details.',
  };
}
