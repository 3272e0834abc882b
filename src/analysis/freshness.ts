import { type Trust, worstTrust } from '../common';

/** What must be known of a dataset to judge its age; a `DatasetState` row has all of it. */
export interface DatedDataset {
  intervalSeconds: number;
  /** End of the last run that applied or confirmed an answer; null before the first. */
  lastSuccessAt: Date | null;
  /** Newest upstream block time among the applied rows; null where upstream dates nothing. */
  upstreamAt: Date | null;
  protectedSince: Date | null;
  hasDrift: boolean;
}

/** The configured ages; `Settings` has both. A dataset with a long interval gets longer ones, see `limitsOf`. */
export interface StalenessSettings {
  syncStalenessWarningMinutes: number;
  syncStalenessCriticalMinutes: number;
}

export const STALENESS_LEVELS = ['fresh', 'warning', 'critical', 'unknown'] as const;
export type StalenessLevel = (typeof STALENESS_LEVELS)[number];

export interface Freshness {
  trust: Trust;
  level: StalenessLevel;
  /** The worse of the two ages below, never negative; null before the first success. */
  ageSeconds: number | null;
  /** Age of our last success. */
  successAgeSeconds: number | null;
  /** Age of the newest upstream block time; null where upstream dates nothing. */
  upstreamAgeSeconds: number | null;
  /** The moment that `ageSeconds` counts from. */
  asOf: Date | null;
  warningSeconds: number;
  criticalSeconds: number;
  /** A stored time lies more than a minute in the future: somebody's clock is wrong and no age can be believed. */
  clockSkew: boolean;
}

const SKEW_TOLERANCE_SECONDS = 60;

/**
 * How old a dataset is and how far it can be trusted at `now` (the database's clock). Freshness is the worse of the age
 * of our last success and the age of the newest upstream block: a recent answer about an old block is old.
 * Reaching a limit is passing it.
 */
export function trustOf(dataset: DatedDataset, settings: StalenessSettings, now: Date): Freshness {
  const limits = limitsOf(dataset.intervalSeconds, settings);
  const successAgeSeconds = secondsSince(dataset.lastSuccessAt, now);
  const upstreamAgeSeconds = secondsSince(dataset.upstreamAt, now);
  if (dataset.lastSuccessAt === null || successAgeSeconds === null) {
    return { ...NEVER_SYNCED, ...limits, upstreamAgeSeconds };
  }
  const upstreamIsWorse = upstreamAgeSeconds !== null && upstreamAgeSeconds > successAgeSeconds;
  const ageSeconds = Math.max(0, upstreamIsWorse ? upstreamAgeSeconds : successAgeSeconds);
  const level = levelOf(ageSeconds, limits);
  return {
    trust: worstTrust([
      level === 'fresh' ? 'ok' : 'stale',
      dataset.protectedSince === null ? 'ok' : 'protected',
      dataset.hasDrift ? 'drift' : 'ok',
    ]),
    level,
    ageSeconds,
    successAgeSeconds,
    upstreamAgeSeconds,
    asOf: upstreamIsWorse ? dataset.upstreamAt : dataset.lastSuccessAt,
    ...limits,
    clockSkew: Math.min(successAgeSeconds, upstreamAgeSeconds ?? 0) < -SKEW_TOLERANCE_SECONDS,
  };
}

/** Ages in seconds at which a dataset with this interval is stale and critically stale: never inside its own rhythm. */
export function limitsOf(
  intervalSeconds: number,
  settings: StalenessSettings,
): { warningSeconds: number; criticalSeconds: number } {
  return {
    warningSeconds: Math.max(settings.syncStalenessWarningMinutes * 60, 1.5 * intervalSeconds),
    criticalSeconds: Math.max(settings.syncStalenessCriticalMinutes * 60, 3 * intervalSeconds),
  };
}

const NEVER_SYNCED = {
  trust: 'unknown',
  level: 'unknown',
  ageSeconds: null,
  successAgeSeconds: null,
  asOf: null,
  clockSkew: false,
} as const;

function levelOf(ageSeconds: number, limits: { warningSeconds: number; criticalSeconds: number }): StalenessLevel {
  if (ageSeconds >= limits.criticalSeconds) return 'critical';
  return ageSeconds >= limits.warningSeconds ? 'warning' : 'fresh';
}

function secondsSince(moment: Date | null, now: Date): number | null {
  return moment === null ? null : (now.getTime() - moment.getTime()) / 1000;
}
