import { Logger } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { toNavSnapshots } from '../analysis';
import { isDatabaseFailure, isRefusedByDatabase, NavInputRepository, NavSnapshotRepository } from '../database';
import type { SettleContext } from './dataset';

/**
 * Records what the treasury is worth, in the transaction that closes a run of the positions: the value and the rows that
 * it was made of are there together or not at all. Call it after the state of the dataset has been dated. A value that
 * cannot be computed costs its own row and never the run: positions matter more than what they are worth.
 */
export async function recordNav(manager: EntityManager, context: SettleContext): Promise<void> {
  try {
    // Nested: a savepoint, so that a refused row does not take the transaction with it.
    await manager.transaction((savepoint) => record(savepoint, context));
  } catch (error) {
    if (isDatabaseFailure(error) && !isRefusedByDatabase(error)) throw error;
    new Logger('NavRecorder').error(
      { err: error, run_id: context.runId },
      'the value of the treasury was not recorded',
    );
  }
}

async function record(manager: EntityManager, { runId, repository, settings }: SettleContext): Promise<void> {
  const rows = await repository(NavInputRepository).readIn(manager, null);
  const snapshots = toNavSnapshots(rows, { runId, settings });
  if (snapshots.length > 0) await repository(NavSnapshotRepository).record(manager, snapshots);
}
