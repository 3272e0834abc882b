import { Column, Entity, PrimaryColumn } from 'typeorm';
import { Instant, REQUIRED, Words } from './columns';

export const RECONCILIATION_VERDICTS = ['pass', 'drift', 'break', 'incomplete'] as const;

/**
 * `pass`: quantities and prices agree. `drift`: only prices, or the model of them, disagree. `break`: a quantity does not
 * add up. `incomplete`: a source failed or was partial, so nothing was shown to be right or wrong.
 */
export type ReconciliationVerdict = (typeof RECONCILIATION_VERDICTS)[number];
export const RECONCILIATION_TRIGGERS = ['schedule', 'request', 'repair'] as const;
export type ReconciliationTrigger = (typeof RECONCILIATION_TRIGGERS)[number];
export const RECONCILIATION_STATES = ['queued', 'running', 'finished'] as const;
export type ReconciliationState = (typeof RECONCILIATION_STATES)[number];
export const REPAIR_STATES = ['wanted', 'syncing', 'verifying', 'repaired', 'unrepaired'] as const;

/** `wanted` until its syncs are queued, `syncing` until they ended, `verifying` until the run that looks again has. */
export type RepairState = (typeof REPAIR_STATES)[number];

/** One comparison with what it compared; numbers are decimal text in `unit`. */
export interface RecordedFinding {
  check: string;
  subject: string;
  severity: string;
  expected: string | null;
  actual: string | null;
  difference: string | null;
  tolerance: string | null;
  unit: string;
  reason: string;
}

/** All comparisons of one check. */
export interface RecordedCheck {
  check: string;
  verdict: ReconciliationVerdict;
  passed: number;
  warned: number;
  failed: number;
  skipped: number;
  /** The comparison that is furthest off; null when none could be made. */
  worst: RecordedFinding | null;
}

/** What was asked for the second reading. */
export interface RecordedSource {
  source: string;
  /** The wallet that it was asked about; null for the network. */
  wallet: string | null;
  rows: number;
  blockNumber: number | null;
  errorCode: string | null;
}

/** What is done about a break. */
export interface RecordedRepair {
  /** Synced anew, for these wallets only where the dataset is one of wallets. */
  datasets: string[];
  wallets: string[];
  syncRunIds: string[];
  /** The findings that broke, and the same ones after the sync; `after` is null until then. */
  before: RecordedFinding[];
  after: RecordedFinding[] | null;
  verifiedBy: string | null;
}

/** One reconciliation: queue, ledger and report in one row. At most one is open. */
@Entity('reconciliation_runs')
export class ReconciliationRun {
  @PrimaryColumn('uuid') id!: string;
  @Column('text') trigger!: ReconciliationTrigger;
  /** The run whose repair this one looks at. */
  @Column('uuid', { nullable: true }) verifies!: string | null;
  @Column('text') state!: ReconciliationState;
  /** How often a process began it: more than once when processes died over it. */
  @Column('integer') starts!: number;
  @Words('owner') owner!: string | null;
  @Column('bigint', { nullable: true }) fence!: string | null;
  @Instant('queued_at', REQUIRED) queuedAt!: Date;
  @Instant('started_at') startedAt!: Date | null;
  @Instant('finished_at') finishedAt!: Date | null;
  /** Upstream attempts, retries included. */
  @Column('integer') calls!: number;
  @Column('text', { nullable: true }) verdict!: ReconciliationVerdict | null;
  /** The verdict on how much is owned, whatever prices say. */
  @Column('text', { nullable: true }) quantities!: Exclude<ReconciliationVerdict, 'drift'> | null;
  /** Why it is incomplete. */
  @Words('reason_code') reasonCode!: string | null;
  @Words('reason') reason!: string | null;
  @Column('jsonb') checks!: RecordedCheck[];
  /** What did not pass, failures first, cut at a bound; `evidenceTotal` is without the bound. */
  @Column('jsonb') evidence!: RecordedFinding[];
  @Column('integer', { name: 'evidence_total' }) evidenceTotal!: number;
  @Column('jsonb') sources!: RecordedSource[];
  @Column('text', { name: 'drift_raised', array: true }) driftRaised!: string[];
  @Column('text', { name: 'drift_cleared', array: true }) driftCleared!: string[];
  @Column('text', { name: 'repair_state', nullable: true }) repairState!: RepairState | null;
  @Column('jsonb', { nullable: true }) repair!: RecordedRepair | null;
}
