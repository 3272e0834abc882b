import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { newId } from '../common';
import { type RunMode, type RunState, type RunTrigger, SyncRun } from './sync-run.entity';

export interface RunFilter {
  dataset?: string | undefined;
  state?: RunState | undefined;
  limit: number;
  /** Id of the last run of the page before: ids are in the order of time. */
  before?: string | undefined;
}

export interface RunRequest {
  dataset: string;
  mode: RunMode;
  trigger: RunTrigger;
}

/** Who holds what: every write of a run is bound to it. */
export interface RunHolder {
  owner: string;
  fence: string;
}

export type RunOutcomeFields = Pick<
  SyncRun,
  | 'calls'
  | 'pages'
  | 'rowsSeen'
  | 'rowsChanged'
  | 'rowsUnchanged'
  | 'rowsRejected'
  | 'rowsMissing'
  | 'upstreamAt'
  | 'upstreamBlock'
  | 'answerSha256'
  | 'reasonCode'
  | 'reason'
  | 'phases'
> &
  Partial<Pick<SyncRun, 'refusalSha256'>>;

/** The ledger of runs. Lists newest first. */
@Injectable()
export class SyncRunRepository {
  constructor(private readonly dataSource: DataSource) {}

  find(id: string): Promise<SyncRun | null> {
    return this.dataSource.getRepository(SyncRun).findOneBy({ id });
  }

  list({ dataset, state, limit, before }: RunFilter): Promise<SyncRun[]> {
    const query = this.dataSource
      .getRepository(SyncRun)
      .createQueryBuilder('run')
      .orderBy('run.id', 'DESC')
      .take(limit);
    if (dataset !== undefined) query.andWhere('run.dataset = :dataset', { dataset });
    if (state !== undefined) query.andWhere('run.state = :state', { state });
    if (before !== undefined) query.andWhere('run.id < :before', { before });
    return query.getMany();
  }

  /** Calls of the last good run of each dataset. */
  async lastCalls(): Promise<Map<string, number>> {
    const rows = await this.dataSource.query<{ dataset: string; calls: number }[]>(
      `SELECT s.dataset, r.calls FROM dataset_states s CROSS JOIN LATERAL (
         SELECT calls FROM sync_runs WHERE dataset = s.dataset AND state IN ('applied', 'confirmed')
          ORDER BY id DESC LIMIT 1) r`,
    );
    return new Map(rows.map((row) => [row.dataset, row.calls]));
  }

  /** Queues a run for each dataset that has none open, and answers the open run of each, in the order asked. */
  async open(manager: EntityManager, requests: readonly RunRequest[]): Promise<SyncRun[]> {
    if (requests.length === 0) return [];
    const rows = requests.map((request) => ({ id: newId(), ...request }));
    await manager.query(
      `INSERT INTO sync_runs (id, dataset, mode, trigger, state)
       SELECT id, dataset, mode, trigger, 'queued'
         FROM json_to_recordset($1::json) AS r(id uuid, dataset text, mode text, trigger text)
        ORDER BY dataset
       ON CONFLICT (dataset) WHERE state IN ('queued', 'running') DO NOTHING`,
      [JSON.stringify(rows)],
    );
    const open = await this.findOpen(
      manager,
      requests.map((request) => request.dataset),
    );
    return requests.flatMap((request) => open.find((run) => run.dataset === request.dataset) ?? []);
  }

  /** Runs of these datasets that wait or are under way: at most one each. */
  findOpen(manager: EntityManager, datasets: readonly string[]): Promise<SyncRun[]> {
    return manager
      .getRepository(SyncRun)
      .createQueryBuilder('run')
      .where("run.state IN ('queued', 'running')")
      .andWhere('run.dataset = ANY(:datasets)', { datasets })
      .getMany();
  }

  /** From `queued` to `running` under the lease that the caller holds. False when somebody else took or ended the run. */
  async start(manager: EntityManager, id: string, { owner, fence }: RunHolder): Promise<boolean> {
    const started = await manager.query<unknown[]>(
      `WITH started AS (
         UPDATE sync_runs SET state = 'running', owner = $2, fence = $3, started_at = clock_timestamp()
          WHERE id = $1 AND state = 'queued' RETURNING id, dataset),
       attempted AS (
         UPDATE dataset_states s SET last_attempt_at = clock_timestamp() FROM started WHERE s.dataset = started.dataset)
       SELECT id FROM started`,
      [id, owner, fence],
    );
    return started.length === 1;
  }

  /** Ends a running run that the caller still owns. False when it was ended by somebody else: a zombie wrote nothing. */
  async close(
    manager: EntityManager,
    run: { id: string; state: RunState; holder: RunHolder },
    fields: RunOutcomeFields,
  ): Promise<boolean> {
    const result = await manager
      .createQueryBuilder()
      .update(SyncRun)
      .set({ ...fields, state: run.state, finishedAt: () => 'clock_timestamp()' })
      .where('id = :id AND owner = :owner AND fence = :fence', { id: run.id, ...run.holder })
      .andWhere("state = 'running'")
      .execute();
    return result.affected === 1;
  }

  /**
   * Ends runs whose process is gone: `running` without a living lease of the same owner and fence. Their datasets become
   * due at once. Answers the runs, so that their jobs can be removed.
   */
  async interruptOrphans(manager: EntityManager): Promise<Pick<SyncRun, 'id' | 'dataset'>[]> {
    return manager.query(
      `WITH ended AS (
         UPDATE sync_runs r
            SET state = 'interrupted', finished_at = clock_timestamp(), reason_code = 'sync/process-lost',
                reason = 'The process that ran it stopped renewing its lease.'
          WHERE state = 'running' AND NOT EXISTS (
            SELECT FROM leases l WHERE l.name = r.dataset AND l.owner = r.owner AND l.fence = r.fence
              AND l.expires_at > clock_timestamp())
         RETURNING id, dataset),
       due AS (
         UPDATE dataset_states s
            SET next_due_at = clock_timestamp(), last_run_id = ended.id, last_run_state = 'interrupted',
                consecutive_failures = consecutive_failures + 1, last_error_code = 'sync/process-lost',
                last_error = 'The process that ran it stopped renewing its lease.', last_error_at = clock_timestamp()
           FROM ended WHERE s.dataset = ended.dataset)
       SELECT id, dataset FROM ended`,
    );
  }

  /** Runs that wait for longer than `ageSeconds`: their job may have been lost. */
  async waitingLongerThan(ageSeconds: number): Promise<Pick<SyncRun, 'id' | 'dataset'>[]> {
    return this.dataSource.query(
      `SELECT id, dataset FROM sync_runs
        WHERE state = 'queued' AND queued_at < clock_timestamp() - make_interval(secs => $1)`,
      [ageSeconds],
    );
  }
}
