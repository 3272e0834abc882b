import type { DataSourceOptions, MigrationInterface } from 'typeorm';
import { DatasetState } from './dataset-state.entity';
import { CreateSyncLedger1790000000100 } from './migrations/1790000000100-create-sync-ledger';
import { CreateTaoPrices1790000000110 } from './migrations/1790000000110-create-tao-prices';
import { CreateSubnets1790000000120 } from './migrations/1790000000120-create-subnets';
import { CreatePools1790000000130 } from './migrations/1790000000130-create-pools';
import { CreateUpstreamGates1790000000200 } from './migrations/1790000000200-create-upstream-gates';
import { CreateMetrics1790000000300 } from './migrations/1790000000300-create-metrics';
import { CreateTrustIssues1790000000301 } from './migrations/1790000000301-create-trust-issues';
import { CreateClientCounts1790000000400 } from './migrations/1790000000400-create-client-counts';
import { Pool } from './pool.entity';
import { PoolHistory } from './pool-history.entity';
import { Subnet } from './subnet.entity';
import { SubnetHistory } from './subnet-history.entity';
import { SubnetIdentity } from './subnet-identity.entity';
import { SubnetGeneration } from './subnet-generation.entity';
import { TaoPrice } from './tao-price.entity';
import { TaoPriceHistory } from './tao-price-history.entity';
import { SyncRun } from './sync-run.entity';
import { Account } from './account.entity';
import { AccountHistory } from './account-history.entity';
import { Backfill } from './backfill.entity';
import { CreateLiveEvents1790000000410 } from './migrations/1790000000410-create-live-events';
import { CreateWallets1790000000500 } from './migrations/1790000000500-create-wallets';
import { CreateAccounts1790000000510 } from './migrations/1790000000510-create-accounts';
import { CreatePositions1790000000520 } from './migrations/1790000000520-create-positions';
import { Position } from './position.entity';
import { PositionHistory } from './position-history.entity';
import { Wallet } from './wallet.entity';
import { WalletState } from './wallet-state.entity';
import { CreateValidators1790000000550 } from './migrations/1790000000550-create-validators';
import { CreateFlows1790000000560 } from './migrations/1790000000560-create-flows';
import { CreateEvents1790000000570 } from './migrations/1790000000570-create-events';
import { CreatePriceHistory1790000000580 } from './migrations/1790000000580-create-price-history';
import { DelegationEvent } from './delegation-event.entity';
import { EventCursor } from './event-cursor.entity';
import { EventGap } from './event-gap.entity';
import { PriceHistory } from './price-history.entity';
import { SubnetEmission } from './subnet-emission.entity';
import { SubnetEmissionHistory } from './subnet-emission-history.entity';
import { TaoFlow } from './tao-flow.entity';
import { TaoFlowHistory } from './tao-flow-history.entity';
import { Transfer } from './transfer.entity';
import { UpstreamCapability } from './upstream-capability.entity';
import { Validator } from './validator.entity';
import { ValidatorIdentity } from './validator-identity.entity';
import { ValidatorYield } from './validator-yield.entity';
import { CreateNavSnapshots1790000000600 } from './migrations/1790000000600-create-nav-snapshots';
import { NavSnapshot } from './nav-snapshot.entity';
import { CreateSyncRequests1790000000650 } from './migrations/1790000000650-create-sync-requests';
import { CountStaleAnswers1790000000651 } from './migrations/1790000000651-count-stale-answers';
import { ScopeEventGaps1790000000750 } from './migrations/1790000000750-scope-event-gaps';
import { CreateSyncPages1790000000652 } from './migrations/1790000000652-create-sync-pages';
import { CreateAlerts1790000000800 } from './migrations/1790000000800-create-alerts';
import { CreateUpstreamSpend1790000000210 } from './migrations/1790000000210-create-upstream-spend';
import { CreateHistoryRollups1790000000900 } from './migrations/1790000000900-create-history-rollups';
import { CreateNavRollups1790000000910 } from './migrations/1790000000910-create-nav-rollups';
import { ApproveRefusals1790000001000 } from './migrations/1790000001000-approve-refusals';
import { CreateReconciliation1790000000700 } from './migrations/1790000000700-create-reconciliation';
import { QuoteCheck } from './quote-check.entity';
import { ReconciliationRun } from './reconciliation-run.entity';

