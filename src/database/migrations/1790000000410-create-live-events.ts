import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * An outbox that fills itself: every change of a run's state and of a dataset's standing announces itself, whoever writes it
 * and in the same transaction. `tx` orders rows by transaction: a reader who stays below the oldest transaction that still
 * runs can never pass over a row that commits late.
 */
export class CreateLiveEvents1790000000410 implements MigrationInterface {
  readonly name = 'CreateLiveEvents1790000000410';

  async up(runner: QueryRunner): Promise<void> {
    for (const statement of STATEMENTS) await runner.query(statement);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TRIGGER dataset_states_announce ON dataset_states');
    await runner.query('DROP TRIGGER sync_runs_announce_change ON sync_runs');
    await runner.query('DROP TRIGGER sync_runs_announce_new ON sync_runs');
    await runner.query('DROP FUNCTION announce_dataset(), announce_run()');
    await runner.query('DROP TABLE live_events');
  }
}

const STATEMENTS = [
  `CREATE TABLE live_events (
    tx xid8 NOT NULL DEFAULT pg_current_xact_id(),
    id bigint GENERATED ALWAYS AS IDENTITY,
    at timestamptz NOT NULL DEFAULT clock_timestamp(),
    kind text NOT NULL,
    body jsonb NOT NULL,
    CONSTRAINT live_events_pkey PRIMARY KEY (tx, id),
    CONSTRAINT live_events_kind_check CHECK (kind IN ('run', 'dataset'))
  )`,
  'CREATE INDEX live_events_at_idx ON live_events (at)',
  `CREATE FUNCTION announce_run() RETURNS trigger LANGUAGE plpgsql AS $$
   BEGIN
     INSERT INTO live_events (kind, body) VALUES ('run', jsonb_build_object(
       'id', NEW.id, 'dataset', NEW.dataset, 'state', NEW.state, 'mode', NEW.mode, 'trigger', NEW.trigger,
       'rows_seen', NEW.rows_seen, 'rows_changed', NEW.rows_changed, 'rows_rejected', NEW.rows_rejected,
       'reason_code', NEW.reason_code));
     RETURN NULL;
   END $$`,
  `CREATE FUNCTION announce_dataset() RETURNS trigger LANGUAGE plpgsql AS $$
   BEGIN
     INSERT INTO live_events (kind, body) VALUES ('dataset', jsonb_build_object(
       'dataset', NEW.dataset, 'last_success_at', NEW.last_success_at, 'record_count', NEW.record_count,
       'consecutive_failures', NEW.consecutive_failures, 'protected', NEW.protected_since IS NOT NULL,
       'has_drift', NEW.has_drift));
     RETURN NULL;
   END $$`,
  `CREATE TRIGGER sync_runs_announce_new AFTER INSERT ON sync_runs
     FOR EACH ROW EXECUTE FUNCTION announce_run()`,
  `CREATE TRIGGER sync_runs_announce_change AFTER UPDATE ON sync_runs
     FOR EACH ROW WHEN (OLD.state IS DISTINCT FROM NEW.state) EXECUTE FUNCTION announce_run()`,
  `CREATE TRIGGER dataset_states_announce AFTER UPDATE ON dataset_states
     FOR EACH ROW WHEN (
       OLD.last_success_at IS DISTINCT FROM NEW.last_success_at OR
       OLD.consecutive_failures IS DISTINCT FROM NEW.consecutive_failures OR
       OLD.protected_since IS DISTINCT FROM NEW.protected_since OR
       OLD.has_drift IS DISTINCT FROM NEW.has_drift)
     EXECUTE FUNCTION announce_dataset()`,
];
