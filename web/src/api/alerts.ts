/** `GET /api/v1/alerts`: those that stand, the worst first; then those that ended. */
export interface AlertsAnswer {
  data: Alert[];
  meta: { as_of: string; channels: number; min_severity: string };
}

export interface Alert {
  key: string;
  code: string;
  subject: string | null;
  severity: 'notice' | 'warning' | 'critical';
  message: string;
  since: string;
  resolved_at: string | null;
  notified_at: string | null;
  next_notification_at: string | null;
  notifications: number;
  muted_until: string | null;
  runbook: string;
}

/** One row of `GET /api/v1/alerts/channels`. */
export interface Channel {
  name: string;
  kind: string;
  target: string;
  enabled: boolean;
  refused: string | null;
  refused_because: string | null;
  last_delivery_at: string | null;
  last_outcome: string | null;
  last_error_code: string | null;
}

/** One row of `GET /api/v1/alerts/deliveries`. */
export interface Delivery {
  id: string;
  kind: string;
  channel: string;
  at: string;
  attempts: number;
  status: 'pending' | 'delivered' | 'failed';
  http_status: number | null;
  error_code: string | null;
  next_attempt_at: string | null;
}
