import { Column, Entity, PrimaryColumn } from 'typeorm';

export const RUN_STATES = [
  'queued',
  'running',
  'applied',
  'confirmed',
  'protected',
  'failed',
  'interrupted',
  'fenced',
] as const;

/**
 * `applied`: rows changed. `confirmed`: the same answer again, nothing to write. `protected`: the answer was refused and
 * nothing changed. `failed`: no usable answer. `interrupted`: the process ended. `fenced`: another owner had taken over.
 */
export type RunState = (typeof RUN_STATES)[number];

export const OPEN_RUN_STATES = ['queued', 'running'] as const satisfies readonly RunState[];
export const RUN_MODES = ['refresh', 'full', 'deep'] as const;
export type RunMode = (typeof RUN_MODES)[number];
export type RunTrigger = 'boot' | 'schedule' | 'request';

/** One phase of a run, in order: `wait`, `fetch`, `validate`, `guard`, `apply`. */
export interface RunPhase {
  phase: string;
  durationMs: number;
}

/** The ledger: one row per sync run, never deleted while it is open. At most one open run per dataset. */
@Entity('sync_runs')
export class SyncRun {
  @PrimaryColumn('uuid')
  id!: string;

  @Column('text')
  dataset!: string;

  @Column('text')
  mode!: RunMode;

  @Column('text')
  trigger!: RunTrigger;

  @Column('text')
  state!: RunState;

  /** Process that ran it, and the lease's fence it held. */
  @Column('text', { nullable: true })
  owner!: string | null;

  @Column('bigint', { nullable: true })
  fence!: string | null;

  @Column('timestamptz', { name: 'queued_at' })
  queuedAt!: Date;

  @Column('timestamptz', { name: 'started_at', nullable: true })
  startedAt!: Date | null;

  @Column('timestamptz', { name: 'finished_at', nullable: true })
  finishedAt!: Date | null;

  /** Upstream attempts that the run made, retries included. */
  @Column('integer')
  calls!: number;

  @Column('integer')
  pages!: number;

  @Column('integer', { name: 'rows_seen' })
  rowsSeen!: number;

  @Column('integer', { name: 'rows_changed' })
  rowsChanged!: number;

  @Column('integer', { name: 'rows_unchanged' })
  rowsUnchanged!: number;

  /** Rows put into quarantine; their last good version stays. */
  @Column('integer', { name: 'rows_rejected' })
  rowsRejected!: number;

  /** Rows that the answer no longer holds, marked missing. */
  @Column('integer', { name: 'rows_missing' })
  rowsMissing!: number;

  /** Newest upstream block time in the answer. */
  @Column('timestamptz', { name: 'upstream_at', nullable: true })
  upstreamAt!: Date | null;

  @Column('bigint', { name: 'upstream_block', nullable: true })
  upstreamBlock!: string | null;

  @Column('text', { name: 'answer_sha256', nullable: true })
  answerSha256!: string | null;

  /**
   * Stable `area/reason` code and a sentence. Null on `applied` and `confirmed`, unless an answer was accepted with a
   * remark, such as `sync/shrink-accepted`.
   */
  @Column('text', { name: 'reason_code', nullable: true })
  reasonCode!: string | null;

  @Column('text', { nullable: true })
  reason!: string | null;

  /** Digest of what the answer was refused for; equal for the same refusal of the same rows. */
  @Column('text', { name: 'refusal_sha256', nullable: true })
  refusalSha256!: string | null;

  @Column('jsonb')
  phases!: RunPhase[];
}
