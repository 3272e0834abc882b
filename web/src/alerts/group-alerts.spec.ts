import type { Alert } from '../api/alerts';
import { groupAlerts } from './group-alerts';

const NOW = Date.parse('2026-11-28T12:00:00Z');

function alert(subject: string, changes: Partial<Alert> = {}): Alert {
  return {
    key: `dataset_stale:${subject}`,
    code: 'dataset_stale',
    subject,
    severity: 'warning',
    message: `${subject} is stale.`,
    since: '2026-11-28T11:00:00Z',
    resolved_at: null,
    notified_at: null,
    next_notification_at: null,
    notifications: 0,
    muted_until: null,
    runbook: '',
    ...changes,
  };
}

describe('alerts on the page', () => {
  it('are one line for each code, since the earliest of them', () => {
    const groups = groupAlerts([alert('pools'), alert('subnets', { since: '2026-11-28T10:00:00Z' })], NOW);
    expect(groups).toHaveLength(1);
    expect(groups[0]).toMatchObject({ since: '2026-11-28T10:00:00Z', mutedUntil: null });
    expect(groups[0]?.message).toBe('2 times, at first: pools is stale.');
  });

  it('keep severities apart', () => {
    expect(groupAlerts([alert('pools'), alert('subnets', { severity: 'critical' })], NOW)).toHaveLength(2);
  });

  it('keep what is muted apart from what is not, and a muting that is over is none', () => {
    const groups = groupAlerts(
      [
        alert('pools', { muted_until: '2026-11-28T13:00:00Z' }),
        alert('subnets', { muted_until: '2026-11-28T11:59:59Z' }),
      ],
      NOW,
    );
    expect(groups.map((group) => group.mutedUntil)).toEqual(['2026-11-28T13:00:00Z', null]);
  });
});
