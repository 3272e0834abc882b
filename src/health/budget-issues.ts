import { readBudget } from './budget';
import type { Finding } from './issue';
import type { TrustInputs } from './trust-inputs';

/** A forecast from fewer attempts than this would be noise. */
const LEAST_COUNTED = 50;

/** What is wrong with the month's credits. Silent while TAOSTATS_MONTHLY_CREDITS does not say how many there are. */
export function findBudgetIssues(inputs: TrustInputs): Finding[] {
  const budget = inputs.settings.taostatsMonthlyCredits === 0 ? null : readBudget(inputs);
  if (budget === null) return [];
  const { plan, pace, limits } = budget;
  const findings: Finding[] = [];
  if (plan.stretch.rest > 1) {
    findings.push({
      code: 'budget_stretched',
      severity: plan.holds ? 'notice' : 'warning',
      message: plan.holds
        ? 'The configured intervals do not fit the limits of the key, so they are stretched.'
        : 'Even with every dataset once a day the limits of the key do not suffice.',
      evidence: {
        configured_calls_per_day: Math.round(plan.configuredPerDay),
        allowed_calls_per_day: Math.round(plan.allowedPerDay),
        stretch_core_and_wallets: Math.round(plan.stretch.favoured * 100) / 100,
        stretch_rest: Math.round(plan.stretch.rest * 100) / 100,
      },
    });
  }
  if (pace.spentAt !== null && pace.spentAt < plan.monthEndsAt && pace.spentThisMonth >= LEAST_COUNTED) {
    findings.push({
      code: 'budget_runs_out',
      severity: pace.spentThisMonth >= limits.perMonth ? 'warning' : 'notice',
      message: `At today's pace the month's credits are spent at ${pace.spentAt.toISOString()}.`,
      evidence: {
        credits_per_month: limits.perMonth,
        credits_spent: pace.spentThisMonth,
        pace_per_day: Math.round(pace.perDay ?? 0),
        month_ends_at: plan.monthEndsAt,
      },
    });
  }
  return findings;
}
