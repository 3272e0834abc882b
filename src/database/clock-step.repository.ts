import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { retryTransaction } from './transient-failure';
import { UnitOfWork } from './unit-of-work';

/** Below this a clock is being corrected as clocks are, and everything waits that much longer. */
const TOLERANCE_SECONDS = 5;

/** What decides when something may happen again, or how old it is. Times of upstream are its own and stay. */
const TIMES: Readonly<Record<string, readonly string[]>> = {
  dataset_states: [
    'next_due_at',
    'last_attempt_at',
    'last_success_at',
    'last_changed_at',
    'last_error_at',
    'protected_since',
    'refused_since',
    'drift_since',
    'not_on_plan_since',
  ],
  wallet_states: ['last_attempt_at', 'last_success_at'],
  sync_runs: ['queued_at', 'started_at', 'finished_at'],
  sync_pages: ['received_at'],
  sync_requests: ['accepted_at', 'paid_until'],
  leases: ['expires_at'],
  upstream_grants: ['taken_at'],
  upstream_keys: ['blocked_until', 'struck_at', 'probe_until'],
  backfills: ['retry_at'],
  recurring_jobs: ['next_due_at'],
  alerts: ['due_at'],
  alert_deliveries: ['next_attempt_at', 'claimed_until'],
};
/** The queue's own, which is there from its first use on. */
const JOBS = 'pgboss.job';

/**
 * Follows the database's clock when it is set back: without that, all that was to happen within minutes would wait until
 * the clock has come as far again, and an answer of an hour ago would be taken for one of this moment.
 */
@Injectable()
export class ClockStepRepository {
  constructor(private readonly unitOfWork: UnitOfWork) {}

  /**
   * Moves every time of ours that lies ahead back by as much as the clock was. Answers by how many seconds; 0 where
   * nothing was, or another replica has done it. Known by the newest attempt: it was made before now by any right clock.
   */
  async follow(): Promise<number> {
    if ((await secondsAhead(this.unitOfWork.manager)) <= TOLERANCE_SECONDS) return 0;
    return retryTransaction(() =>
      this.unitOfWork.run(async (manager) => {
        await manager.query("SELECT pg_advisory_xact_lock(hashtext('clock-step'))");
        const seconds = await secondsAhead(manager);
        if (seconds <= TOLERANCE_SECONDS) return 0;
        for (const [table, columns] of Object.entries(TIMES)) await moveBack(manager, { table, columns, seconds });
        if (await hasJobs(manager)) await moveBack(manager, { table: JOBS, columns: ['start_after'], seconds });
        return seconds;
      }),
    );
  }
}

async function secondsAhead(manager: EntityManager): Promise<number> {
  const [row] = await manager.query<{ seconds: number | null }[]>(
    `SELECT extract(epoch FROM greatest((SELECT max(last_attempt_at) FROM dataset_states),
                                        (SELECT max(taken_at) FROM upstream_grants)) - clock_timestamp())::float8 AS seconds`,
  );
  return row?.seconds ?? 0;
}

interface Step {
  table: string;
  columns: readonly string[];
  seconds: number;
}

async function moveBack(manager: EntityManager, { table, columns, seconds }: Step): Promise<void> {
  const moved = columns.map(
    (column) =>
      `${column} = CASE WHEN ${column} > clock_timestamp() THEN ${column} - make_interval(secs => $1) ELSE ${column} END`,
  );
  const isAhead = columns.map((column) => `${column} > clock_timestamp()`);
  await manager.query(`UPDATE ${table} SET ${moved.join(', ')} WHERE ${isAhead.join(' OR ')}`, [seconds]);
}

async function hasJobs(manager: EntityManager): Promise<boolean> {
  const [row] = await manager.query<{ found: boolean }[]>('SELECT to_regclass($1) IS NOT NULL AS found', [JOBS]);
  return row?.found ?? false;
}
