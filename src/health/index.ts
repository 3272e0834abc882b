export { Drain } from './drain';
export { HealthModule } from './health.module';
export type { DatasetView } from './dataset-view';
export type { TrustPack } from './trust-pack';
export { TrustSnapshot, type PreparedPack } from './trust-snapshot.service';
