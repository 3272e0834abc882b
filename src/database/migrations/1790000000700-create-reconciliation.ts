import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Runs that compare what is stored with a second reading, quotes that were compared, and when jobs are due. */
export class CreateReconciliation1790000000700 implements MigrationInterface {
  readonly name = 'CreateReconciliation1790000000700';

  async up(runner: QueryRunner): Promise<void> {
    for (const statement of STATEMENTS) await runner.query(statement);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE quote_checks, reconciliation_runs, recurring_jobs');
  }
}

const STATEMENTS = [
  `CREATE TABLE recurring_jobs (
    job text NOT NULL,
    interval_seconds integer NOT NULL,
    next_due_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    CONSTRAINT recurring_jobs_pkey PRIMARY KEY (job),
    CONSTRAINT recurring_jobs_interval_seconds_check CHECK (interval_seconds > 0)
  ) WITH (fillfactor = 70)`,
  `CREATE TABLE reconciliation_runs (
    id uuid NOT NULL,
    trigger text NOT NULL,
    verifies uuid,
    state text NOT NULL,
    starts integer NOT NULL DEFAULT 0,
    owner text,
    fence bigint,
    queued_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    started_at timestamptz,
    finished_at timestamptz,
    calls integer NOT NULL DEFAULT 0,
    verdict text,
    quantities text,
    reason_code text,
    reason text,
    checks jsonb NOT NULL DEFAULT '[]',
    evidence jsonb NOT NULL DEFAULT '[]',
    evidence_total integer NOT NULL DEFAULT 0,
    sources jsonb NOT NULL DEFAULT '[]',
    drift_raised text[] NOT NULL DEFAULT '{}',
    drift_cleared text[] NOT NULL DEFAULT '{}',
    repair_state text,
    repair jsonb,
    CONSTRAINT reconciliation_runs_pkey PRIMARY KEY (id),
    CONSTRAINT reconciliation_runs_verifies_fkey FOREIGN KEY (verifies) REFERENCES reconciliation_runs ON DELETE SET NULL,
    CONSTRAINT reconciliation_runs_trigger_check CHECK (trigger IN ('schedule', 'request', 'repair')),
    CONSTRAINT reconciliation_runs_state_check CHECK (state IN ('queued', 'running', 'finished')),
    CONSTRAINT reconciliation_runs_verdict_check CHECK (verdict IN ('pass', 'drift', 'break', 'incomplete')),
    CONSTRAINT reconciliation_runs_quantities_check CHECK (quantities IN ('pass', 'break', 'incomplete')),
    CONSTRAINT reconciliation_runs_finished_check CHECK
      ((state = 'finished') = (finished_at IS NOT NULL) AND (state = 'finished') = (verdict IS NOT NULL)),
    CONSTRAINT reconciliation_runs_repair_state_check CHECK
      (repair_state IN ('wanted', 'syncing', 'verifying', 'repaired', 'unrepaired'))
  ) WITH (fillfactor = 70)`,
  `CREATE UNIQUE INDEX reconciliation_runs_one_open_key ON reconciliation_runs ((true))
    WHERE state IN ('queued', 'running')`,
  `CREATE INDEX reconciliation_runs_repair_idx ON reconciliation_runs (id)
    WHERE repair_state IN ('wanted', 'syncing', 'verifying')`,
  `CREATE INDEX reconciliation_runs_finished_idx ON reconciliation_runs (id DESC) WHERE state = 'finished'`,
  `CREATE TABLE quote_checks (
    id uuid NOT NULL,
    at timestamptz NOT NULL DEFAULT clock_timestamp(),
    netuid integer NOT NULL,
    direction text NOT NULL,
    input numeric NOT NULL,
    agreement text NOT NULL,
    quote_block bigint,
    pool_block bigint,
    expected text,
    actual text,
    difference text,
    tolerance text,
    reason_code text,
    reason text NOT NULL,
    CONSTRAINT quote_checks_pkey PRIMARY KEY (id),
    CONSTRAINT quote_checks_direction_check CHECK (direction IN ('stake', 'unstake')),
    CONSTRAINT quote_checks_input_check CHECK (input > 0 AND input < 1e30),
    CONSTRAINT quote_checks_agreement_check CHECK (agreement IN ('pass', 'warn', 'fail', 'skipped'))
  )`,
];
