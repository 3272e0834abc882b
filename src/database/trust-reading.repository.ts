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
  datasets: DatasetReading[];
}

/** Reads all datasets and their runs at one moment. */
@Injectable()
export class TrustReadingRepository {
  async read(manager: EntityManager): Promise<TrustReading> {
    const [clock] = await manager.query<{ now: Date }[]>('SELECT clock_timestamp() AS now');
    const states = await manager.getRepository(DatasetState).find({ order: { dataset: 'ASC' } });
    const runIds = states.flatMap((state) => state.lastRunId ?? []);
    const runs = await manager
      .getRepository(SyncRun)
      .createQueryBuilder('run')
      .where('run.id = ANY(:runIds)', { runIds })
      .orWhere('run.state = ANY(:open)', { open: OPEN_RUN_STATES })
      .getMany();
    return {
      now: clock?.now ?? new Date(NaN),
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
