import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Alerts as they stand, the messages about them, and the outbox of deliveries: a message and what it says of the alerts
 * are written in one transaction, so that a process that dies has neither lost it nor counted it.
 */
export class CreateAlerts1790000000800 implements MigrationInterface {
  readonly name = 'CreateAlerts1790000000800';

  async up(runner: QueryRunner): Promise<void> {
    for (const statement of STATEMENTS) await runner.query(statement);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE alert_deliveries, alert_messages, alerts');
    await runner.query('DROP FUNCTION announce_alert()');
    await runner.query("DELETE FROM live_events WHERE kind = 'alert'");
    await runner.query('ALTER TABLE live_events DROP CONSTRAINT live_events_kind_check');
    await runner.query(
      "ALTER TABLE live_events ADD CONSTRAINT live_events_kind_check CHECK (kind IN ('run', 'dataset'))",
    );
  }
}

const STATEMENTS = [
  `CREATE TABLE alerts (
    key text NOT NULL,
    code text NOT NULL,
    subject text,
    severity text NOT NULL,
    message text NOT NULL,
    since timestamptz NOT NULL,
    last_seen_at timestamptz NOT NULL,
    resolved_at timestamptz,
    notified_at timestamptz,
    notified_severity text,
    notifications integer NOT NULL DEFAULT 0,
    told boolean NOT NULL DEFAULT false,
    due_at timestamptz,
    muted_until timestamptz,
    CONSTRAINT alerts_pkey PRIMARY KEY (key),
    CONSTRAINT alerts_severity_check CHECK (severity IN ('notice', 'warning', 'critical')),
    CONSTRAINT alerts_notified_severity_check CHECK (notified_severity IN ('notice', 'warning', 'critical')),
    CONSTRAINT alerts_notifications_check CHECK (notifications >= 0),
    CONSTRAINT alerts_told_check CHECK (NOT told OR notified_at IS NOT NULL)
  )`,
  `CREATE TABLE alert_messages (
    id uuid NOT NULL,
    at timestamptz NOT NULL,
    kind text NOT NULL,
    body jsonb NOT NULL,
    CONSTRAINT alert_messages_pkey PRIMARY KEY (id),
    CONSTRAINT alert_messages_kind_check CHECK (kind IN ('alerts', 'test'))
  )`,
  'CREATE INDEX alert_messages_at_idx ON alert_messages (at)',
  `CREATE TABLE alert_deliveries (
    id uuid NOT NULL,
    message_id uuid NOT NULL,
    channel text NOT NULL,
    target text NOT NULL,
    at timestamptz NOT NULL,
    status text NOT NULL,
    attempts integer NOT NULL DEFAULT 0,
    attempted_at timestamptz,
    next_attempt_at timestamptz,
    claimed_until timestamptz,
    http_status integer,
    error_code text,
    CONSTRAINT alert_deliveries_pkey PRIMARY KEY (id),
    CONSTRAINT alert_deliveries_message_fkey FOREIGN KEY (message_id) REFERENCES alert_messages (id) ON DELETE CASCADE,
    CONSTRAINT alert_deliveries_status_check CHECK (status IN ('pending', 'delivered', 'failed')),
    CONSTRAINT alert_deliveries_next_check CHECK ((status = 'pending') = (next_attempt_at IS NOT NULL))
  )`,
  `CREATE INDEX alert_deliveries_pending_idx ON alert_deliveries (next_attempt_at) WHERE status = 'pending'`,
  'CREATE INDEX alert_deliveries_channel_idx ON alert_deliveries (channel, attempted_at)',
  'CREATE INDEX alert_deliveries_message_idx ON alert_deliveries (message_id)',
  'ALTER TABLE live_events DROP CONSTRAINT live_events_kind_check',
  "ALTER TABLE live_events ADD CONSTRAINT live_events_kind_check CHECK (kind IN ('run', 'dataset', 'alert'))",
  `CREATE FUNCTION announce_alert() RETURNS trigger LANGUAGE plpgsql AS $$
   BEGIN
     INSERT INTO live_events (kind, body) VALUES ('alert', jsonb_build_object(
       'key', NEW.key, 'code', NEW.code, 'subject', NEW.subject, 'severity', NEW.severity, 'message', NEW.message,
       'since', NEW.since, 'resolved_at', NEW.resolved_at, 'notified_at', NEW.notified_at,
       'muted_until', NEW.muted_until));
     RETURN NULL;
   END $$`,
  `CREATE TRIGGER alerts_announce_new AFTER INSERT ON alerts
     FOR EACH ROW EXECUTE FUNCTION announce_alert()`,
  `CREATE TRIGGER alerts_announce_change AFTER UPDATE ON alerts
     FOR EACH ROW WHEN (
       OLD.severity IS DISTINCT FROM NEW.severity OR
       OLD.resolved_at IS DISTINCT FROM NEW.resolved_at OR
       OLD.notified_at IS DISTINCT FROM NEW.notified_at OR
       OLD.muted_until IS DISTINCT FROM NEW.muted_until)
     EXECUTE FUNCTION announce_alert()`,
];
