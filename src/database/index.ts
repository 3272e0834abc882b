export { DatabaseClock } from './database-clock';
export { DatabaseModule } from './database.module';
export { DatabaseReadiness } from './database-readiness';
export { DatasetState } from './dataset-state.entity';
export { EmbeddedPostgres, type EmbeddedOptions } from './embedded-postgres';
export { EmbeddedUnavailableError } from './embedded-binaries';
export { NewerSchemaError, migrate } from './migrate';
export {
  OPEN_RUN_STATES,
  RUN_MODES,
  RUN_STATES,
  SyncRun,
  type RunMode,
  type RunPhase,
  type RunState,
  type RunTrigger,
} from './sync-run.entity';
export { DatabaseNotReadyError } from './treasury-data-source';
export { UnitOfWork } from './unit-of-work';
export { MetricsStore, type MetricsReading } from './metrics-store.service';
export { TrustIssueRepository, type OpenIssue } from './trust-issue.repository';
export { TrustReadingRepository, type DatasetReading, type TrustReading } from './trust-reading.repository';
export type { GateChange, GateState, GrantLog, GrantPriority, UpstreamGate } from './upstream-gate';
export { UpstreamGateRepository, type GateScopes } from './upstream-gate.repository';
