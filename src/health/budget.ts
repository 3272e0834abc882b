import {
  type BudgetDataset,
  type BudgetLimits,
  type BudgetPlan,
  type PlannedDataset,
  RESERVE_SHARE,
  type SpendingPace,
  UPSTREAM_PLANS,
  type UpstreamPlan,
  forecastStaleness,
  paceOf,
  planBudget,
} from '../analysis';
import type { UpstreamSnapshot } from '../metrics';
import type { JudgedDataset, TrustInputs } from './trust-inputs';

/** The plan of the credits and how fast they go; null until both are known. */
export interface Budget {
  plan: BudgetPlan;
  pace: SpendingPace;
  limits: BudgetLimits;
  wanted: readonly BudgetDataset[];
}

/** What the stored counts and demands amount to; null while they or the key's name are not known. Pure. */
export function readBudget({ budget, settings, upstream, now }: TrustInputs): Budget | null {
  if (budget === null || budget.demands.length === 0 || upstream?.keyScope === undefined) return null;
  const days = budget.spending.filter(({ key }) => key === upstream.keyScope);
  const perMonth = settings.taostatsMonthlyCredits;
  const limits = { perMinute: settings.taostatsRateLimitPerMinute, perMonth };
  const wanted = budget.demands.map(({ dataset, configuredSeconds, callsPerRun, rank }) => ({
    name: dataset,
    intervalSeconds: configuredSeconds,
    plannedCalls: callsPerRun,
    rank,
  }));
  const pace = paceOf(days, perMonth, now);
  const { spentThisMonth } = pace;
  const plan = planBudget({ limits, spentThisMonth, now, datasets: wanted, reserveShare: RESERVE_SHARE });
  return { plan, pace, limits, wanted };
}

/**
 * The budget as callers see it. Units are in the names; `calls` and `credits` are attempts sent to TaoStats, retries
 * included. Null until the schedule has said what it wants.
 */
export function buildBudget(inputs: TrustInputs, judged: readonly JudgedDataset[]) {
  const budget = readBudget(inputs);
  if (budget === null) return null;
  const { plan, pace, limits } = budget;
  return {
    limits: {
      calls_per_minute: limits.perMinute,
      learned_calls_per_minute: inputs.upstream?.learnedLimit ?? null,
      credits_per_month: limits.perMonth === 0 ? null : limits.perMonth,
      reserve_share: RESERVE_SHARE,
    },
    spent: {
      credits_this_month: pace.spentThisMonth,
      credits_today: pace.spentToday,
      credits_left: limits.perMonth === 0 ? null : Math.max(0, limits.perMonth - pace.spentThisMonth),
      pace_per_day: rounded(pace.perDay),
      days_until_spent: rounded(pace.daysUntilSpent),
      spent_at: pace.spentAt,
      lasts_the_month: pace.spentAt === null ? null : pace.spentAt >= plan.monthEndsAt,
      month_ends_at: plan.monthEndsAt,
    },
    plan: {
      fits_minute: plan.fitsMinute,
      fits_month: plan.fitsMonth,
      holds: plan.holds,
      configured_calls_per_day: rounded(plan.configuredPerDay),
      planned_calls_per_day: rounded(plan.plannedPerDay),
      allowed_calls_per_day: rounded(plan.allowedPerDay),
      stretched: plan.stretch.rest > 1,
      applied: limits.perMonth > 0,
      stretch_core_and_wallets: rounded(plan.stretch.favoured),
      stretch_rest: rounded(plan.stretch.rest),
    },
    plans: UPSTREAM_PLANS.map((offer) => buildOffer(offer, budget, inputs.now)),
    jobs: Object.fromEntries(
      plan.datasets
        .filter(({ name }) => judged.every(({ state }) => state.dataset !== name))
        .map((job) => [job.name, buildDemand(job)]),
    ),
    datasets: Object.fromEntries(
      judged.map((dataset) => [
        dataset.state.dataset,
        {
          ...buildDemand(plan.datasets.find(({ name }) => name === dataset.state.dataset)),
          interval_seconds: dataset.state.intervalSeconds,
          ...buildForecast(dataset, inputs),
        },
      ]),
    ),
  };
}

/** What the configured intervals would become on a plan that has its whole month ahead. */
function buildOffer(offer: UpstreamPlan, { limits, wanted }: Budget, now: Date) {
  const monthBegin = new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth(), 1));
  const request = { spentThisMonth: 0, now: monthBegin, datasets: wanted, reserveShare: RESERVE_SHARE };
  const plan = planBudget({ ...request, limits: offer });
  return {
    name: offer.name,
    usd_per_month: offer.usdPerMonth,
    calls_per_minute: offer.perMinute,
    credits_per_month: offer.perMonth,
    is_configured: limits.perMinute === offer.perMinute && limits.perMonth === offer.perMonth,
    fits: plan.fitsMinute && plan.fitsMonth === true,
    holds: plan.holds,
    stretch_core_and_wallets: rounded(plan.stretch.favoured),
    stretch_rest: rounded(plan.stretch.rest),
  };
}

function buildDemand(planned: PlannedDataset | undefined) {
  return {
    rank: planned?.rank ?? null,
    configured_interval_seconds: planned?.intervalSeconds ?? null,
    planned_interval_seconds: planned?.plannedSeconds ?? null,
    calls_per_run: planned?.plannedCalls ?? null,
    calls_per_day: rounded(planned?.callsPerDay ?? null),
    calls_per_month: rounded(planned?.callsPerMonth ?? null),
    seconds_per_run_at_limit: rounded(planned?.secondsPerRun ?? null),
  };
}

function buildForecast({ state, freshness, lastRun }: JudgedDataset, { upstream, now }: TrustInputs) {
  const { staleAt, nextSuccessAt, outlook } = forecastStaleness({
    now,
    asOf: freshness.asOf,
    lastSuccessAt: state.lastSuccessAt,
    intervalSeconds: state.intervalSeconds,
    criticalSeconds: freshness.criticalSeconds,
    nextDueAt: state.nextDueAt,
    consecutiveFailures: state.consecutiveFailures,
    heldUntil: heldUntil(upstream, state.lastErrorCode),
    runSeconds: secondsOf(lastRun),
  });
  return { stale_at: staleAt, next_success_at: nextSuccessAt, outlook };
}

/** The key's pause holds every dataset; an open breaker those whose last run it refused. */
function heldUntil(upstream: UpstreamSnapshot | null, lastErrorCode: string | null): Date | null {
  if (upstream === null) return null;
  const breakers = lastErrorCode === 'taostats/breaker-open' ? upstream.breakers.map(({ until }) => until) : [];
  const ends = [upstream.blockedUntil, upstream.quotaExhaustedUntil, ...breakers].flatMap(
    (end) => end?.getTime() ?? [],
  );
  return ends.length === 0 ? null : new Date(Math.max(...ends));
}

function secondsOf(run: JudgedDataset['lastRun']): number {
  if (run?.startedAt == null || run.finishedAt === null) return 0;
  return Math.max(0, run.finishedAt.getTime() - run.startedAt.getTime()) / 1000;
}

/** Two decimals: these are estimates. Null where there is no figure. */
function rounded(figure: number | null): number | null {
  return figure === null || !Number.isFinite(figure) ? null : Math.round(figure * 100) / 100;
}
