import type { ExactDecimal } from '../../common';
import { ZERO, exact, ratioText } from '../exact';

export const CHECK_IDS = ['R1', 'R2', 'R3', 'R4', 'R5', 'R6', 'R7', 'R8', 'R9', 'R10', 'R11', 'R12', 'R13'] as const;
export type CheckId = (typeof CHECK_IDS)[number];

/** `skipped`: the inputs that the check needs are not there; never a pass. */
export type Severity = 'pass' | 'warn' | 'fail' | 'skipped';

/** One comparison with what it compared. Numbers are decimal text, in rao unless `unit` says otherwise. */
export interface CheckResult {
  check: CheckId;
  /** What was checked: `coldkey/hotkey/netuid`, `pool 7`, a day. */
  subject: string;
  severity: Severity;
  expected: string | null;
  actual: string | null;
  difference: string | null;
  /** Largest difference that still passes. */
  tolerance: string | null;
  unit: 'rao' | 'ratio' | 'count';
  reason: string;
}

/** |difference| <= absolute + relative * |reference|; a sum, so a reference of zero leaves the absolute part in force. */
export interface Tolerance {
  absoluteRao: bigint;
  relative: string;
}

export interface Limits {
  pass: Tolerance;
  /** Up to here a warning; beyond it a failure. */
  warn: Tolerance;
}

/** Compares two amounts in rao under the limits. */
export function compareRao(
  identity: { check: CheckId; subject: string; reason: string },
  amounts: { expectedRao: bigint; actualRao: bigint },
  limits: Limits,
): CheckResult {
  const { expectedRao, actualRao } = amounts;
  const differenceRao = actualRao - expectedRao;
  const allowed = (tolerance: Tolerance): ExactDecimal =>
    exact(tolerance.absoluteRao).plus(exact(expectedRao).abs().times(tolerance.relative));
  const magnitude = exact(differenceRao).abs();
  const severity = magnitude.lte(allowed(limits.pass)) ? 'pass' : magnitude.lte(allowed(limits.warn)) ? 'warn' : 'fail';
  return {
    ...identity,
    severity,
    expected: expectedRao.toString(),
    actual: actualRao.toString(),
    difference: differenceRao.toString(),
    tolerance: allowed(limits.pass).floor().toFixed(),
    unit: 'rao',
  };
}

/** Compares two ratios by how far their quotient is from one. Domain: expected is not zero. */
export function compareRatio(
  identity: { check: CheckId; subject: string; reason: string },
  ratios: { expected: ExactDecimal; actual: ExactDecimal },
  limits: { pass: string; warn: string },
): CheckResult {
  const relative = ratios.expected.isZero() ? ZERO : ratios.actual.div(ratios.expected).minus(1);
  const magnitude = relative.abs();
  return {
    ...identity,
    severity: magnitude.lte(limits.pass) ? 'pass' : magnitude.lte(limits.warn) ? 'warn' : 'fail',
    expected: ratioText(ratios.expected, 28),
    actual: ratioText(ratios.actual, 28),
    difference: ratioText(relative),
    tolerance: limits.pass,
    unit: 'ratio',
  };
}

/** A check that could not be made, with what it lacked. */
export function skipped(check: CheckId, subject: string, reason: string): CheckResult {
  return {
    check,
    subject,
    severity: 'skipped',
    expected: null,
    actual: null,
    difference: null,
    tolerance: null,
    unit: 'rao',
    reason,
  };
}
