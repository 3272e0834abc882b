import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { DatasetState } from './dataset-state.entity';
import { OPEN_RUN_STATES, SyncRun } from './sync-run.entity';

/** A dataset with its last closed run and the run that is open, if any. */
export interface DatasetReading {
  state: DatasetState;
  lastRun: SyncRun | null;
  openRun: SyncRun | null;
}

/** What the trust pack needs of the database, and the database's time when it was read. */
export interface TrustReading {
  now: Date;
  /** The server takes no changes: a replica after a failover, or told so. */
  readOnly: boolean;
  datasets: DatasetReading[];
}

/** Reads all datasets and their runs at one moment. */
@Injectable()
export class TrustReadingRepository {
  async read(manager: EntityManager): Promise<TrustReading> {
    const [server] = await manager.query<{ now: Date; read_only: boolean }[]>(
      "SELECT clock_timestamp() AS now, current_setting('transaction_read_only') = 'on' AS read_only",
    );
    const states = await manager.getRepository(DatasetState).find({ order: { dataset: 'ASC' } });
    const runIds = states.flatMap((state) => state.lastRunId ?? []);
    const runs = await manager
      .getRepository(SyncRun)
      .createQueryBuilder('run')
      .where('run.id = ANY(:runIds)', { runIds })
      .orWhere('run.state = ANY(:open)', { open: OPEN_RUN_STATES })
      .getMany();
    return {
      now: server?.now ?? new Date(NaN),
      readOnly: server?.read_only ?? false,
      datasets: states.map((state) => ({
        state,
        lastRun: runs.find((run) => run.id === state.lastRunId) ?? null,
        openRun: runs.find((run) => run.dataset === state.dataset && isOpen(run)) ?? null,
      })),
    };
  }
}

function isOpen(run: SyncRun): boolean {
  return (OPEN_RUN_STATES as readonly string[]).includes(run.state);
}
