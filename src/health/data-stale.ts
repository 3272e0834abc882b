import type { DatasetView } from './dataset-view';

type DatedView = Pick<DatasetView, 'is_core' | 'age_seconds' | 'interval_seconds'>;

/**
 * `data_stale` of /api/v1/health: a core dataset was never synced, or has reached STALE_DATA_THRESHOLD_MINUTES (one and a
 * half intervals where those are longer). Without a core dataset nothing is known, and that is stale too.
 */
export function isDataStale(
  datasets: readonly DatedView[],
  { staleDataThresholdMinutes }: { staleDataThresholdMinutes: number },
): boolean {
  const core = datasets.filter((dataset) => dataset.is_core);
  return (
    core.length === 0 ||
    core.some(
      ({ age_seconds: ageSeconds, interval_seconds: intervalSeconds }) =>
        ageSeconds === null || ageSeconds >= Math.max(staleDataThresholdMinutes * 60, 1.5 * intervalSeconds),
    )
  );
}
