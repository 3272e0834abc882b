import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { DatasetState } from '../database';
import type { UpstreamSnapshot } from '../metrics';
import {
  databaseReading,
  datasetState,
  minutesAgo,
  NOW,
  quoteCheck,
  totals,
  trustInputs,
  upstreamSnapshot,
} from '../../test/support/trust-inputs';
import { findIssues } from './find-issues';
import { type IssueCode, RUNBOOK_SECTIONS, type Severity, statusOf } from './issue';
import type { TrustInputs } from './trust-inputs';

function withDataset(change: Partial<DatasetState>): TrustInputs {
  return trustInputs({ datasets: [{ state: datasetState(change), lastRun: null, openRun: null }] });
}

function withUpstream(change: Partial<UpstreamSnapshot>): TrustInputs {
  return trustInputs({ upstream: upstreamSnapshot(change) });
}

function withCalls(api: Parameters<typeof totals>[0], cache: Parameters<typeof totals>[1] = {}): TrustInputs {
  const { metrics } = trustInputs();
  return trustInputs({ metrics: { ...metrics, last15Minutes: totals(api, cache), lastHour: totals(api, cache) } });
}

/** Half of January is over; pools every ten minutes with so many calls a run, and one day of spending. */
function withBudget(given: { credits: number; callsPerRun: number; spentToday?: number }): TrustInputs {
  const { settings } = trustInputs();
  const demands = [{ dataset: 'pools', configuredSeconds: 600, callsPerRun: given.callsPerRun, rank: 'core' as const }];
  const spent = { key: 'key', day: '2026-01-15', countedFrom: new Date('2026-01-15T00:00:00Z') };
  return trustInputs({
    settings: { ...settings, taostatsMonthlyCredits: given.credits },
    upstream: upstreamSnapshot({ keyScope: 'key' }),
    budget: { demands, spending: [{ ...spent, attempts: given.spentToday ?? 1 }] },
  });
}

const CASES: [string, IssueCode, Severity, TrustInputs][] = [
  ['no dataset is known', 'no_datasets', 'warning', trustInputs({ datasets: [] })],
  [
    'a core dataset was never synced for two intervals',
    'dataset_never_synced',
    'critical',
    withDataset({ lastSuccessAt: null, upstreamAt: null }),
  ],
  [
    'a core dataset was not synced yet',
    'dataset_never_synced',
    'warning',
    { ...withDataset({ lastSuccessAt: null, upstreamAt: null }), uptimeSeconds: 30 },
  ],
  [
    'another dataset was never synced',
    'dataset_never_synced',
    'warning',
    withDataset({ lastSuccessAt: null, upstreamAt: null, isCore: false }),
  ],
  ['a dataset is past its warning age', 'dataset_stale', 'warning', withDataset({ lastSuccessAt: minutesAgo(20) })],
  [
    'a core dataset is past its critical age',
    'dataset_stale',
    'critical',
    withDataset({ lastSuccessAt: minutesAgo(61) }),
  ],
  [
    'another dataset is past its critical age',
    'dataset_stale',
    'warning',
    withDataset({ lastSuccessAt: minutesAgo(61), isCore: false }),
  ],
  ['a fresh answer is about an old block', 'dataset_stale', 'critical', withDataset({ upstreamAt: new Date(0) })],
  ['an answer was refused', 'dataset_protected', 'warning', withDataset({ protectedSince: minutesAgo(1) })],
  ['runs fail', 'dataset_failing', 'warning', withDataset({ consecutiveFailures: 2 })],
  ['a due run did not start', 'dataset_overdue', 'warning', withDataset({ nextDueAt: minutesAgo(3) })],
  ['reconciliation disagrees', 'dataset_drift', 'warning', withDataset({ hasDrift: true })],
  [
    'our quotes differ from those of TaoStats',
    'quote_drift',
    'warning',
    trustInputs({ reconciliation: { last: null, lastPassAt: null, quote: quoteCheck('fail') } }),
  ],
  ['a few rows are in quarantine', 'rows_kept_back', 'warning', withDataset({ rowsKeptBack: 25 })],
  ['over a fifth of the rows are in quarantine', 'rows_kept_back', 'critical', withDataset({ rowsKeptBack: 26 })],
  ['a time lies in the future', 'clock_skew', 'warning', withDataset({ upstreamAt: minutesAgo(-2) })],
  ['over 10 % of the calls fail', 'high_error_rate', 'warning', withCalls({ calls: 19, errors: 2 })],
  ['over 5 % of the calls are limited', 'high_rate_limit_rate', 'warning', withCalls({ calls: 19, rateLimits: 1 })],
  ['under half of the reads are hits', 'low_cache_hit_rate', 'warning', withCalls({}, { hits: 4, misses: 6 })],
  ['Redis is away', 'cache_down', 'warning', trustInputs({ cache: { kind: 'redis', available: false } })],
  ['the key is refused', 'upstream_auth_rejected', 'critical', withUpstream({ keyState: 'rejected' })],
  ['TLS fails', 'upstream_untrusted', 'critical', withUpstream({ securityProblem: 'certificate has expired' })],
  [
    'the credits are used up',
    'upstream_quota_exhausted',
    'warning',
    withUpstream({ quotaExhaustedUntil: minutesAgo(-15) }),
  ],
  [
    'a breaker is open',
    'upstream_breaker_open',
    'warning',
    withUpstream({ breakers: [{ scope: 'pools', state: 'open', until: minutesAgo(-1) }] }),
  ],
  ['a pause was cut to a day', 'upstream_pause_clamped', 'warning', withUpstream({ pauseClamped: true })],
  ['TaoStats asked us to wait', 'upstream_paused', 'notice', withUpstream({ blockedUntil: minutesAgo(-1) })],
  ['the learned limit is lower', 'upstream_limit_learned', 'notice', withUpstream({ learnedLimit: 5 })],
  ['the plan lacks an endpoint', 'upstream_plan_gated', 'notice', withUpstream({ planGated: ['/api/x'] })],
  [
    'PostgreSQL is away',
    'database_down',
    'critical',
    trustInputs({
      database: databaseReading({ reachable: false, downSince: minutesAgo(2), readAt: minutesAgo(2), problem: 'gone' }),
    }),
  ],
  [
    'PostgreSQL takes no changes',
    'database_read_only',
    'critical',
    trustInputs({ database: databaseReading({ readOnly: true }) }),
  ],
  [
    'PostgreSQL said that it has no room',
    'disk_full',
    'critical',
    trustInputs({ database: databaseReading({ diskFullForMs: 59_000 }) }),
  ],
  ['the intervals do not fit', 'budget_stretched', 'notice', withBudget({ credits: 9000, callsPerRun: 10 })],
  ['not even one run a day fits', 'budget_stretched', 'warning', withBudget({ credits: 9000, callsPerRun: 1000 })],
  [
    "the month's credits are going to be spent before it ends",
    'budget_runs_out',
    'notice',
    withBudget({ credits: 50_000, callsPerRun: 1, spentToday: 5000 }),
  ],
  ['the process is blocked', 'event_loop_blocked', 'warning', trustInputs({ eventLoopLagMs: 1_500 })],
];

