const NUMBER = { type: 'number', nullable: true };
const MOMENT = { type: 'string', format: 'date-time', nullable: true };
const FLAG = { type: 'boolean', nullable: true };

/** A figure with what it says. */
function figure(description: string, example?: number) {
  return { ...NUMBER, description, ...(example === undefined ? {} : { example }) };
}

const DATASET = {
  type: 'object',
  properties: {
    rank: { type: 'string', enum: ['core', 'wallet', 'other'], nullable: true },
    configured_interval_seconds: NUMBER,
    planned_interval_seconds: figure('What the interval has to be for everything to fit.', 600),
    interval_seconds: figure('In force now.', 600),
    calls_per_run: figure('Mean of the newest runs, or a first guess.', 1),
    calls_per_day: NUMBER,
    calls_per_month: figure('In the days of this UTC month.'),
    seconds_per_run_at_limit: figure('How long a run takes when the minute limit paces it.'),
    stale_at: { ...MOMENT, description: 'Critically stale from then on, unless a run succeeds before.' },
    next_success_at: { ...MOMENT, description: 'When the next success is expected.' },
    outlook: { type: 'string', enum: ['unknown', 'in_time', 'at_risk', 'will_be_critical', 'critical'] },
  },
};

const PLAN = {
  type: 'object',
  properties: {
    name: { type: 'string', example: 'free' },
    usd_per_month: NUMBER,
    calls_per_minute: NUMBER,
    credits_per_month: NUMBER,
    is_configured: FLAG,
    fits: { ...FLAG, description: 'The configured intervals fit this plan as they are.' },
    holds: { ...FLAG, description: 'They do when stretched by the factors given.' },
    stretch_core_and_wallets: figure('Factor on the intervals of core and wallet data.', 1),
    stretch_rest: figure('Factor on all other intervals.', 2.14),
  },
};

/** `budget` of the trust pack and of /api/v1/budget in OpenAPI. */
export const BUDGET_SCHEMA = {
  type: 'object',
  required: ['budget', 'meta'],
  properties: {
    budget: {
      type: 'object',
      nullable: true,
      properties: {
        limits: {
          type: 'object',
          properties: {
            calls_per_minute: NUMBER,
            learned_calls_per_minute: NUMBER,
            credits_per_month: figure('Null: TAOSTATS_MONTHLY_CREDITS does not say.', 10_000),
            reserve_share: figure('Share left to people, retries and history.', 0.2),
          },
        },
        spent: {
          type: 'object',
          properties: {
            credits_this_month: figure('Attempts since the UTC month began, all replicas together.'),
            credits_today: NUMBER,
            credits_left: NUMBER,
            pace_per_day: NUMBER,
            days_until_spent: NUMBER,
            spent_at: MOMENT,
            lasts_the_month: FLAG,
            month_ends_at: MOMENT,
          },
        },
        plan: {
          type: 'object',
          properties: {
            fits_minute: FLAG,
            fits_month: FLAG,
            holds: FLAG,
            configured_calls_per_day: NUMBER,
            planned_calls_per_day: NUMBER,
            allowed_calls_per_day: NUMBER,
            stretched: FLAG,
            applied: { ...FLAG, description: 'The schedule follows the stretched intervals.' },
            stretch_core_and_wallets: NUMBER,
            stretch_rest: NUMBER,
          },
        },
        plans: { type: 'array', items: PLAN },
        datasets: { type: 'object', additionalProperties: DATASET },
      },
    },
    meta: {
      type: 'object',
      properties: {
        generated_at: MOMENT,
        as_of: { ...MOMENT, description: 'When the counts were read.' },
        source: { type: 'string', enum: ['taostats', 'simulator'] },
        simulated: FLAG,
      },
    },
  },
};
