import type { UpstreamSnapshot } from '../metrics';
import type { JudgedDataset } from './trust-inputs';

/**
 * One word for people, relative to the dataset's own rhythm. `on_track`: late or failing, but trying again in time.
 * `late`: more than one interval overdue. `error`: more than two. `action_required`: only a person can change the key.
 * `not_on_your_plan`: TaoStats serves it to other plans; it is asked for again every few hours.
 */
export type DatasetStateWord =
  | 'on_time'
  | 'on_track'
  | 'late'
  | 'error'
  | 'action_required'
  | 'not_on_your_plan'
  | 'pending'
  | 'syncing'
  | 'protected';

/** A run takes a while and ticks have jitter: that much is not late. */
const GRACE_SECONDS = 60;

export function stateWordOf(dataset: JudgedDataset, upstream: UpstreamSnapshot | null): DatasetStateWord {
  const { state, freshness, openRun } = dataset;
  if (upstream?.keyState === 'rejected') return 'action_required';
  if (openRun?.state === 'running') return 'syncing';
  if (state.notOnPlanSince !== null) return 'not_on_your_plan';
  if (state.protectedSince !== null) return 'protected';
  if (freshness.successAgeSeconds === null) return state.consecutiveFailures > 0 ? 'error' : 'pending';
  const overdueSeconds = freshness.successAgeSeconds - state.intervalSeconds - GRACE_SECONDS;
  if (overdueSeconds > 2 * state.intervalSeconds) return 'error';
  if (overdueSeconds > state.intervalSeconds) return 'late';
  return overdueSeconds > 0 || state.consecutiveFailures > 0 ? 'on_track' : 'on_time';
}
