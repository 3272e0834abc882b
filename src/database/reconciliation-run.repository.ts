import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { newId } from '../common';
import type { Lease } from './lease.repository';
import {
  ReconciliationRun,
  type RecordedRepair,
  type ReconciliationTrigger,
  type ReconciliationVerdict,
  type RepairState,
} from './reconciliation-run.entity';

/** What a finished run leaves. */
export type ReconciliationOutcome = Pick<
  ReconciliationRun,
  | 'calls'
  | 'verdict'
  | 'quantities'
  | 'reasonCode'
  | 'reason'
  | 'checks'
  | 'evidence'
  | 'evidenceTotal'
  | 'sources'
  | 'driftRaised'
  | 'driftCleared'
  | 'repairState'
  | 'repair'
>;

export interface ReconciliationFilter {
  verdict?: ReconciliationVerdict | undefined;
  limit: number;
  /** Id of the last run of the page before. */
  before?: string | undefined;
}

/** Older runs are deleted: half a year of one every six hours. */
const KEPT_RUNS = 800;

/** The ledger of reconciliations, which is their queue as well. */
@Injectable()
export class ReconciliationRunRepository {
  constructor(private readonly dataSource: DataSource) {}

  find(id: string): Promise<ReconciliationRun | null> {
    return this.dataSource.getRepository(ReconciliationRun).findOneBy({ id });
  }

  /** Newest first. */
  list({ verdict, limit, before }: ReconciliationFilter): Promise<ReconciliationRun[]> {
    const query = this.dataSource
      .getRepository(ReconciliationRun)
      .createQueryBuilder('run')
      .orderBy('run.id', 'DESC')
      .take(limit);
    if (verdict !== undefined) query.andWhere('run.verdict = :verdict', { verdict });
    if (before !== undefined) query.andWhere('run.id < :before', { before });
    return query.getMany();
  }

  /** The newest one that ended. */
  latest(): Promise<ReconciliationRun | null> {
    return this.dataSource
      .getRepository(ReconciliationRun)
      .findOne({ where: { state: 'finished' }, order: { id: 'DESC' } });
  }

  queued(): Promise<ReconciliationRun | null> {
    return this.dataSource.getRepository(ReconciliationRun).findOneBy({ state: 'queued' });
  }

  /** The open run, queued now unless there is one already; it stays open until the transaction ends. */
  async open(
    manager: EntityManager,
    request: { trigger: ReconciliationTrigger; verifies?: string },
  ): Promise<ReconciliationRun> {
    // Nothing is updated: it holds the row, which could otherwise end before it is read.
    const [open] = await manager.query<{ id: string }[]>(
      `INSERT INTO reconciliation_runs AS open (id, trigger, verifies, state) VALUES ($1, $2, $3, 'queued')
       ON CONFLICT ((true)) WHERE state IN ('queued', 'running') DO UPDATE SET trigger = open.trigger
       RETURNING id`,
      [newId(), request.trigger, request.verifies ?? null],
    );
    return manager.getRepository(ReconciliationRun).findOneByOrFail({ id: open?.id ?? '' });
  }

  findOpen(manager: EntityManager): Promise<ReconciliationRun | null> {
    return manager
      .getRepository(ReconciliationRun)
      .createQueryBuilder('run')
      .where("run.state IN ('queued', 'running')")
      .getOne();
  }

  /** From `queued` to `running` under the lease that the caller holds. Null when somebody else has it. */
  async start(manager: EntityManager, { owner, fence }: Lease): Promise<ReconciliationRun | null> {
    const [started] = await manager.query<{ id: string }[]>(
      `WITH started AS (
         UPDATE reconciliation_runs SET state = 'running', owner = $1, fence = $2, starts = starts + 1,
                started_at = clock_timestamp()
          WHERE state = 'queued' RETURNING id)
       SELECT id FROM started`,
      [owner, fence],
    );
    return started === undefined ? null : manager.getRepository(ReconciliationRun).findOneBy({ id: started.id });
  }

  /** Ends a run that the caller still owns, and deletes what is old. False when somebody else has taken it over. */
  async finish(
    manager: EntityManager,
    { id, owner, fence }: Pick<ReconciliationRun, 'id' | 'owner' | 'fence'>,
    outcome: ReconciliationOutcome,
  ): Promise<boolean> {
    const result = await manager
      .createQueryBuilder()
      .update(ReconciliationRun)
      .set({ ...outcome, state: 'finished', finishedAt: () => 'clock_timestamp()' } as object)
      .where("id = :id AND owner = :owner AND fence = :fence AND state = 'running'", { id, owner, fence })
      .execute();
    await manager.query(
      `DELETE FROM reconciliation_runs WHERE state = 'finished' AND id <
         (SELECT id FROM reconciliation_runs ORDER BY id DESC OFFSET ${KEPT_RUNS} LIMIT 1)`,
    );
    return result.affected === 1;
  }

  /** Puts a run back that its process leaves of its own will: it is as if it had never begun. */
  async putBack({ id, owner, fence }: Pick<ReconciliationRun, 'id' | 'owner' | 'fence'>): Promise<void> {
    await this.dataSource.query(
      `UPDATE reconciliation_runs SET state = 'queued', owner = NULL, fence = NULL, starts = starts - 1
        WHERE id = $1 AND owner = $2 AND fence = $3 AND state = 'running'`,
      [id, owner, fence],
    );
  }

  /** Puts runs back into the queue whose process is gone, so that the next one carries them out. */
  async requeueOrphans(lease: string): Promise<Pick<ReconciliationRun, 'id' | 'starts'>[]> {
    return this.dataSource.query(
      `WITH orphans AS (
         UPDATE reconciliation_runs r SET state = 'queued', owner = NULL, fence = NULL
          WHERE state = 'running' AND NOT EXISTS (
            SELECT FROM leases l WHERE l.name = $1 AND l.owner = r.owner AND l.fence = r.fence
              AND l.expires_at > clock_timestamp())
         RETURNING id, starts)
       SELECT id, starts FROM orphans`,
      [lease],
    );
  }

  /** Runs with a repair under way, oldest first. */
  repairing(): Promise<ReconciliationRun[]> {
    return this.dataSource
      .getRepository(ReconciliationRun)
      .createQueryBuilder('run')
      .where("run.repairState IN ('wanted', 'syncing', 'verifying')")
      .orderBy('run.id', 'ASC')
      .getMany();
  }

  /** Keeps a repair where it is until the transaction ends. False when another process has moved it on. */
  async holdRepair(manager: EntityManager, { id, at }: { id: string; at: RepairState }): Promise<boolean> {
    const held = await manager.query<unknown[]>(
      'SELECT FROM reconciliation_runs WHERE id = $1 AND repair_state = $2 FOR NO KEY UPDATE',
      [id, at],
    );
    return held.length === 1;
  }

  /** Moves a repair on. False when another process has done so. */
  async moveRepair(
    manager: EntityManager,
    { id, from }: { id: string; from: RepairState },
    to: { state: RepairState; repair: RecordedRepair },
  ): Promise<boolean> {
    const result = await manager
      .createQueryBuilder()
      .update(ReconciliationRun)
      .set({ repairState: to.state, repair: to.repair })
      .where('id = :id AND repair_state = :from', { id, from })
      .execute();
    return result.affected === 1;
  }
}
