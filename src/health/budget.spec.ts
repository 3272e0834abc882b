import { NOW, datasetState, minutesAgo, trustInputs, upstreamSnapshot } from '../../test/support/trust-inputs';
import { buildBudget } from './budget';
import { judgeDatasets } from './find-issues';
import type { TrustInputs } from './trust-inputs';

const KEY = 'key api.taostats.io 0123456789ab';
const DEMAND = { dataset: 'pools', configuredSeconds: 600, callsPerRun: 1, rank: 'core' as const };
const SPENT = { key: KEY, day: '2026-01-15', attempts: 72, countedFrom: new Date('2026-01-15T00:00:00Z') };

function inputs(credits: number, change: Partial<TrustInputs> = {}): TrustInputs {
  const base = trustInputs();
  return {
    ...base,
    settings: { ...base.settings, taostatsMonthlyCredits: credits },
    upstream: upstreamSnapshot({ keyScope: KEY }),
    budget: { spending: [SPENT, { ...SPENT, key: 'key of another', attempts: 9999 }], demands: [DEMAND] },
    ...change,
  };
}

const budgetOf = (given: TrustInputs) => buildBudget(given, judgeDatasets(given));

describe('the budget of the trust pack', () => {
  it('counts what this key spent, and says how long that lasts', () => {
    expect(budgetOf(inputs(10_000))?.spent).toEqual({
      credits_this_month: 72,
      credits_today: 72,
      credits_left: 9928,
      pace_per_day: 144,
      days_until_spent: 68.94,
      spent_at: new Date(NOW.getTime() + (9928 / 144) * 86_400_000),
      lasts_the_month: true,
      month_ends_at: new Date('2026-02-01T00:00:00Z'),
    });
  });

  it('says nothing of an end where the credits are not known, and what every plan would hold', () => {
    const budget = budgetOf(inputs(0));
    expect(budget?.limits.credits_per_month).toBeNull();
    expect(budget?.spent).toMatchObject({ credits_this_month: 72, credits_left: null, spent_at: null });
    expect(budget?.plan).toMatchObject({ applied: false, stretched: false, fits_month: null });
    expect(budget?.plans.map(({ name, fits }) => [name, fits])).toEqual([
      ['free', true],
      ['power', true],
      ['develop', true],
      ['scale', true],
    ]);
  });

  it('tells the plan that is configured', () => {
    expect(budgetOf(inputs(50_000))?.plans.filter((plan) => plan.is_configured)).toEqual([
      expect.objectContaining({ name: 'develop', usd_per_month: 49 }),
    ]);
  });

  it('shows configured, planned and present interval of each dataset, and when it would be stale', () => {
    const given = inputs(50_000, { upstream: upstreamSnapshot({ keyScope: KEY, blockedUntil: minutesAgo(-70) }) });
    expect(budgetOf(given)?.datasets.pools).toMatchObject({
      rank: 'core',
      configured_interval_seconds: 600,
      planned_interval_seconds: 600,
      interval_seconds: 600,
      calls_per_day: 144,
      calls_per_month: 4464,
      stale_at: minutesAgo(-54),
      next_success_at: minutesAgo(-70),
      outlook: 'will_be_critical',
    });
  });

  it('holds a dataset that an open breaker refused until the breaker lets go', () => {
    const breakers = [{ scope: 'pool', state: 'open' as const, until: minutesAgo(-10) }];
    const state = datasetState({ lastErrorCode: 'taostats/breaker-open', consecutiveFailures: 1 });
    const given = inputs(0, {
      upstream: upstreamSnapshot({ keyScope: KEY, breakers }),
      datasets: [{ state, lastRun: null, openRun: null }],
    });
    expect(budgetOf(given)?.datasets.pools).toMatchObject({ next_success_at: minutesAgo(-10), outlook: 'at_risk' });
  });

  it('is unknown before the schedule has said what it wants, and before the key is known', () => {
    expect(budgetOf(inputs(0, { budget: { spending: [], demands: [] } }))).toBeNull();
    expect(budgetOf(inputs(0, { budget: null }))).toBeNull();
    expect(budgetOf(inputs(0, { upstream: null }))).toBeNull();
  });
});
