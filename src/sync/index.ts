export type { Dataset } from './dataset';
export { DATASETS, datasetNames } from './datasets';
export { UnknownDatasetError } from './sync-errors';
export { SyncModule } from './sync.module';
export { SyncPlan, type PlannedDataset, type SyncTier } from './sync-plan.service';
export type { RefusedWish } from './admit-requests';
export { SyncQueue, type AcceptedRequest, type SyncRequest } from './sync-queue.service';
export { TaostatsQuotes } from './taostats-quotes.service';
