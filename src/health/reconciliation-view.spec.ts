import { NOW, quoteCheck, trustInputs } from '../../test/support/trust-inputs';
import { buildReconciliation, findReconciliationIssues, toReconciliationStanding } from './reconciliation-view';

const AT = new Date('2026-01-15T11:00:00Z');

const last = {
  id: 'r',
  verdict: 'break',
  quantities: 'break',
  reason: null,
  finishedAt: AT,
  breaks: 2,
  balancesOffTao: '1.5',
} as const;

describe('reconciliation in the trust pack', () => {
  it('knows nothing before the first run, which is no pass', () => {
    expect(buildReconciliation(trustInputs())).toMatchObject({ enabled: false, last_verdict: null, quote_check: null });
    expect(toReconciliationStanding(trustInputs())).toEqual({
      intervalSeconds: 0,
      verdict: null,
      breaks: null,
      balancesOffTao: null,
      lastRunAt: null,
      lastPassAt: null,
      quoteDrifted: null,
    });
    expect(findReconciliationIssues(trustInputs())).toEqual([]);
  });

  it('shows the newest run, when quantities last added up, and what was compared of a quote', () => {
    const inputs = trustInputs({
      featureFlags: { enable_reconciliation: true },
      reconciliation: { last, lastPassAt: null, quote: quoteCheck('pass') },
    });
    expect(buildReconciliation(inputs)).toMatchObject({
      enabled: true,
      last_run_id: 'r',
      last_verdict: 'break',
      breaks: 2,
      last_pass_at: null,
      quote_check: { netuid: 9, agreement: 'pass' },
    });
    expect(toReconciliationStanding(inputs)).toMatchObject({
      intervalSeconds: 21_600,
      breaks: 2,
      balancesOffTao: '1.5',
      quoteDrifted: false,
    });
    expect(findReconciliationIssues(inputs)).toEqual([]);
  });

  it('raises an issue while the newest quote is beyond tolerance', () => {
    const inputs = trustInputs({ reconciliation: { last: null, lastPassAt: AT, quote: quoteCheck('fail') } });
    expect(findReconciliationIssues(inputs)).toMatchObject([
      { code: 'quote_drift', severity: 'warning', since: NOW, evidence: { netuid: 9, difference: '0.01' } },
    ]);
    expect(toReconciliationStanding(inputs).quoteDrifted).toBe(true);
  });
});
