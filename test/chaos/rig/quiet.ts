import type { ChaosWorld } from './chaos-world';
import { whilePassing } from './while-passing';

/** Beyond whatever a case lets pass. */
const PUT_OFF_YEARS = 10;
const SCHEDULES = ['dataset_states', 'recurring_jobs'] as const;

/** Puts off whatever would ask the upstream by itself, so that a case sees only the traffic that it is about. */
export async function putOff(world: ChaosWorld): Promise<void> {
  await whilePassing(world, () =>
    world.eventually('nothing is under way and nothing is due', async () => {
      for (const table of SCHEDULES) {
        await world.rows(
          `UPDATE ${table} SET next_due_at = next_due_at + make_interval(years => ${PUT_OFF_YEARS})
            WHERE NOT ${isPutOff}`,
        );
      }
      // A run that ended in between has set its next due time anew.
      const [open] = await world.rows(
        `SELECT EXISTS (SELECT FROM sync_runs WHERE state IN ('queued', 'running'))
             OR EXISTS (SELECT FROM reconciliation_runs WHERE state <> 'finished')
             OR EXISTS (SELECT FROM dataset_states WHERE NOT ${isPutOff}) AS under_way`,
      );
      return open?.['under_way'] === 'f';
    }),
  );
}

/** Lets everything be due when it would have been: what time has passed over is due now. */
export async function takeUp(world: ChaosWorld): Promise<void> {
  for (const table of SCHEDULES) {
    await world.rows(
      `UPDATE ${table} SET next_due_at = next_due_at - make_interval(years => ${PUT_OFF_YEARS}) WHERE ${isPutOff}`,
    );
  }
}

const isPutOff = `next_due_at > clock_timestamp() + make_interval(years => ${PUT_OFF_YEARS / 2})`;
