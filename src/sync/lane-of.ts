import { findDataset } from './datasets';
import type { Lane } from './job-queue.service';

/** The lane whose workers run a dataset. */
export function laneOf(dataset: string): Lane {
  return findDataset(dataset)?.isCore === true ? 'core' : 'other';
}
