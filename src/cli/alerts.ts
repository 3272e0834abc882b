import { CommandError, EXIT } from './exit';
import type { ServiceClient } from './service-client';
import type { Report } from './status';
import { plain, table } from './terminal';

interface Alert {
  key: string;
  severity: string;
  message: string;
  since: string;
  resolved_at: string | null;
  notifications: number;
  muted_until: string | null;
  runbook: string;
}

interface Alerts {
  data: Alert[];
  meta: { channels: number };
}

interface TestOutcome {
  data: { status: string; error_code: string | null };
  message: string;
}

/** What stands, with what was told of it. */
export async function listAlerts(service: ServiceClient): Promise<Report> {
  const answer = await service.json<Alerts>('/api/v1/alerts');
  const standing = answer.data.filter((alert) => alert.resolved_at === null);
  const rows = standing.map((alert) => [
    alert.severity,
    alert.key,
    alert.since,
    alert.muted_until === null ? `${alert.notifications} times` : `muted until ${alert.muted_until}`,
    alert.message,
    alert.runbook,
  ]);
  const list = rows.length === 0 ? 'No alert stands.' : table(['severity', 'alert', 'since', 'told', '', ''], rows);
  const nobody = answer.meta.channels === 0 ? '\nNobody is told: no channel is configured (ALERT_*_URLS).' : '';
  return { text: list + nobody, json: answer, exitCode: EXIT.ok };
}

/** Sends a test to one channel. Throws when it was refused or did not arrive. */
export async function testChannel(service: ServiceClient, name: string): Promise<Report> {
  const path = `/api/v1/alerts/channels/${encodeURIComponent(name)}/test`;
  const answer = await service.json<TestOutcome>(path, { method: 'POST' });
  if (answer.data.status === 'delivered') {
    return { text: `${name}: ${plain(answer.message)}`, json: answer, exitCode: EXIT.ok };
  }
  throw new CommandError(answer.data.error_code ?? 'delivery/failed', `${name}: ${plain(answer.message)}`);
}
