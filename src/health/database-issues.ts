import type { Finding } from './issue';
import type { TrustInputs } from './trust-inputs';

/** How long one report of a full disk stands while nobody tries again. */
const DISK_FULL_STANDS_MS = 60_000;
const DISK_FULL = 'database/disk-full';

/** What is wrong with PostgreSQL itself. */
export function findDatabaseIssues({ database, datasets }: TrustInputs): Finding[] {
  const findings: Finding[] = [];
  if (!database.reachable) {
    findings.push({
      code: 'database_down',
      severity: 'critical',
      message: 'PostgreSQL does not answer: figures are the last that were read, and nothing is synced.',
      ...(database.downSince === null ? {} : { since: database.downSince }),
      evidence: { problem: database.problem, last_read_at: database.readAt },
    });
  }
  if (database.reachable && database.readOnly) {
    findings.push({
      code: 'database_read_only',
      severity: 'critical',
      message: 'PostgreSQL takes no changes: figures are read, and nothing is synced.',
      evidence: { last_read_at: database.readAt },
    });
  }
  const unstored = datasets
    .filter(({ state }) => state.consecutiveFailures > 0 && state.lastErrorCode === DISK_FULL)
    .map(({ state }) => state.dataset);
  const isFresh = database.diskFullForMs !== null && database.diskFullForMs < DISK_FULL_STANDS_MS;
  if (isFresh || unstored.length > 0) {
    findings.push({
      code: 'disk_full',
      severity: 'critical',
      message: 'PostgreSQL has no room left: what is stored can be read, and nothing new is stored.',
      evidence: { datasets: unstored },
    });
  }
  return findings;
}
