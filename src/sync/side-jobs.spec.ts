import { sideJobDemands, sideJobSeconds } from './side-jobs';

describe('jobs beside the datasets', () => {
  const settings = { enableReconciliation: true, reconciliationIntervalHours: 6, quoteCheckIntervalHours: 0.5 };

  it('take part in the budget with what a run costs', () => {
    expect(sideJobDemands(settings, 3)).toEqual([
      { dataset: 'reconciliation', configuredSeconds: 21_600, callsPerRun: 7, rank: 'other' },
      { dataset: 'quote_check', configuredSeconds: 1_800, callsPerRun: 3, rank: 'other' },
    ]);
  });

  it('want nothing while they are off', () => {
    const off = { ...settings, enableReconciliation: false, quoteCheckIntervalHours: 0 };
    expect(sideJobDemands(off, 3)).toEqual([]);
    expect(sideJobSeconds('reconciliation', off)).toBeNull();
  });
});
