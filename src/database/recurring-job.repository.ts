import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';

/** When work beside the datasets is due, by the database's clock. */
@Injectable()
export class RecurringJobRepository {
  /** A shortened interval takes effect at once. Writes nothing, and locks nothing, while the interval is as it was. */
  async register(manager: EntityManager, job: string, intervalSeconds: number): Promise<void> {
    await manager.query(
      `INSERT INTO recurring_jobs AS j (job, interval_seconds)
       SELECT $1::text, $2::int WHERE NOT EXISTS (
         SELECT FROM recurring_jobs WHERE job = $1::text AND interval_seconds = $2::int)
       ON CONFLICT (job) DO UPDATE SET interval_seconds = excluded.interval_seconds,
         next_due_at = least(j.next_due_at, clock_timestamp() + make_interval(secs => excluded.interval_seconds))`,
      [job, intervalSeconds],
    );
  }

  /**
   * True for one of all processes when the job is due, which moves it one interval ahead, however long ago that was.
   * Not before every dataset of `after` was synced once: the job would only find that nothing is known.
   */
  async claim(manager: EntityManager, job: string, after: readonly string[]): Promise<boolean> {
    const claimed = await manager.query<unknown[]>(
      `WITH due AS (
         SELECT job FROM recurring_jobs WHERE job = $1 AND next_due_at <= clock_timestamp() FOR UPDATE SKIP LOCKED),
       claimed AS (
         UPDATE recurring_jobs j SET next_due_at = clock_timestamp() + make_interval(secs => interval_seconds)
           FROM due WHERE j.job = due.job AND $3::int = (
             SELECT count(*) FROM dataset_states WHERE dataset = ANY($2) AND last_success_at IS NOT NULL)
         RETURNING 1)
       SELECT * FROM claimed`,
      [job, after, after.length],
    );
    return claimed.length === 1;
  }

  /** Makes a job due in so many seconds, unless it is sooner anyhow. */
  async hasten(manager: EntityManager, job: string, seconds: number): Promise<void> {
    await manager.query(
      `UPDATE recurring_jobs SET next_due_at = clock_timestamp() + make_interval(secs => $2)
        WHERE job = $1 AND next_due_at > clock_timestamp() + make_interval(secs => $2)`,
      [job, seconds],
    );
  }
}
