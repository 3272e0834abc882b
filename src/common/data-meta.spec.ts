import { type DataSourceAge, buildMeta } from './data-meta';

const pools: DataSourceAge = {
  dataset: 'pools',
  trust: 'ok',
  asOf: new Date('2026-01-01T00:10:00Z'),
  ageSeconds: 60,
  runId: 'run-of-pools',
};
const subnets: DataSourceAge = {
  dataset: 'subnets',
  trust: 'protected',
  asOf: new Date('2026-01-01T00:00:00Z'),
  ageSeconds: 660,
  runId: 'run-of-subnets',
};
const never: DataSourceAge = { dataset: 'tao_price', trust: 'unknown', asOf: null, ageSeconds: null, runId: null };

describe('the meta of an answer', () => {
  it('has the age of its oldest dataset and the trust of its worst', () => {
    expect(buildMeta([pools, subnets], 'taostats')).toMatchObject({
      as_of: '2026-01-01T00:00:00.000Z',
      age_seconds: 660,
      trust: 'protected',
      run_id: 'run-of-subnets',
      source: 'taostats',
      simulated: false,
      datasets: { pools: { trust: 'ok', age_seconds: 60 } },
    });
  });

  it('is unknown as a whole when one dataset was never synced', () => {
    expect(buildMeta([pools, never, subnets], 'simulator')).toMatchObject({
      as_of: null,
      age_seconds: null,
      trust: 'unknown',
      run_id: null,
      simulated: true,
    });
  });
});
