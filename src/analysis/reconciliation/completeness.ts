import type { CheckResult } from './check';

/** An account reading may be this much older or newer than the stake rows it is compared with: an hour of blocks. */
export const MAXIMUM_BLOCK_GAP = 300;

/** What is known of one source of a run. Counts as fetched; null where the source does not say. */
export interface SourceCoverage {
  source: string;
  pagesFetched: number;
  totalPages: number | null;
  rowCount: number;
  distinctKeyCount: number;
  rejectedCount: number;
}

/** R12 for a source: every page, every key once, no row refused. A failure makes the run incomplete, not passed. */
export function checkCoverage(coverage: SourceCoverage): CheckResult[] {
  const { source, pagesFetched, totalPages, rowCount, distinctKeyCount, rejectedCount } = coverage;
  return [
    ...(totalPages === null
      ? []
      : [count(source, 'pages fetched of those announced', Math.max(totalPages, 1), pagesFetched)]),
    count(source, 'rows under a key of their own', rowCount, distinctKeyCount),
    count(source, 'rows refused', 0, rejectedCount),
  ];
}

/** R12 for a pair of readings: the account and the stake rows are of about the same time. */
export function checkBlockGap(readings: { subject: string; accountBlock: number; stakeBlock: number }): CheckResult {
  const gap = Math.abs(readings.accountBlock - readings.stakeBlock);
  return {
    check: 'R12',
    subject: readings.subject,
    severity: gap <= MAXIMUM_BLOCK_GAP ? 'pass' : 'fail',
    expected: String(readings.accountBlock),
    actual: String(readings.stakeBlock),
    difference: String(readings.stakeBlock - readings.accountBlock),
    tolerance: String(MAXIMUM_BLOCK_GAP),
    unit: 'count',
    reason: 'blocks between the account and the stake rows',
  };
}

function count(source: string, reason: string, expected: number, actual: number): CheckResult {
  return {
    check: 'R12',
    subject: source,
    severity: expected === actual ? 'pass' : 'fail',
    expected: String(expected),
    actual: String(actual),
    difference: String(actual - expected),
    tolerance: '0',
    unit: 'count',
    reason,
  };
}
