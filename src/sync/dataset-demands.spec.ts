import { testSettings } from '../../test/support/test-settings';
import { demandsOf } from './dataset-demands';
import { DATASETS } from './datasets';

const demandOf = (name: string, evidence: { declared?: number; measured?: number } = {}) => {
  const known = (calls: number | undefined) => new Map(calls === undefined ? [] : [[name, calls]]);
  const sources = { declared: known(evidence.declared), measured: known(evidence.measured) };
  return demandsOf(DATASETS, testSettings({ poolsRefreshMinutes: 10 }), sources).find(
    ({ dataset }) => dataset === name,
  );
};

describe('what datasets want of the budget', () => {
  it('is the larger of what they declare and what their runs made', () => {
    expect(demandOf('positions', { declared: 3, measured: 1 })?.callsPerRun).toBe(3);
    expect(demandOf('pools', { declared: 1, measured: 1.256 })?.callsPerRun).toBe(1.26);
  });

  it('is one call where nothing is known, and none for what another dataset fills', () => {
    expect(demandOf('pool_history')?.callsPerRun).toBe(1);
    expect(demandOf('accounts')?.callsPerRun).toBe(0);
  });

  it('ranks core data and the wallets before the rest', () => {
    expect(demandOf('pools')).toMatchObject({ rank: 'core', configuredSeconds: 600 });
    expect(demandOf('positions')?.rank).toBe('wallet');
    expect(demandOf('accounts')?.rank).toBe('wallet');
    expect(demandOf('validators')?.rank).toBe('other');
  });
});
