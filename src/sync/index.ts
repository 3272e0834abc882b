export type { Dataset } from './dataset';
export { DATASETS, datasetNames } from './datasets';
export { UnknownDatasetError } from './sync-errors';
export { SyncModule } from './sync.module';
export { SyncPlan, type PlannedDataset, type SyncTier } from './sync-plan.service';
export { SyncQueue, type SyncRequest } from './sync-queue.service';
export { TaostatsQuotes } from './taostats-quotes.service';
