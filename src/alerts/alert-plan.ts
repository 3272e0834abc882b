import type { AlertSeverity } from '../config';
import type { StoredAlert } from '../database';
import type { AlertFinding } from './alert-finding';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
/** Waits after the first, the second and every further message about one alert. */
const REMINDER_MS = [HOUR_MS, 6 * HOUR_MS, 24 * HOUR_MS];
/** What nobody has found for this long is over. */
const RESOLVED_AFTER_MS = MINUTE_MS;
/** What was not found this recently may be over, so it is not told. Longer than two looks. */
const STANDING_MS = 20_000;
/** How often an alert that has not changed is written down as still there. */
const TOUCH_MS = 10_000;
/** Between two messages, unless something critical is new; and what is due within it goes along with the one before. */
const GAP_MS = 5 * MINUTE_MS;
/** An alert that comes back within it is the same one again: its receivers are reminded, not told anew. */
const FLAPPING_MS = HOUR_MS;

export interface AlertPolicy {
  groupMs: number;
  minSeverity: AlertSeverity;
  /** False while this process has not looked for long enough to know that something is over. */
  canResolve: boolean;
  /** False without any channel: then nothing is told, and nothing counts as told. */
  canTell: boolean;
}

export interface AlertBoard {
  alerts: readonly StoredAlert[];
  findings: readonly AlertFinding[];
  now: Date;
  /** When the last message was written. */
  lastMessageAt: Date | null;
}

export interface AlertPlan {
  /** Alerts to be written, as they are to be. */
  changed: StoredAlert[];
  /** What is to be told now, in one message; both empty: nothing. */
  firing: StoredAlert[];
  resolved: StoredAlert[];
}

/** What the findings make of the alerts, and what is to be told of them now. Pure: knows no clock and no channel. */
export function planAlerts(board: AlertBoard, policy: AlertPolicy): AlertPlan {
  const before = new Map(board.alerts.map((alert) => [alert.key, alert]));
  const after = new Map(before);
  for (const finding of board.findings) {
    after.set(finding.key, found(before.get(finding.key), finding, board.now, policy));
  }
  for (const [key, alert] of after) after.set(key, ended(alert, board.now, policy));
  const { firing, resolved } = policy.canTell ? due([...after.values()], board, policy) : { firing: [], resolved: [] };
  for (const alert of firing) after.set(alert.key, toldOf(alert, board.now));
  for (const alert of resolved) after.set(alert.key, { ...alert, told: false, dueAt: null });
  const changed = [...after.values()].filter((alert) => isWorthWriting(before.get(alert.key), alert));
  return { changed, firing: firing.sort(bySeverity), resolved };
}

/** When the next message about an alert goes out, as far as is known; null: none will. */
export function nextNotificationAt(alert: StoredAlert, { minSeverity }: Pick<AlertPolicy, 'minSeverity'>): Date | null {
  const isWanted = alert.resolvedAt === null ? rankOf(alert.severity) >= rankOf(minSeverity) : alert.told;
  if (alert.dueAt === null || !isWanted) return null;
  return alert.mutedUntil === null ? alert.dueAt : latest(alert.dueAt, alert.mutedUntil);
}

function found(
  before: StoredAlert | undefined,
  finding: AlertFinding,
  now: Date,
  { groupMs }: AlertPolicy,
): StoredAlert {
  const { key, code, subject, severity, message } = finding;
  const firstAt = later(now, finding.watchedMs ?? groupMs);
  const seen = { key, code, subject, severity, message, lastSeenAt: now, resolvedAt: null };
  if (before === undefined || isForgotten(before, now)) {
    const told = { notifiedAt: null, notifiedSeverity: null, notifications: 0, told: false };
    return { ...seen, ...told, since: finding.since ?? now, dueAt: firstAt, mutedUntil: before?.mutedUntil ?? null };
  }
  if (before.resolvedAt !== null) {
    const since = before.told ? before.since : (finding.since ?? now);
    return { ...before, ...seen, since, dueAt: latest(firstAt, reminderAt(before) ?? firstAt) };
  }
  const since = finding.since !== null && finding.since < before.since ? finding.since : before.since;
  const isWorse = before.notifiedSeverity !== null && rankOf(severity) > rankOf(before.notifiedSeverity);
  const dueAt = before.dueAt !== null && (!isWorse || before.dueAt < firstAt) ? before.dueAt : firstAt;
  return { ...before, ...seen, since, dueAt };
}

