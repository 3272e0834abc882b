import type { Alert } from '../api/alerts';

/** Alerts that are the same thing on several subjects. */
export interface AlertGroup {
  code: string;
  severity: Alert['severity'];
  alerts: Alert[];
  message: string;
  since: string;
  /** Null unless every one of them is muted; else the first end. */
  mutedUntil: string | null;
}

/** By code, severity and whether it is muted, in the order of their first alert. */
export function groupAlerts(alerts: readonly Alert[], nowMs: number): AlertGroup[] {
  const isMuted = ({ muted_until }: Alert): boolean => muted_until !== null && Date.parse(muted_until) > nowMs;
  const groups = new Map<string, Alert[]>();
  for (const alert of alerts) {
    const key = `${alert.code} ${alert.severity} ${isMuted(alert)}`;
    groups.set(key, [...(groups.get(key) ?? []), alert]);
  }
  return [...groups.values()].flatMap((members): AlertGroup[] => {
    const [first] = members;
    if (first === undefined) return [];
    const { code, severity, message } = first;
    const earliest = (moments: string[]): string => moments.reduce((a, b) => (a < b ? a : b));
    return [
      {
        code,
        severity,
        alerts: members,
        message: members.length === 1 ? message : `${members.length} times, at first: ${message}`,
        since: earliest(members.map((alert) => alert.since)),
        mutedUntil: isMuted(first) ? earliest(members.map((alert) => alert.muted_until ?? '')) : null,
      },
    ];
  });
}