describe('the issues of the trust pack', () => {
  it('are none when nothing is wrong', () => {
    expect(findIssues(trustInputs())).toEqual([]);
  });

  it.each(CASES)('when %s: %s, %s, and nothing else', (_name, code, severity, inputs) => {
    expect(findIssues(inputs)).toEqual([
      expect.objectContaining({ code, severity, message: expect.stringMatching(/\.$/), evidence: expect.anything() }),
    ]);
  });

  it('are none for what our plan does not include, however long ago it was asked for', () => {
    const state = {
      notOnPlanSince: minutesAgo(600),
      lastSuccessAt: null,
      upstreamAt: null,
      nextDueAt: minutesAgo(300),
    };
    expect(findIssues(withDataset(state))).toEqual([]);
  });

  it('claim no good rows where the first answer was refused', () => {
    const found = findIssues(withDataset({ protectedSince: minutesAgo(1), lastSuccessAt: null }));
    expect(found.find(({ code }) => code === 'dataset_protected')?.message).toContain('none has been stored yet');
  });

  it('cover every code there is', () => {
    expect(new Set(CASES.map(([, code]) => code))).toEqual(new Set(Object.keys(RUNBOOK_SECTIONS)));
  });

  it('point to sections that the runbook has', () => {
    const page = readFileSync(join(__dirname, '../../docs/runbook.md'), 'utf8');
    const anchors = [...page.matchAll(/^#+ (.*)$/gm)].map(([, title = '']) =>
      title
        .toLowerCase()
        .replace(/[^a-z0-9 -]/g, '')
        .replaceAll(' ', '-'),
    );
    expect(anchors).toEqual(expect.arrayContaining([...new Set(Object.values(RUNBOOK_SECTIONS))]));
  });

  it.each([
    ['10 % of the calls fail', withCalls({ calls: 20, errors: 2 })],
    ['5 % of the calls are limited', withCalls({ calls: 20, rateLimits: 1 })],
    ['half of the reads are hits', withCalls({}, { hits: 5, misses: 5 })],
    ['nine of nine calls fail', withCalls({ calls: 9, errors: 9 }, { hits: 0, misses: 9 })],
    ['a pause is over', withUpstream({ blockedUntil: NOW, quotaExhaustedUntil: NOW })],
    ['a breaker is closed again', withUpstream({ breakers: [{ scope: 'pools', state: 'closed', until: null }] })],
    ['nothing is known of the upstream yet', trustInputs({ upstream: null })],
    ['a run is two minutes late', withDataset({ nextDueAt: minutesAgo(2) })],
    ['the service was down when a run was due', { ...withDataset({ nextDueAt: minutesAgo(14) }), uptimeSeconds: 60 }],
  ])('are none when %s', (_name, inputs) => {
    expect(findIssues(inputs)).toEqual([]);
  });

  it('judge the last hour when the last 15 minutes hold too few calls', () => {
    const { metrics } = trustInputs();
    const inputs = trustInputs({
      metrics: {
        ...metrics,
        last15Minutes: totals({ calls: 3, errors: 3 }),
        lastHour: totals({ calls: 30, errors: 3 }),
      },
    });
    expect(findIssues(inputs)).toEqual([]);
    inputs.metrics.lastHour = totals({ calls: 29, errors: 3 });
    expect(findIssues(inputs)).toEqual([
      expect.objectContaining({ code: 'high_error_rate', evidence: { window: 'last_hour', calls: 29, errors: 3 } }),
    ]);
  });

  it('begin when the limit was reached, not when somebody looked', () => {
    const [issue] = findIssues(withDataset({ lastSuccessAt: minutesAgo(20) }));
    expect(issue?.since).toEqual(minutesAgo(5));
  });
});

describe('the status', () => {
  const finding = (severity: Severity) => ({ code: 'dataset_stale' as const, severity, message: '', evidence: {} });

  it.each([
    ['healthy', []],
    ['healthy', ['notice', 'notice', 'notice']],
    ['degraded', ['warning']],
    ['degraded', ['warning', 'warning', 'notice']],
    ['critical', ['warning', 'warning', 'warning']],
    ['critical', ['critical']],
  ] as [string, Severity[]][])('is %s with %j', (status, severities) => {
    expect(statusOf(severities.map(finding))).toBe(status);
  });
});
