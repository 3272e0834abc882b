import type { AlertChannelKind } from '../config';
import type { StoredAlert } from '../database';
import { buildGroup } from './alert-group';
import { formatMessage } from './message-formats';

const NOW = new Date('2026-01-15T12:00:00Z');

const alert = (index: number, fields: Partial<StoredAlert> = {}): StoredAlert => ({
  key: `dataset_stale:d${index}`,
  code: 'dataset_stale',
  subject: `d${index}`,
  severity: 'warning',
  message: 'x'.repeat(2_000),
  since: NOW,
  lastSeenAt: NOW,
  resolvedAt: null,
  notifiedAt: null,
  notifiedSeverity: null,
  notifications: 0,
  told: false,
  dueAt: NOW,
  mutedUntil: null,
  ...fields,
});

const format = (kind: AlertChannelKind, firing: StoredAlert[], resolved: StoredAlert[] = []): string =>
  formatMessage(
    { name: 'ops', kind, url: 'https://api.example/bot1:x/sendMessage?chat_id=7', secrets: ['whsec_c2VjcmV0'] },
    { id: 'id', at: NOW, kind: 'alerts', body: { ...buildGroup(firing, resolved, true) } },
    NOW,
  ).body;

describe('messages', () => {
  const storm = Array.from({ length: 500 }, (_, index) => alert(index));

  it.each([
    ['slack', 'text', 3_000],
    ['discord', 'content', 2_000],
    ['telegram', 'text', 4_096],
  ] as const)('keep to the length that %s takes, and count what did not fit', (kind, field, limit) => {
    const text = (JSON.parse(format(kind, storm)) as Record<string, string>)[field] ?? '';
    expect(text.length).toBeLessThanOrEqual(limit);
    const lines = text.split('\n');
    expect(lines[0]).toBe('TAO Treasury (simulated): 500 warning');
    const shown = lines.filter((line) => line.startsWith('• ')).length;
    expect(lines.at(-1)).toBe(`… and ${500 - shown} more: GET /api/v1/alerts`);
    expect(shown).toBeGreaterThan(3);
  });

  it('keep to it too when every character is escaped', () => {
    const hostile = [alert(0, { message: '&'.repeat(2_000) }), alert(1, { message: '*'.repeat(2_000) })];
    expect((JSON.parse(format('slack', hostile)) as { text: string }).text.length).toBeLessThanOrEqual(3_000);
    expect((JSON.parse(format('discord', hostile)) as { content: string }).content.length).toBeLessThanOrEqual(2_000);
  });

  it('say of one alert alone what it is, and of one that ended that it did', () => {
    expect(buildGroup([alert(0, { message: 'pools is stale.' })], [], false).title).toBe(
      'TAO Treasury: warning: pools is stale.',
    );
    const ended = alert(0, { resolvedAt: NOW, notifications: 1, notifiedSeverity: 'critical' });
    expect(buildGroup([], [ended], false)).toMatchObject({
      status: 'resolved',
      severity: 'critical',
      title: 'TAO Treasury: resolved: dataset_stale:d0',
    });
  });

  it('spell out fifty alerts in a webhook and count the others', () => {
    const { data } = JSON.parse(format('webhook', storm, storm)) as { data: { firing: object[]; more: number } };
    expect([data.firing.length, data.more]).toEqual([50, 950]);
  });
});
