import type { MigrationInterface, QueryRunner } from 'typeorm';

/** The ledger of sync runs, the datasets' states, leases, quarantine and raw answers; and monthly partitions. */
export class CreateSyncLedger1790000000100 implements MigrationInterface {
  readonly name = 'CreateSyncLedger1790000000100';

  async up(runner: QueryRunner): Promise<void> {
    for (const statement of STATEMENTS) await runner.query(statement);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP FUNCTION ensure_month_partition(text, date)');
    await runner.query('DROP TABLE raw_answers, quarantine, leases, dataset_states, sync_runs');
  }
}

const SYNC_RUNS = `
  CREATE TABLE sync_runs (
    id uuid NOT NULL,
    dataset text NOT NULL,
    mode text NOT NULL,
    trigger text NOT NULL,
    state text NOT NULL,
    owner text,
    fence bigint,
    queued_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    started_at timestamptz,
    finished_at timestamptz,
    calls integer NOT NULL DEFAULT 0,
    pages integer NOT NULL DEFAULT 0,
    rows_seen integer NOT NULL DEFAULT 0,
    rows_changed integer NOT NULL DEFAULT 0,
    rows_unchanged integer NOT NULL DEFAULT 0,
    rows_rejected integer NOT NULL DEFAULT 0,
    rows_missing integer NOT NULL DEFAULT 0,
    upstream_at timestamptz,
    upstream_block bigint,
    answer_sha256 text,
    reason_code text,
    reason text,
    phases jsonb NOT NULL DEFAULT '[]',
    CONSTRAINT sync_runs_pkey PRIMARY KEY (id),
    CONSTRAINT sync_runs_mode_check CHECK (mode IN ('refresh', 'full', 'deep')),
    CONSTRAINT sync_runs_trigger_check CHECK (trigger IN ('boot', 'schedule', 'request')),
    CONSTRAINT sync_runs_state_check CHECK (state IN
      ('queued', 'running', 'applied', 'confirmed', 'protected', 'failed', 'interrupted', 'fenced')),
    CONSTRAINT sync_runs_finished_check CHECK ((state IN ('queued', 'running')) = (finished_at IS NULL))
  ) WITH (fillfactor = 70)`;

const DATASET_STATES = `
  CREATE TABLE dataset_states (
    dataset text NOT NULL,
    interval_seconds integer NOT NULL,
    next_due_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    is_core boolean NOT NULL,
    last_attempt_at timestamptz,
    last_success_at timestamptz,
    last_changed_at timestamptz,
    applied_run_id uuid,
    last_run_id uuid,
    last_run_state text,
    upstream_at timestamptz,
    upstream_block bigint,
    answer_sha256 text,
    record_count integer NOT NULL DEFAULT 0,
    consecutive_failures integer NOT NULL DEFAULT 0,
    last_error_code text,
    last_error text,
    last_error_at timestamptz,
    protected_since timestamptz,
    protected_reason text,
    refused_sha256 text,
    refused_count integer NOT NULL DEFAULT 0,
    refused_since timestamptz,
    rows_kept_back integer NOT NULL DEFAULT 0,
    has_drift boolean NOT NULL DEFAULT false,
    drift_since timestamptz,
    CONSTRAINT dataset_states_pkey PRIMARY KEY (dataset),
    CONSTRAINT dataset_states_interval_seconds_check CHECK (interval_seconds > 0)
  ) WITH (fillfactor = 70)`;

const QUARANTINE = `
  CREATE TABLE quarantine (
    dataset text NOT NULL,
    key text NOT NULL,
    reason_sha256 text NOT NULL,
    reason text NOT NULL,
    raw text NOT NULL,
    run_id uuid NOT NULL,
    first_seen_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    last_seen_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    times_seen integer NOT NULL DEFAULT 1,
    CONSTRAINT quarantine_pkey PRIMARY KEY (dataset, key, reason_sha256)
  )`;

const RAW_ANSWERS = `
  CREATE TABLE raw_answers (
    dataset text NOT NULL,
    run_id uuid NOT NULL,
    endpoint text NOT NULL,
    page integer NOT NULL,
    refused boolean NOT NULL,
    sha256 text NOT NULL,
    body_gzip bytea NOT NULL,
    received_at timestamptz NOT NULL,
    CONSTRAINT raw_answers_pkey PRIMARY KEY (dataset, run_id, endpoint, page)
  )`;

/** Replicas that find the same month missing wait for each other, so that one creates it and the others see it. */
const ENSURE_MONTH_PARTITION = `
  CREATE FUNCTION ensure_month_partition(parent text, month date) RETURNS void LANGUAGE plpgsql AS $$
  DECLARE
    first_day date := date_trunc('month', month)::date;
    partition text := parent || to_char(first_day, '_YYYY_MM');
  BEGIN
    IF to_regclass(partition) IS NOT NULL THEN RETURN; END IF;
    PERFORM pg_advisory_xact_lock(hashtext('month-partition:' || parent));
    EXECUTE format('CREATE TABLE IF NOT EXISTS %I PARTITION OF %I FOR VALUES FROM (%L) TO (%L)',
      partition, parent,
      to_char(first_day, 'YYYY-MM-DD') || ' 00:00:00+00',
      to_char(first_day + interval '1 month', 'YYYY-MM-DD') || ' 00:00:00+00');
  END $$`;

const STATEMENTS = [
  SYNC_RUNS,
  "CREATE UNIQUE INDEX sync_runs_one_open_key ON sync_runs (dataset) WHERE state IN ('queued', 'running')",
  'CREATE INDEX sync_runs_dataset_id_idx ON sync_runs (dataset, id DESC)',
  DATASET_STATES,
  `CREATE TABLE leases (
    name text NOT NULL,
    owner text NOT NULL,
    fence bigint NOT NULL,
    expires_at timestamptz NOT NULL,
    CONSTRAINT leases_pkey PRIMARY KEY (name)
  ) WITH (fillfactor = 50)`,
  QUARANTINE,
  'CREATE INDEX quarantine_dataset_last_seen_at_idx ON quarantine (dataset, last_seen_at DESC)',
  RAW_ANSWERS,
  ENSURE_MONTH_PARTITION,
];
