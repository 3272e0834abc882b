export type { Dataset } from './dataset';
export { DATASETS, datasetNames } from './datasets';
export { UnknownDatasetError } from './sync-errors';
export { SyncModule } from './sync.module';
export { SyncQueue, type SyncRequest } from './sync-queue.service';
export { TaostatsQuotes } from './taostats-quotes.service';
