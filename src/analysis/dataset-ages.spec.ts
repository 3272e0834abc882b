import type { DatasetState, DatedDatasets } from '../database';
import { agesOf, versionOf } from './dataset-ages';

const SETTINGS = { syncStalenessWarningMinutes: 15, syncStalenessCriticalMinutes: 60 };
const NOW = new Date('2026-01-01T01:00:00Z');

function dated(...states: Partial<DatasetState>[]): DatedDatasets {
  const rows = states.map((state) => ({
    intervalSeconds: 600,
    lastSuccessAt: null,
    upstreamAt: null,
    protectedSince: null,
    hasDrift: false,
    appliedRunId: null,
    ...state,
  }));
  return { now: NOW, states: new Map(rows.map((row) => [row.dataset ?? '', row as DatasetState])) };
}

const POOLS = { dataset: 'pools', appliedRunId: 'run', lastSuccessAt: new Date('2026-01-01T00:59:00Z') };

describe('the ages of datasets', () => {
  it('come in the order asked, with the run whose rows are read', () => {
    const subnets = { dataset: 'subnets', appliedRunId: 'older', lastSuccessAt: new Date('2026-01-01T00:30:00Z') };
    expect(agesOf(['subnets', 'pools'], dated(POOLS, subnets), SETTINGS)).toEqual([
      { dataset: 'subnets', trust: 'stale', asOf: subnets.lastSuccessAt, ageSeconds: 1800, runId: 'older' },
      { dataset: 'pools', trust: 'ok', asOf: POOLS.lastSuccessAt, ageSeconds: 60, runId: 'run' },
    ]);
  });

  it('are unknown for a dataset that was never synced or that nobody registered', () => {
    const unknown = { trust: 'unknown', asOf: null, ageSeconds: null, runId: null };
    expect(agesOf(['pools', 'gold'], dated({ dataset: 'pools' }), SETTINGS)).toEqual([
      { dataset: 'pools', ...unknown },
      { dataset: 'gold', ...unknown },
    ]);
  });
});

describe('the version of datasets', () => {
  it('changes with every run that ends well, and with nothing else', () => {
    const version = versionOf(['pools'], dated(POOLS));
    expect(versionOf(['pools'], dated({ ...POOLS, protectedSince: NOW, consecutiveFailures: 3 }))).toBe(version);
    expect(versionOf(['pools'], dated({ ...POOLS, appliedRunId: 'next' }))).not.toBe(version);
    expect(versionOf(['pools'], dated({ ...POOLS, lastSuccessAt: NOW }))).not.toBe(version);
    expect(versionOf(['pools'], dated())).not.toBe(version);
  });
});