type PostgresOptions = Extract<DataSourceOptions, { type: 'postgres' }>;

/** Every entity, by name: a glob would find other files in dist than in tests. */
const ENTITIES = [
  SyncRun,
  DatasetState,
  Pool,
  PoolHistory,
  Subnet,
  SubnetHistory,
  SubnetIdentity,
  SubnetGeneration,
  TaoPrice,
  TaoPriceHistory,
  Wallet,
  WalletState,
  Account,
  AccountHistory,
  Position,
  PositionHistory,
  Backfill,
  DelegationEvent,
  EventCursor,
  EventGap,
  PriceHistory,
  SubnetEmission,
  SubnetEmissionHistory,
  TaoFlow,
  TaoFlowHistory,
  Transfer,
  UpstreamCapability,
  Validator,
  ValidatorIdentity,
  ValidatorYield,
  NavSnapshot,
  ReconciliationRun,
  QuoteCheck,
];

/** Every migration in the order of their timestamps. */
const MIGRATIONS: (new () => MigrationInterface)[] = [
  CreateSyncLedger1790000000100,
  CreateTaoPrices1790000000110,
  CreateSubnets1790000000120,
  CreatePools1790000000130,
  CreateUpstreamGates1790000000200,
  CreateUpstreamSpend1790000000210,
  CreateMetrics1790000000300,
  CreateTrustIssues1790000000301,
  CreateClientCounts1790000000400,
  CreateLiveEvents1790000000410,
  CreateWallets1790000000500,
  CreateAccounts1790000000510,
  CreatePositions1790000000520,
  CreateValidators1790000000550,
  CreateFlows1790000000560,
  CreateEvents1790000000570,
  CreatePriceHistory1790000000580,
  CreateNavSnapshots1790000000600,
  CreateSyncRequests1790000000650,
  CountStaleAnswers1790000000651,
  CreateSyncPages1790000000652,
  CreateReconciliation1790000000700,
  ScopeEventGaps1790000000750,
  CreateAlerts1790000000800,
  CreateHistoryRollups1790000000900,
  CreateNavRollups1790000000910,
  ApproveRefusals1790000001000,
];

const POOL_SIZE = 10;

/**
 * The one description of our database: for the service, its migrations, the TypeORM command line and tests.
 * Without a `url` the result is a template that needs one before it connects.
 */
export function buildDataSourceOptions(url?: string): PostgresOptions {
  return {
    type: 'postgres',
    ...(url === undefined ? {} : { url }),
    entities: ENTITIES,
    migrations: MIGRATIONS,
    migrationsTableName: 'schema_migrations',
    migrationsTransactionMode: 'each',
    installExtensions: false,
    synchronize: false,
    logging: false,
    extra: {
      max: POOL_SIZE,
      application_name: 'tao-treasury',
      connectionTimeoutMillis: 5_000,
      keepAlive: true,
      // After a failover behind the same name, connections that only read find the new server by then.
      maxLifetimeSeconds: 600,
      statement_timeout: 30_000,
      idle_in_transaction_session_timeout: 30_000,
      // A frozen server cannot time its own statements out.
      query_timeout: 35_000,
    },
  };
}

/** For migrations: they may take long, so only the connection attempt is limited. */
export function buildMigrationOptions(url: string): PostgresOptions {
  return {
    ...buildDataSourceOptions(url),
    entities: [],
    extra: { max: 2, application_name: 'tao-treasury migrations', connectionTimeoutMillis: 5_000 },
  };
}
