import { Logger, Module, type Provider } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { messageOf } from '../common';
import { ClientCountRepository } from './client-count.repository';
import { ClockStepRepository } from './clock-step.repository';
import { DatabaseClock } from './database-clock';
import { DatedDatasetRepository } from './dated-dataset.repository';
import { DatabaseReadiness } from './database-readiness';
import { MetricsRepository } from './metrics.repository';
import { MetricsStore } from './metrics-store.service';
import { DatasetStateRepository } from './dataset-state.repository';
import { QueueConnection } from './queue-connection';
import { SyncRequestRepository } from './sync-request.repository';
import { SyncPageRepository } from './sync-page.repository';
import { SyncRunRepository } from './sync-run.repository';
import { LeaseRepository } from './lease.repository';
import { SnapshotRepository } from './snapshot.repository';
import { QuarantineRepository } from './quarantine.repository';
import { RawAnswerRepository } from './raw-answer.repository';
import { SubnetGenerationRepository } from './subnet-generation.repository';
import { SubnetReadRepository } from './subnet-read.repository';
import { TreasuryDataSource } from './treasury-data-source';
import { TrustIssueRepository } from './trust-issue.repository';
import { TrustReadingRepository } from './trust-reading.repository';
import { EventRepository } from './event.repository';
import { HeldSubnetRepository } from './held-subnet.repository';
import { PriceHistoryRepository } from './price-history.repository';
import { UpstreamCapabilityRepository } from './upstream-capability.repository';
import { UnitOfWork } from './unit-of-work';
import { UpstreamGateRepository } from './upstream-gate.repository';
import { UpstreamSpendRepository } from './upstream-spend.repository';
import { BackfillRepository } from './backfill.repository';
import { HistoryCoverageRepository } from './history-coverage.repository';
import { HoldingRepository } from './holding.repository';
import { EventReadRepository } from './event-read.repository';
import { PriceReadRepository } from './price-read.repository';
import { ValidatorReadRepository } from './validator-read.repository';
import { AccountReadRepository } from './account-read.repository';
import { PositionReadRepository } from './position-read.repository';
import { WalletReadRepository } from './wallet-read.repository';
import { LiveEventRepository } from './live-event.repository';
import { TrustHistoryRepository } from './trust-history.repository';
import { WalletRepository } from './wallet.repository';
import { WalletStateRepository } from './wallet-state.repository';
import { EarningsBoundaryRepository } from './earnings-boundary.repository';
import { EarningsEventRepository } from './earnings-event.repository';
import { AlertOutboxRepository } from './alert-outbox.repository';
import { AlertRepository } from './alert.repository';
import { NavInputRepository } from './nav-input.repository';
import { NavSnapshotRepository } from './nav-snapshot.repository';
import { HistoryRollupRepository } from './history-rollup.repository';
import { HistoryPartitionRepository } from './history-partition.repository';
import { PoolSeriesRepository } from './pool-series.repository';
import { PositionMarkRepository } from './position-mark.repository';
import { SubnetEndRepository } from './subnet-end.repository';
import { QuoteCheckRepository } from './quote-check.repository';
import { ReconciliationInputRepository } from './reconciliation-input.repository';
import { ReconciliationReadingRepository } from './reconciliation-reading.repository';
import { ReconciliationRunRepository } from './reconciliation-run.repository';
import { RecurringJobRepository } from './recurring-job.repository';

/** What other modules may inject: the repositories and stores, one line each. */
const EXPORTED = [
  DatabaseReadiness,
  UnitOfWork,
  DatabaseClock,
  MetricsRepository,
  MetricsStore,
  TrustIssueRepository,
  TrustReadingRepository,
  TrustHistoryRepository,
  LiveEventRepository,
  UpstreamGateRepository,
  UpstreamSpendRepository,
  ClientCountRepository,
  ClockStepRepository,
  DatasetStateRepository,
  SyncRunRepository,
  SyncRequestRepository,
  SyncPageRepository,
  LeaseRepository,
  SnapshotRepository,
  QuarantineRepository,
  RawAnswerRepository,
  SubnetGenerationRepository,
  QueueConnection,
  DatedDatasetRepository,
  SubnetReadRepository,
  WalletRepository,
  WalletReadRepository,
  PositionReadRepository,
  AccountReadRepository,
  EventReadRepository,
  ValidatorReadRepository,
  PriceReadRepository,
  WalletStateRepository,
  HoldingRepository,
  HistoryCoverageRepository,
  BackfillRepository,
  EventRepository,
  HeldSubnetRepository,
  PriceHistoryRepository,
  UpstreamCapabilityRepository,
  AlertRepository,
  AlertOutboxRepository,
  NavInputRepository,
  NavSnapshotRepository,
  EarningsEventRepository,
  EarningsBoundaryRepository,
  HistoryRollupRepository,
  PoolSeriesRepository,
  SubnetEndRepository,
  HistoryPartitionRepository,
  RecurringJobRepository,
  ReconciliationRunRepository,
  ReconciliationInputRepository,
  ReconciliationReadingRepository,
  QuoteCheckRepository,
  PositionMarkRepository,
];

/** TypeORM's own module would end the boot without PostgreSQL; this one lets it come later, see `DatabaseReadiness`. */
const DATA_SOURCE: Provider[] = [
  {
    provide: TreasuryDataSource,
    useFactory: () => {
      const logger = new Logger('Database');
      return new TreasuryDataSource((error) => logger.warn(`a database connection was lost: ${messageOf(error)}`));
    },
  },
  { provide: DataSource, useExisting: TreasuryDataSource },
];

/** PostgreSQL: the pool, the schema, transactions, and every repository. */
@Module({
  providers: [...DATA_SOURCE, ...EXPORTED],
  exports: [DataSource, ...EXPORTED],
})
export class DatabaseModule {
  /** The class itself: a dynamic module per caller would be a pool per caller. */
  static register(): typeof DatabaseModule {
    return DatabaseModule;
  }
}