/** Nobody was ever told of it, or its end is an hour ago: whatever comes now is a new one. */
function isForgotten(alert: StoredAlert, now: Date): boolean {
  if (alert.resolvedAt === null || alert.told) return false;
  return alert.notifications === 0 || now.getTime() - alert.resolvedAt.getTime() >= FLAPPING_MS;
}

function ended(alert: StoredAlert, now: Date, { canResolve, groupMs }: AlertPolicy): StoredAlert {
  if (alert.resolvedAt !== null || !canResolve) return alert;
  if (now.getTime() - alert.lastSeenAt.getTime() < RESOLVED_AFTER_MS) return alert;
  // Whoever muted it does not want to hear of its end either.
  const told = alert.told && !isMuted(alert, now);
  return { ...alert, resolvedAt: now, told, dueAt: told ? later(now, groupMs) : null };
}

/** All that goes into one message now; nothing while it is too early for one. */
function due(
  alerts: readonly StoredAlert[],
  { now, lastMessageAt }: AlertBoard,
  { minSeverity, groupMs }: AlertPolicy,
): Pick<AlertPlan, 'firing' | 'resolved'> {
  const audible = alerts.filter((alert) => alert.dueAt !== null && !isMuted(alert, now));
  const firing = audible.filter(
    (alert) =>
      alert.resolvedAt === null &&
      rankOf(alert.severity) >= rankOf(minSeverity) &&
      now.getTime() - alert.lastSeenAt.getTime() <= STANDING_MS,
  );
  const resolved = audible.filter((alert) => alert.resolvedAt !== null && alert.told);
  const isEarly = lastMessageAt !== null && now.getTime() - lastMessageAt.getTime() < GAP_MS;
  const reasons = [...firing, ...resolved].filter((alert) => isDue(alert, now) && (!isEarly || isNewlyCritical(alert)));
  if (reasons.length === 0) return { firing: [], resolved: [] };
  // With those that are new as well: they are due within the time that a group waits.
  const soon = later(now, Math.max(GAP_MS, groupMs));
  return { firing: firing.filter((alert) => isDue(alert, soon)), resolved };
}

function isNewlyCritical({ resolvedAt, severity, notifiedSeverity }: StoredAlert): boolean {
  return resolvedAt === null && severity === 'critical' && notifiedSeverity !== 'critical';
}

function toldOf(alert: StoredAlert, now: Date): StoredAlert {
  const { severity, notifiedSeverity } = alert;
  const worst = notifiedSeverity !== null && rankOf(notifiedSeverity) > rankOf(severity) ? notifiedSeverity : severity;
  const told = {
    ...alert,
    told: true,
    notifiedAt: now,
    notifiedSeverity: worst,
    notifications: alert.notifications + 1,
  };
  return { ...told, dueAt: reminderAt(told) };
}

/** Null while nobody was told. */
function reminderAt({ notifiedAt, notifications }: StoredAlert): Date | null {
  if (notifiedAt === null) return null;
  return later(notifiedAt, REMINDER_MS[Math.min(notifications, REMINDER_MS.length) - 1] ?? HOUR_MS);
}

function isWorthWriting(before: StoredAlert | undefined, after: StoredAlert): boolean {
  if (before === undefined || after === before) return before === undefined;
  const { lastSeenAt: was, ...rest } = before;
  const { lastSeenAt: is, ...now } = after;
  return is.getTime() - was.getTime() >= TOUCH_MS || JSON.stringify(sorted(rest)) !== JSON.stringify(sorted(now));
}

function sorted(fields: object): [string, unknown][] {
  return Object.entries(fields).sort(([a], [b]) => (a < b ? -1 : 1));
}

function isMuted({ mutedUntil }: StoredAlert, now: Date): boolean {
  return mutedUntil !== null && mutedUntil > now;
}

function isDue({ dueAt }: StoredAlert, now: Date): boolean {
  return dueAt !== null && dueAt <= now;
}

const RANK: Readonly<Record<AlertSeverity, number>> = { notice: 0, warning: 1, critical: 2 };

function rankOf(severity: AlertSeverity): number {
  return RANK[severity];
}

function bySeverity(a: StoredAlert, b: StoredAlert): number {
  return rankOf(b.severity) - rankOf(a.severity) || a.since.getTime() - b.since.getTime();
}

function later(moment: Date, ms: number): Date {
  return new Date(moment.getTime() + ms);
}

function latest(a: Date, b: Date): Date {
  return a > b ? a : b;
}
