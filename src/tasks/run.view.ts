import { ApiProperty } from '@nestjs/swagger';
import { RUN_MODES, RUN_STATES, type RunMode, type RunState, type RunTrigger, type SyncRun } from '../database';
import type { RefusedWish } from '../sync';

const NULLABLE_TIME = { type: String, format: 'date-time', nullable: true } as const;

export class RunPhaseView {
  @ApiProperty({ enum: ['wait', 'fetch', 'validate', 'guard', 'apply'], example: 'fetch' })
  phase!: string;

  @ApiProperty({ example: 812, description: 'Milliseconds.' })
  duration_ms!: number;
}

/** One sync run as the ledger has it. */
export class RunView {
  @ApiProperty({ format: 'uuid', example: '0199a1d2-7e5c-7c3a-9b54-0c6d5d1f2a33' })
  id!: string;

  @ApiProperty({ example: 'pools' })
  dataset!: string;

  @ApiProperty({ enum: RUN_MODES })
  mode!: RunMode;

  @ApiProperty({ enum: ['boot', 'schedule', 'request'] })
  trigger!: RunTrigger;

  @ApiProperty({
    enum: RUN_STATES,
    description:
      '`applied`: rows changed. `confirmed`: the same answer again. `protected`: the answer was refused and nothing ' +
      'changed. `failed`: no usable answer. `interrupted`: the process ended. `fenced`: another replica had taken over.',
  })
  state!: RunState;

  @ApiProperty({ format: 'date-time' })
  queued_at!: string;

  @ApiProperty(NULLABLE_TIME)
  started_at!: string | null;

  @ApiProperty(NULLABLE_TIME)
  finished_at!: string | null;

  @ApiProperty({ type: Number, nullable: true, example: 934, description: 'Milliseconds from start to end.' })
  duration_ms!: number | null;

  @ApiProperty({ example: 1, description: 'Requests to TaoStats, retries included.' })
  calls!: number;

  @ApiProperty({ example: 1 })
  pages!: number;

  @ApiProperty({ example: 129 })
  rows_seen!: number;

  @ApiProperty({ example: 128 })
  rows_changed!: number;

  @ApiProperty({ example: 1 })
  rows_unchanged!: number;

  @ApiProperty({ example: 0, description: 'Put into quarantine; their last good version stays.' })
  rows_rejected!: number;

  @ApiProperty({ example: 0, description: 'No longer in the answer.' })
  rows_missing!: number;

  @ApiProperty({ ...NULLABLE_TIME, description: 'Newest block time in the answer.' })
  upstream_at!: string | null;

  @ApiProperty({ type: Number, nullable: true, example: 7295344 })
  upstream_block!: number | null;

  @ApiProperty({ type: String, nullable: true, description: 'SHA-256 of the answer.' })
  answer_sha256!: string | null;

  @ApiProperty({ type: String, nullable: true, example: 'sync/insufficient-data' })
  reason_code!: string | null;

  @ApiProperty({ type: String, nullable: true })
  reason!: string | null;

  @ApiProperty({ type: [RunPhaseView] })
  phases!: RunPhaseView[];
}

export class RunsView {
  @ApiProperty({ type: [RunView], description: 'Newest first.' })
  data!: RunView[];

  @ApiProperty({ type: String, nullable: true })
  next_cursor!: string | null;
}

/** A dataset that was asked for too often. */
export class RefusedView {
  @ApiProperty({ example: 'subnets' })
  dataset!: string;

  @ApiProperty({ enum: ['sync/asked-too-soon', 'sync/request-budget-spent'] })
  code!: string;

  @ApiProperty({ example: 42, description: 'Seconds until it would be synced.' })
  retry_after_seconds!: number;
}

export class AcceptedView {
  @ApiProperty({ type: [String], description: 'In the order of `runs`; look them up under /api/v1/runs/{id}.' })
  run_ids!: string[];

  @ApiProperty({ type: [RunView], description: 'A dataset whose run is open already answers that run.' })
  runs!: RunView[];

  @ApiProperty({ example: 5, description: 'Calls to TaoStats that these runs are expected to make together.' })
  planned_calls!: number;

  @ApiProperty({ type: [RefusedView], description: 'Asked for, but not synced now.' })
  refused!: RefusedView[];
}

export function toRefusedView({ dataset, code, retryInMs }: RefusedWish): RefusedView {
  return { dataset, code, retry_after_seconds: Math.max(1, Math.ceil(retryInMs / 1000)) };
}

export function toRunView(run: SyncRun): RunView {
  return {
    id: run.id,
    dataset: run.dataset,
    mode: run.mode,
    trigger: run.trigger,
    state: run.state,
    queued_at: run.queuedAt.toISOString(),
    started_at: run.startedAt?.toISOString() ?? null,
    finished_at: run.finishedAt?.toISOString() ?? null,
    duration_ms: run.startedAt && run.finishedAt ? run.finishedAt.getTime() - run.startedAt.getTime() : null,
    calls: run.calls,
    pages: run.pages,
    rows_seen: run.rowsSeen,
    rows_changed: run.rowsChanged,
    rows_unchanged: run.rowsUnchanged,
    rows_rejected: run.rowsRejected,
    rows_missing: run.rowsMissing,
    upstream_at: run.upstreamAt?.toISOString() ?? null,
    upstream_block: run.upstreamBlock === null ? null : Number(run.upstreamBlock),
    answer_sha256: run.answerSha256,
    reason_code: run.reasonCode,
    reason: run.reason,
    phases: run.phases.map(({ phase, durationMs }) => ({ phase, duration_ms: durationMs })),
  };
}
