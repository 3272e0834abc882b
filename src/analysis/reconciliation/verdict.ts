import { ExactDecimal } from '../../common';
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
/** Whose rows are wrong when a check of quantities fails. Completeness and prices are nobody's rows. */
const DATASETS_OF: Readonly<Partial<Record<CheckId, readonly string[]>>> = {
  R1: ['positions'],
  R4: ['positions', 'accounts'],
  R5: ['accounts'],
  R6: ['transfers'],
  R7: ['delegation_events'],
  R10: ['pools'],
  R11: ['delegation_events'],
  R13: ['delegation_events'],
};

export interface CheckSummary {
  check: CheckId;
  verdict: Verdict;
  passed: number;
  warned: number;
  failed: number;
  skipped: number;
  /** The comparison that is furthest off, the worst severity first; null when none could be made. */
  worst: CheckResult | null;
}

export interface ReconciliationReport {
  verdict: Verdict;
  /** The same of quantities alone, whatever prices say. */
  quantities: Exclude<Verdict, 'drift'>;
  checks: CheckSummary[];
  /** Everything that did not pass, failures first. */
  evidence: CheckResult[];
  /** Datasets with a quantity that does not add up; none while the run is incomplete. */
  broken: string[];
  /** Datasets whose quantities were compared and all add up; none while the run is incomplete. */
  sound: string[];
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
  const quantities = quantitiesOf(results, failed);
  const broken = quantities === 'break' ? datasetsOf(failed) : [];
  const compared = datasetsOf(results.filter((result) => result.severity !== 'skipped'));
  return {
    verdict: verdictOf(quantities, failed, warned),
    quantities,
    checks,
    evidence: [...failed, ...warned, ...notMade],
    broken,
    sound: quantities === 'incomplete' ? [] : compared.filter((dataset) => !broken.includes(dataset)),
    quotesUnreliable: failed.some((result) => QUOTE_CHECKS.has(result.check)),
  };
}

/** True when a failure of the check is about how much is owned. */
export function isQuantityCheck(check: CheckId): boolean {
  return check !== 'R12' && !PRICE_CHECKS.has(check);
}

function datasetsOf(results: readonly CheckResult[]): string[] {
  return [...new Set(results.flatMap((result) => DATASETS_OF[result.check] ?? []))].sort();
}

function quantitiesOf(
  results: readonly CheckResult[],
  failed: readonly CheckResult[],
): ReconciliationReport['quantities'] {
  if (failed.some((result) => result.check === 'R12')) return 'incomplete';
  if (results.every((result) => result.severity === 'skipped')) return 'incomplete';
  return failed.some((result) => isQuantityCheck(result.check)) ? 'break' : 'pass';
}

function verdictOf(
  quantities: ReconciliationReport['quantities'],
  failed: readonly CheckResult[],
  warned: readonly CheckResult[],
): Verdict {
  if (quantities !== 'pass') return quantities;
  const drifted = failed.length > 0 || warned.some((result) => DRIFT_ON_WARNING.has(result.check));
  return drifted ? 'drift' : 'pass';
}

function summarize(check: CheckId, results: readonly CheckResult[]): CheckSummary {
  const own = results.filter((result) => result.check === check);
  const of = (severity: CheckResult['severity']): CheckResult[] => own.filter((each) => each.severity === severity);
  const [passed, warned, failed, notMade] = [of('pass'), of('warn'), of('fail'), of('skipped')];
  const furthest = [failed, warned, passed].find((group) => group.length > 0) ?? [];
  return {
    check,
    verdict: verdictOfCheck(check, { passed, warned, failed }),
    passed: passed.length,
    warned: warned.length,
    failed: failed.length,
    skipped: notMade.length,
    worst: furthest.reduce<CheckResult | null>(
      (worst, each) => (worst === null || distanceOf(each).gt(distanceOf(worst)) ? each : worst),
      null,
    ),
  };
}

function verdictOfCheck(
  check: CheckId,
  { passed, warned, failed }: Record<'passed' | 'warned' | 'failed', readonly CheckResult[]>,
): Verdict {
  if (passed.length + warned.length + failed.length === 0) return 'incomplete';
  if (failed.length > 0) return check === 'R12' ? 'incomplete' : isQuantityCheck(check) ? 'break' : 'drift';
  return warned.length > 0 && DRIFT_ON_WARNING.has(check) ? 'drift' : 'pass';
}

function distanceOf({ difference }: CheckResult): ExactDecimal {
  return new ExactDecimal(difference ?? '0').abs();
}
