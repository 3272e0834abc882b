import type { AlertSeverity } from '../config';
import type { StoredAlert } from '../database';
import { runbookOf } from './alert-finding';

/** Alerts that are spelt out in one message; the others are counted. */
const SPELT_OUT = 50;
const MAX_TEXT = 300;

/** One alert in a message. */
export interface GroupedAlert {
  key: string;
  code: string;
  subject: string | null;
  severity: AlertSeverity;
  message: string;
  since: string;
  /** Null while it stands. */
  resolved_at: string | null;
  /** 1 when it is told for the first time. */
  notification: number;
  runbook: string;
}

/** What one message says; the `data` of a webhook. */
export interface AlertGroup {
  status: 'firing' | 'resolved' | 'test';
  /** The worst of what stands; of what ended where nothing stands. */
  severity: AlertSeverity;
  title: string;
  firing: GroupedAlert[];
  resolved: GroupedAlert[];
  /** Alerts that are not spelt out. */
  more: number;
  /** True: made up by the simulator. */
  simulated: boolean;
}

/** The message about these alerts, at least one, the worst first; bounded, however many there are. */
export function buildGroup(
  firing: readonly StoredAlert[],
  resolved: readonly StoredAlert[],
  simulated: boolean,
): AlertGroup {
  const status = firing.length > 0 ? 'firing' : 'resolved';
  const shownFiring = firing.slice(0, SPELT_OUT);
  const shownResolved = resolved.slice(0, SPELT_OUT - shownFiring.length);
  return {
    status,
    severity: worstOf(firing.length > 0 ? firing : resolved),
    title: titleOf(firing, resolved, simulated),
    firing: shownFiring.map((alert) => toGrouped(alert, alert.notifications + 1)),
    resolved: shownResolved.map((alert) => toGrouped(alert, alert.notifications)),
    more: firing.length + resolved.length - shownFiring.length - shownResolved.length,
    simulated,
  };
}

export function buildTestGroup(channel: string, simulated: boolean): AlertGroup {
  const title = `${prefix(simulated)}a test of the channel ${channel}: nothing is wrong`;
  return { status: 'test', severity: 'notice', title, firing: [], resolved: [], more: 0, simulated };
}

function titleOf(firing: readonly StoredAlert[], resolved: readonly StoredAlert[], simulated: boolean): string {
  const [first] = firing.length > 0 ? firing : resolved;
  const only = firing.length + resolved.length === 1 && first !== undefined ? first : null;
  if (only !== null && firing.length === 1) return `${prefix(simulated)}${only.severity}: ${shortened(only.message)}`;
  if (only !== null) return `${prefix(simulated)}resolved: ${only.key}`;
  const parts = [
    ...(['critical', 'warning', 'notice'] as const).flatMap((severity) => {
      const count = firing.filter((alert) => alert.severity === severity).length;
      return count === 0 ? [] : `${count} ${severity}`;
    }),
    ...(resolved.length === 0 ? [] : [`${resolved.length} resolved`]),
  ];
  return `${prefix(simulated)}${parts.join(', ')}`;
}

function prefix(simulated: boolean): string {
  return simulated ? 'TAO Treasury (simulated): ' : 'TAO Treasury: ';
}

function worstOf(alerts: readonly StoredAlert[]): AlertSeverity {
  const worst = (['critical', 'warning'] as const).find((severity) =>
    alerts.some((alert) => (alert.resolvedAt === null ? alert.severity : alert.notifiedSeverity) === severity),
  );
  return worst ?? 'notice';
}

function toGrouped(alert: StoredAlert, notification: number): GroupedAlert {
  const { key, code, subject, severity, message, since, resolvedAt } = alert;
  return {
    key,
    code,
    subject,
    severity,
    message: shortened(message),
    since: since.toISOString(),
    resolved_at: resolvedAt?.toISOString() ?? null,
    notification,
    runbook: runbookOf(code),
  };
}

function shortened(text: string): string {
  return text.length <= MAX_TEXT ? text : `${text.slice(0, MAX_TEXT - 1)}…`;
}
