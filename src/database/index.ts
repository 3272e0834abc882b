export { ClockStepRepository } from './clock-step.repository';
export { ClientCountRepository, type ClientHits, type SharedHits } from './client-count.repository';
export { DatabaseClock } from './database-clock';
export { DatabaseModule } from './database.module';
export { DatabaseReadiness } from './database-readiness';
export { DatasetState } from './dataset-state.entity';
export { EmbeddedPostgres, type EmbeddedOptions } from './embedded-postgres';
export { EmbeddedUnavailableError } from './embedded-binaries';
export { inspectDatabase, type DatabaseInspection } from './inspect-database';
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
export { DatabaseNotReadyError, DatabaseUnavailableError, type DatabaseTrouble, troubleOf } from './database-errors';
export { UnitOfWork } from './unit-of-work';
export { MetricsStore, type MetricsReading } from './metrics-store.service';
export { TrustIssueRepository, type OpenIssue } from './trust-issue.repository';
export { LiveEventRepository, type LiveEvent, type LivePosition } from './live-event.repository';
export { TrustHistoryRepository, type RunBeat, type SuccessSpan } from './trust-history.repository';
export { TrustReadingRepository, type DatasetReading, type TrustReading } from './trust-reading.repository';
export type { GateChange, GateState, GrantLog, GrantPriority, UpstreamGate } from './upstream-gate';
export { UpstreamGateRepository, type GateScopes } from './upstream-gate.repository';
export {
  UpstreamSpendRepository,
  type BudgetReading,
  type DatasetDemand,
  type KeySpending,
} from './upstream-spend.repository';
export { Pool } from './pool.entity';
export { PoolHistory } from './pool-history.entity';
export { Subnet } from './subnet.entity';
export { SubnetHistory } from './subnet-history.entity';
export { SubnetIdentity } from './subnet-identity.entity';
export { SubnetGeneration } from './subnet-generation.entity';
export { TaoPrice } from './tao-price.entity';
export { TaoPriceHistory } from './tao-price-history.entity';
export { CurrentRow } from './current-row';
export {
  DatasetStateRepository,
  type DatasetSchedule,
  type DueDataset,
  type FailureFields,
  type SuccessFields,
} from './dataset-state.repository';
export {
  SyncRunRepository,
  type RunFilter,
  type RunHolder,
  type RunOutcomeFields,
  type RunRequest,
} from './sync-run.repository';
export { SyncRequestRepository, type SyncRequestLog } from './sync-request.repository';
export { SyncPageRepository, type AdoptedPage, type SyncPage } from './sync-page.repository';
export { AlertRepository, type StoredAlert } from './alert.repository';
export {
  AlertOutboxRepository,
  type AlertMessage,
  type ClaimedDelivery,
  type Delivery,
  type DeliveryOutcome,
  type DeliveryStatus,
  type DeliveryTarget,
} from './alert-outbox.repository';
export { LeaseRepository, type Lease } from './lease.repository';
export { SnapshotRepository } from './snapshot.repository';
export { QuarantineRepository, type QuarantinedRow } from './quarantine.repository';
export { RawAnswerRepository, type RawAnswer } from './raw-answer.repository';
export { SubnetGenerationRepository } from './subnet-generation.repository';
export { QueueConnection, type QueueDatabase } from './queue-connection';
export { isDatabaseFailure, isRefusedByDatabase, retryTransaction } from './transient-failure';
export { DatedDatasetRepository, type DatedDatasets } from './dated-dataset.repository';
export { SUBNET_DATASETS, SubnetReadRepository, type SubnetTables } from './subnet-read.repository';
export { Wallet, type WalletOrigin } from './wallet.entity';
export { WalletState, type WalletSyncState } from './wallet-state.entity';
export { WALLET_DATASETS, WalletRepository, type AddedWallet } from './wallet.repository';
export { WalletStateRepository, type WalletSetback, type WalletSuccess } from './wallet-state.repository';
export { Account } from './account.entity';
export { AccountHistory, type HistoryOrigin } from './account-history.entity';
export { Position } from './position.entity';
export { PositionHistory } from './position-history.entity';
export { HoldingRepository, type WalletHoldings } from './holding.repository';
export { Backfill, type BackfillState } from './backfill.entity';
export {
  BackfillRepository,
  type BackfillSetback,
  type BackfillStep,
  type BackfillWindow,
} from './backfill.repository';
export { DelegationEvent } from './delegation-event.entity';
export { EventCursor } from './event-cursor.entity';
export { EventGap } from './event-gap.entity';
export { PriceHistory } from './price-history.entity';
export { SubnetEmission } from './subnet-emission.entity';
export { SubnetEmissionHistory } from './subnet-emission-history.entity';
export { TaoFlow } from './tao-flow.entity';
export { TaoFlowHistory } from './tao-flow-history.entity';
export { Transfer } from './transfer.entity';
export { UpstreamCapability } from './upstream-capability.entity';
export { Validator } from './validator.entity';
export { ValidatorIdentity } from './validator-identity.entity';
export { ValidatorYield } from './validator-yield.entity';
export {
  WalletReadRepository,
  type EventProgress,
  type HistoryProgress,
  type WalletStanding,
} from './wallet-read.repository';
export { EventRepository, type EventAdvance, type EventCoverage, type UnreadStretch } from './event.repository';
export { HeldSubnetRepository, type HeldPair, type HeldSubnet } from './held-subnet.repository';
export { PriceHistoryRepository } from './price-history.repository';
export { UpstreamCapabilityRepository } from './upstream-capability.repository';
export type { EventCursorState } from './event-cursor.entity';
export { NAV_DATASETS, NavInputRepository, type NavRows } from './nav-input.repository';
export { NavSnapshot, type SnapshotHolding, type SnapshotWallet } from './nav-snapshot.entity';
export {
  NavSnapshotRepository,
  SNAPSHOT_INTERVALS,
  type NavSample,
  type SnapshotInterval,
} from './nav-snapshot.repository';
export { EarningsEventRepository, type WalletEvents } from './earnings-event.repository';
export { PositionReadRepository, type Market, type PositionFilter } from './position-read.repository';
export { AccountReadRepository } from './account-read.repository';
export { HistoryCoverageRepository, type HistoryCoverage, type HistoryGap } from './history-coverage.repository';
export {
  EVENT_KINDS,
  EventReadRepository,
  type EventFilter,
  type EventKey,
  type EventKind,
  type WalletEvent,
} from './event-read.repository';
export { UNKNOWN_STAKE, ValidatorReadRepository, type ValidatorRows } from './validator-read.repository';
export { PriceReadRepository } from './price-read.repository';
export {
  EarningsBoundaryRepository,
  type BoundaryDay,
  type BoundaryPosition,
  type BoundaryRows,
  type BoundarySnapshot,
} from './earnings-boundary.repository';
export { HistoryRollupRepository, type HistoryStretch } from './history-rollup.repository';
export { ROLLUPS, rollupOf, type HistoryRollup, type RollupUnit } from './history-rollup';
export {
  PoolSeriesRepository,
  type PoolBucket,
  type PoolExtent,
  type PoolFigures,
  type PoolStretch,
  type PoolWindow,
} from './pool-series.repository';
export { SubnetEndRepository, type RecordedBalance, type StateAround } from './subnet-end.repository';
export { HistoryPartitionRepository } from './history-partition.repository';
export { RecurringJobRepository } from './recurring-job.repository';
export {
  RECONCILIATION_STATES,
  RECONCILIATION_TRIGGERS,
  RECONCILIATION_VERDICTS,
  REPAIR_STATES,
  ReconciliationRun,
  type ReconciliationState,
  type ReconciliationTrigger,
  type ReconciliationVerdict,
  type RecordedCheck,
  type RecordedFinding,
  type RecordedRepair,
  type RecordedSource,
  type RepairState,
} from './reconciliation-run.entity';
export {
  ReconciliationRunRepository,
  type ReconciliationFilter,
  type ReconciliationOutcome,
} from './reconciliation-run.repository';
export { QuoteCheck } from './quote-check.entity';
export { QuoteCheckRepository } from './quote-check.repository';
export { ReconciliationInputRepository } from './reconciliation-input.repository';
export {
  ReconciliationReadingRepository,
  type LastReconciliation,
  type ReconciliationReading,
} from './reconciliation-reading.repository';
export { PositionMarkRepository, type PositionMarkRow } from './position-mark.repository';
