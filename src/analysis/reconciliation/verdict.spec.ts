import { CHECK_IDS, skipped, type CheckId, type CheckResult, type Severity } from './check';
import { checkBlockGap, checkCoverage } from './completeness';
import { judgeReconciliation } from './verdict';

describe('R12, completeness', () => {
  const coverage = {
    source: 'positions',
    pagesFetched: 3,
    totalPages: 3,
    rowCount: 127,
    distinctKeyCount: 127,
    rejectedCount: 0,
  };

  it('wants every page, every key once and no row refused', () => {
    const severities = (change: Partial<typeof coverage>) =>
      checkCoverage({ ...coverage, ...change }).map((each) => each.severity);
    expect(severities({})).toEqual(['pass', 'pass', 'pass']);
    expect(severities({ pagesFetched: 2 })).toEqual(['fail', 'pass', 'pass']);
    expect(severities({ distinctKeyCount: 126 })).toEqual(['pass', 'fail', 'pass']);
    expect(severities({ rejectedCount: 1 })).toEqual(['pass', 'pass', 'fail']);
    expect(checkCoverage({ ...coverage, totalPages: null })).toHaveLength(2);
  });

  it('does not compare readings more than 300 blocks apart', () => {
    const gap = (stakeBlock: number) => checkBlockGap({ subject: 'own', accountBlock: 1_000, stakeBlock }).severity;
    expect([gap(1_300), gap(700), gap(1_301)]).toEqual(['pass', 'pass', 'fail']);
  });
});

describe('verdict of a run', () => {
  const check = (id: CheckId, severity: Severity): CheckResult => ({ ...skipped(id, 'x', 'y'), severity });

  it.each<[string, CheckResult[]]>([
    ['pass', [check('R1', 'pass'), check('R3', 'pass'), check('R9', 'skipped')]],
    ['pass', [check('R1', 'warn')]],
    ['drift', [check('R1', 'pass'), check('R3', 'warn')]],
    ['drift', [check('R8', 'fail')]],
    ['drift', [check('R10', 'warn')]],
    ['break', [check('R3', 'fail'), check('R1', 'fail')]],
    ['break', [check('R10', 'fail')]],
    ['incomplete', [check('R1', 'fail'), check('R12', 'fail')]],
    ['incomplete', [check('R1', 'skipped')]],
    ['incomplete', []],
  ])('is %s', (verdict, results) => {
    expect(judgeReconciliation(results).verdict).toBe(verdict);
  });

  it('counts per check, puts failures first and stops relying on quotes when the curve no longer fits', () => {
    const report = judgeReconciliation([
      check('R3', 'warn'),
      check('R9', 'fail'),
      check('R3', 'pass'),
      check('R7', 'skipped'),
    ]);
    expect(report.checks).toEqual([
      { check: 'R3', verdict: 'drift', passed: 1, warned: 1, failed: 0, skipped: 0, worst: check('R3', 'warn') },
      { check: 'R7', verdict: 'incomplete', passed: 0, warned: 0, failed: 0, skipped: 1, worst: null },
      { check: 'R9', verdict: 'drift', passed: 0, warned: 0, failed: 1, skipped: 0, worst: check('R9', 'fail') },
    ]);
    expect(report.evidence.map((each) => each.check)).toEqual(['R9', 'R3', 'R7']);
    expect(report.quotesUnreliable).toBe(true);
    expect(judgeReconciliation([check('R1', 'fail')]).quotesUnreliable).toBe(false);
    expect(CHECK_IDS).toHaveLength(13);
  });

  it('judges quantities whatever prices say, and names the datasets whose rows are wrong and those that are right', () => {
    const drift = judgeReconciliation([check('R1', 'pass'), check('R3', 'fail'), check('R5', 'pass')]);
    expect([drift.verdict, drift.quantities, drift.broken, drift.sound]).toEqual([
      'drift',
      'pass',
      [],
      ['accounts', 'positions'],
    ]);
    const broken = judgeReconciliation([
      check('R1', 'fail'),
      check('R5', 'pass'),
      check('R7', 'skipped'),
      check('R10', 'pass'),
    ]);
    expect([broken.quantities, broken.broken, broken.sound]).toEqual(['break', ['positions'], ['accounts', 'pools']]);
    const partial = judgeReconciliation([check('R1', 'fail'), check('R10', 'pass'), check('R12', 'fail')]);
    expect([partial.quantities, partial.broken, partial.sound]).toEqual(['incomplete', [], []]);
  });

  it('shows the comparison that is furthest off, a failure before a larger difference that passes', () => {
    const apart = (severity: Severity, difference: string): CheckResult => ({ ...check('R1', severity), difference });
    const worstOf = (...results: CheckResult[]): string | null | undefined =>
      judgeReconciliation(results).checks[0]?.worst?.difference;
    expect(worstOf(apart('pass', '5'), apart('pass', '-70'), apart('pass', '9'))).toBe('-70');
    expect(worstOf(apart('pass', '-700'), apart('fail', '3'), apart('fail', '-4'))).toBe('-4');
  });
});
