import { DATASETS, datasetNames, scheduledNames, selectDatasets } from './datasets';

describe('selectDatasets', () => {
  it('takes the datasets of the mode when none is named', () => {
    expect(selectDatasets(undefined, 'refresh')).toEqual(expect.arrayContaining(['tao_price', 'pools']));
    expect(selectDatasets(undefined, 'refresh')).not.toContain('subnets');
    expect(selectDatasets(undefined, 'full')).toContain('subnets');
  });

  it('takes each named dataset once, whatever the mode', () => {
    expect(selectDatasets(['subnets', 'pools', 'subnets'], 'refresh')).toEqual(['subnets', 'pools']);
  });

  it('takes the one that feeds it for a dataset that has no runs of its own', () => {
    expect(selectDatasets(['accounts'], 'refresh')).toEqual(['positions']);
    expect(selectDatasets(['accounts', 'positions'], 'refresh')).toEqual(['positions']);
    expect(scheduledNames()).not.toContain('accounts');
  });

  it('names the accepted ones when one does not exist', () => {
    expect(() => selectDatasets(['gold'], 'full')).toThrow(
      `"gold" is not a dataset; accepted: ${datasetNames().join(', ')}`,
    );
  });
});

describe('DATASETS', () => {
  it('have names of their own', () => {
    expect(new Set(datasetNames()).size).toBe(DATASETS.length);
  });

  it('hold the three that the service cannot do without', () => {
    expect(DATASETS.filter((dataset) => dataset.isCore).map((dataset) => dataset.name)).toEqual(
      expect.arrayContaining(['tao_price', 'subnets', 'pools']),
    );
  });
});
