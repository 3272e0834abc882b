import type { Settings } from '../config';
import type { DatasetDemand } from '../database';

/** Work beside the datasets that asks TaoStats in an interval of its own, and takes part in the budget. */
export const RECONCILIATION_JOB = 'reconciliation';
export const QUOTE_CHECK_JOB = 'quote_check';
export const SIDE_JOBS = [RECONCILIATION_JOB, QUOTE_CHECK_JOB] as const;
export type SideJob = (typeof SIDE_JOBS)[number];

type JobSettings = Pick<Settings, 'enableReconciliation' | 'reconciliationIntervalHours' | 'quoteCheckIntervalHours'>;

const SECONDS_PER_HOUR = 3_600;
/** A quote, its pool, and the quote once more when they are of different blocks. */
const QUOTE_CHECK_CALLS = 3;

/** Calls of one reconciliation: the pools, and of each wallet its stake balances and its account. */
export function reconciliationCalls(wallets: number): number {
  return 1 + 2 * wallets;
}

/** Configured interval of a job; null while it is off. */
export function sideJobSeconds(job: SideJob, settings: JobSettings): number | null {
  const hours =
    job === QUOTE_CHECK_JOB
      ? settings.quoteCheckIntervalHours
      : settings.enableReconciliation
        ? settings.reconciliationIntervalHours
        : 0;
  return hours === 0 ? null : Math.max(1, Math.round(hours * SECONDS_PER_HOUR));
}

/** What the jobs that are on want of the budget. */
export function sideJobDemands(settings: JobSettings, wallets: number): DatasetDemand[] {
  return SIDE_JOBS.flatMap((job) => {
    const configuredSeconds = sideJobSeconds(job, settings);
    if (configuredSeconds === null) return [];
    const callsPerRun = job === QUOTE_CHECK_JOB ? QUOTE_CHECK_CALLS : reconciliationCalls(wallets);
    return [{ dataset: job, configuredSeconds, callsPerRun, rank: 'other' as const }];
  });
}
