import { AppError, messageOf } from '../common';
import { isDatabaseFailure, troubleOf } from '../database';
import type { RunProgress } from './run-progress';
import { FencedError, ShutdownError } from './sync-errors';
import type { FailureRecord } from './sync-ledger.service';

/** How an error ends a run. Messages are ours: text of PostgreSQL or of upstream may hold what nobody should read. */
export function toFailure(error: unknown, { fields }: RunProgress): FailureRecord {
  const base = { fields, retryInMs: 0 };
  if (error instanceof FencedError) return { ...base, state: 'fenced', code: error.code, message: error.message };
  if (error instanceof ShutdownError)
    return { ...base, state: 'interrupted', code: error.code, message: error.message };
  if (isDatabaseFailure(error)) return { ...base, state: 'failed', ...databaseFailure(error) };
  if (error instanceof AppError) return { ...base, state: 'failed', code: error.code, message: messageOf(error) };
  return {
    ...base,
    state: 'failed',
    code: 'sync/unexpected',
    message: 'An unexpected error; the log has the details.',
  };
}

function databaseFailure(error: unknown): Pick<FailureRecord, 'code' | 'message'> {
  switch (troubleOf(error)) {
    case 'disk-full':
      return { code: 'database/disk-full', message: 'PostgreSQL has no room left; nothing of the answer was stored.' };
    case 'read-only':
      return { code: 'database/read-only', message: 'PostgreSQL only reads; nothing of the answer was stored.' };
    default:
      return {
        code: 'sync/database-failure',
        message: 'PostgreSQL refused or lost the transaction; the log has the reason.',
      };
  }
}
