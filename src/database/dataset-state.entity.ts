import { Column, Entity, PrimaryColumn } from 'typeorm';

/** What is known about one dataset as a whole: its schedule, its watermark, its age and what went wrong last. */
@Entity('dataset_states')
export class DatasetState {
  @PrimaryColumn('text')
  dataset!: string;

  @Column('integer', { name: 'interval_seconds' })
  intervalSeconds!: number;

  @Column('timestamptz', { name: 'next_due_at' })
  nextDueAt!: Date;

  /** Core datasets make the service critical when they are; others only degrade it. */
  @Column('boolean', { name: 'is_core' })
  isCore!: boolean;

  @Column('timestamptz', { name: 'last_attempt_at', nullable: true })
  lastAttemptAt!: Date | null;

  /** End of the last run that applied or confirmed an answer. Null: never synced, the dataset is `unknown`. */
  @Column('timestamptz', { name: 'last_success_at', nullable: true })
  lastSuccessAt!: Date | null;

  /** End of the last run that changed a row. */
  @Column('timestamptz', { name: 'last_changed_at', nullable: true })
  lastChangedAt!: Date | null;

  /** Watermark: the run whose rows readers see. */
  @Column('uuid', { name: 'applied_run_id', nullable: true })
  appliedRunId!: string | null;

  @Column('uuid', { name: 'last_run_id', nullable: true })
  lastRunId!: string | null;

  @Column('text', { name: 'last_run_state', nullable: true })
  lastRunState!: string | null;

  /** Newest upstream block time among the applied rows; null where upstream dates nothing. */
  @Column('timestamptz', { name: 'upstream_at', nullable: true })
  upstreamAt!: Date | null;

  @Column('bigint', { name: 'upstream_block', nullable: true })
  upstreamBlock!: string | null;

  @Column('text', { name: 'answer_sha256', nullable: true })
  answerSha256!: string | null;

  @Column('integer', { name: 'record_count' })
  recordCount!: number;

  @Column('integer', { name: 'consecutive_failures' })
  consecutiveFailures!: number;

  @Column('text', { name: 'last_error_code', nullable: true })
  lastErrorCode!: string | null;

  @Column('text', { name: 'last_error', nullable: true })
  lastError!: string | null;

  @Column('timestamptz', { name: 'last_error_at', nullable: true })
  lastErrorAt!: Date | null;

  /** Set while the last answer was refused; cleared by the next success. */
  @Column('timestamptz', { name: 'protected_since', nullable: true })
  protectedSince!: Date | null;

  @Column('text', { name: 'protected_reason', nullable: true })
  protectedReason!: string | null;

  /** Digest of what the last answer was refused for, how often in a row that came, and since when. */
  @Column('text', { name: 'refused_sha256', nullable: true })
  refusedSha256!: string | null;

  @Column('integer', { name: 'refused_count' })
  refusedCount!: number;

  @Column('timestamptz', { name: 'refused_since', nullable: true })
  refusedSince!: Date | null;

  /** Digest of the refusal that an operator has approved; cleared by the next success and by another refusal. */
  @Column('text', { name: 'approved_sha256', nullable: true })
  approvedSha256!: string | null;

  /** Rows whose newest version is in quarantine, so that an older one stands. */
  @Column('integer', { name: 'rows_kept_back' })
  rowsKeptBack!: number;

  @Column('boolean', { name: 'has_drift' })
  hasDrift!: boolean;

  @Column('timestamptz', { name: 'drift_since', nullable: true })
  driftSince!: Date | null;

  /** Since when upstream says that our plan does not include it: a missing capability, no failure. */
  @Column('timestamptz', { name: 'not_on_plan_since', nullable: true })
  notOnPlanSince!: Date | null;
}
