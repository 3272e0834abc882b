import type { Finding } from './issue';
import { IssueTracker } from './issue-tracker';

const AT = (minute: number): Date => new Date(Date.UTC(2026, 0, 1, 12, minute));
const stale: Finding = { code: 'dataset_stale', severity: 'warning', subject: 'pools', message: 'old', evidence: {} };
const down: Finding = { code: 'database_down', severity: 'critical', message: 'gone', evidence: {} };

describe('the issue tracker', () => {
  it('keeps the beginning of an issue over later looks, and shows the newest evidence', () => {
    const tracker = new IssueTracker();
    tracker.observe([stale], AT(0));
    tracker.observe([{ ...stale, evidence: { age_seconds: 1 } }], AT(1));
    expect(tracker.current()).toEqual([
      { ...stale, key: 'dataset_stale:pools', since: AT(0), evidence: { age_seconds: 1 } },
    ]);
  });

  it('ends an issue only after two looks that do not see it', () => {
    const tracker = new IssueTracker();
    tracker.observe([stale], AT(0));
    expect(tracker.observe([], AT(1)).cleared).toEqual([]);
    expect(tracker.current()).toHaveLength(1);
    expect(tracker.observe([], AT(2)).cleared).toEqual(['dataset_stale:pools']);
    expect(tracker.current()).toEqual([]);
  });

  it('counts the looks anew when the issue is seen in between', () => {
    const tracker = new IssueTracker();
    tracker.observe([stale], AT(0));
    tracker.observe([], AT(1));
    tracker.observe([stale], AT(2));
    tracker.observe([], AT(3));
    expect(tracker.current()).toEqual([expect.objectContaining({ since: AT(0) })]);
  });

  it('tells issues with the same code apart by their subject', () => {
    const tracker = new IssueTracker();
    const { opened } = tracker.observe([stale, { ...stale, subject: 'subnets' }], AT(0));
    expect(opened.map((issue) => issue.key)).toEqual(['dataset_stale:pools', 'dataset_stale:subnets']);
  });

  it('takes the beginning that was stored, before or after the issue is found', () => {
    const before = new IssueTracker();
    before.remember([{ key: 'database_down', since: AT(0) }]);
    before.observe([down], AT(9));
    const after = new IssueTracker();
    after.observe([down], AT(9));
    after.remember([{ key: 'database_down', since: AT(0) }]);
    expect([before, after].map((tracker) => tracker.current()[0]?.since)).toEqual([AT(0), AT(0)]);
  });

  it('begins anew after an issue has ended', () => {
    const tracker = new IssueTracker();
    tracker.remember([{ key: 'database_down', since: AT(0) }]);
    tracker.observe([down], AT(1));
    tracker.observe([], AT(2));
    tracker.observe([], AT(3));
    tracker.observe([down], AT(4));
    expect(tracker.current()[0]?.since).toEqual(AT(4));
  });

  it('shows the worst first, then the oldest', () => {
    const tracker = new IssueTracker();
    tracker.observe([{ ...stale, since: AT(5) }, { ...stale, subject: 'subnets', since: AT(3) }, down], AT(9));
    expect(tracker.current().map((issue) => issue.key)).toEqual([
      'database_down',
      'dataset_stale:subnets',
      'dataset_stale:pools',
    ]);
  });
});
