import type { Freshness } from '../analysis';
import type { Mode } from '../config';
import type { BudgetReading, DatasetReading, MetricsReading, ReconciliationReading } from '../database';
import type { UpstreamSnapshot } from '../metrics';

/** As configured; ages in minutes. */
export interface TrustSettings {
  syncStalenessWarningMinutes: number;
  syncStalenessCriticalMinutes: number;
  staleDataThresholdMinutes: number;
  taostatsRateLimitPerMinute: number;
  /** 0: not known. */
  taostatsMonthlyCredits: number;
  reconciliationIntervalHours: number;
}

export interface DatabaseReading {
  /** The newest look succeeded. */
  reachable: boolean;
  /** Connected and migrated at least once since the start. */
  opened: boolean;
  /** Since when looks fail; null while they succeed. */
  downSince: Date | null;
  /** Time of the database at the newest look that succeeded; null before the first. */
  readAt: Date | null;
  problem: string | null;
  /** The server takes no changes. */
  readOnly: boolean;
  /** Since it last had no room for something that was not stored since; else null. */
  diskFullForMs: number | null;
}

export interface CacheReading {
  kind: 'memory' | 'redis';
  available: boolean;
}

/** Everything that a trust pack is made of: values only, read at one moment. */
export interface TrustInputs {
  /** The database's time; while it is away, its last time plus what has passed since. */
  now: Date;
  startedAt: Date;
  uptimeSeconds: number;
  version: string;
  mode: Mode;
  featureFlags: Record<string, boolean>;
  settings: TrustSettings;
  database: DatabaseReading;
  cache: CacheReading;
  upstream: UpstreamSnapshot | null;
  metrics: MetricsReading;
  datasets: readonly DatasetReading[];
  /** Null before the first look at the database. */
  budget: BudgetReading | null;
  /** Null before the first look at the database. */
  reconciliation: ReconciliationReading | null;
  eventLoopLagMs: number;
}

/** A dataset with its judgement. */
export interface JudgedDataset extends DatasetReading {
  freshness: Freshness;
}
