import { CHECK_IDS, type CheckId, type CheckResult } from './check';

/**
 * `pass`: quantities and prices agree. `drift`: only prices or the price model disagree. `break`: a quantity does not add
 * up. `incomplete`: a source was partial or nothing could be checked, so nothing was shown to be right.
 */
export type Verdict = 'pass' | 'drift' | 'break' | 'incomplete';

/** Checks whose failure is about a price or the model of it, not about how much is owned. */
const PRICE_CHECKS: ReadonlySet<CheckId> = new Set<CheckId>(['R2', 'R3', 'R8', 'R9']);
/** Warnings of these mean that a model assumption (weights, fee, a value) moved: reported as drift. */
const DRIFT_ON_WARNING: ReadonlySet<CheckId> = new Set<CheckId>(['R2', 'R3', 'R8', 'R9', 'R10']);
/** A failure here means that quotes can no longer be relied on. */
const QUOTE_CHECKS: ReadonlySet<CheckId> = new Set<CheckId>(['R8', 'R9']);

export interface CheckSummary {
  check: CheckId;
  passed: number;
  warned: number;
  failed: number;
  skipped: number;
}

export interface ReconciliationReport {
  verdict: Verdict;
  checks: CheckSummary[];
  /** Everything that did not pass, failures first. */
  evidence: CheckResult[];
  /** True when the curve or fee no longer reproduces the chain: recommendations must wait. */
  quotesUnreliable: boolean;
}

/**
 * Verdict over all checks of a run. An incomplete source outweighs a break, because half a page looks like missing stake;
 * a break outweighs a drift.
 */
export function judgeReconciliation(results: readonly CheckResult[]): ReconciliationReport {
  const checks = CHECK_IDS.map((check) => summarize(check, results)).filter(
    (summary) => summary.passed + summary.warned + summary.failed + summary.skipped > 0,
  );
  const failed = results.filter((result) => result.severity === 'fail');
  const warned = results.filter((result) => result.severity === 'warn');
  const notMade = results.filter((result) => result.severity === 'skipped');
  return {
    verdict: verdictOf(results, failed, warned),
    checks,
    evidence: [...failed, ...warned, ...notMade],
    quotesUnreliable: failed.some((result) => QUOTE_CHECKS.has(result.check)),
  };
}

function verdictOf(results: readonly CheckResult[], failed: CheckResult[], warned: CheckResult[]): Verdict {
  if (failed.some((result) => result.check === 'R12')) return 'incomplete';
  if (results.every((result) => result.severity === 'skipped')) return 'incomplete';
  if (failed.some((result) => !PRICE_CHECKS.has(result.check))) return 'break';
  const drifted = failed.length > 0 || warned.some((result) => DRIFT_ON_WARNING.has(result.check));
  return drifted ? 'drift' : 'pass';
}

function summarize(check: CheckId, results: readonly CheckResult[]): CheckSummary {
  const own = results.filter((result) => result.check === check);
  const count = (severity: CheckResult['severity']): number =>
    own.filter((result) => result.severity === severity).length;
  return { check, passed: count('pass'), warned: count('warn'), failed: count('fail'), skipped: count('skipped') };
}
