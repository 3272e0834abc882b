import type { DataSourceAge } from '../common';
import type { DatedDatasets } from '../database';
import { type StalenessSettings, trustOf } from './freshness';

/** How old `datasets` are and how far they can be trusted; one that nobody registered yet was never synced. */
export function agesOf(
  datasets: readonly string[],
  { now, states }: DatedDatasets,
  settings: StalenessSettings,
): DataSourceAge[] {
  return datasets.map((dataset) => {
    const state = states.get(dataset);
    if (state === undefined) return { dataset, trust: 'unknown', asOf: null, ageSeconds: null, runId: null };
    const { trust, asOf, ageSeconds } = trustOf(state, settings, now);
    return { dataset, trust, asOf, ageSeconds, runId: state.appliedRunId };
  });
}

/** Changes whenever the rows of one of `datasets` may have: every run that ends well moves its last success. */
export function versionOf(datasets: readonly string[], { states }: DatedDatasets): string {
  return datasets
    .map((dataset) => {
      const state = states.get(dataset);
      return `${dataset}:${state?.appliedRunId ?? ''}:${state?.lastSuccessAt?.toISOString() ?? ''}`;
    })
    .join('|');
}
