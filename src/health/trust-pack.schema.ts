/** The trust pack in OpenAPI: the runbook's example, with the shape of what stands beside it. */
export const TRUST_PACK_SCHEMA = {
  type: 'object',
  required: [
    'generated_at',
    'uptime_seconds',
    'api_health',
    'api_endpoints',
    'cache_health',
    'datasets',
    'recent_errors',
    'feature_flags',
    'overall_health',
  ],
  example: {
    generated_at: '2026-01-15T12:00:00.000Z',
    uptime_seconds: 3600,
    simulated: false,
    api_health: { total_calls: 150, total_errors: 3, total_rate_limits: 1, error_rate: 0.02, rate_limit_rate: 0.0067 },
    api_endpoints: {
      '/api/dtao/pool/latest/v1': {
        call_count: 50,
        success_rate: 0.98,
        error_rate: 0.02,
        avg_latency_ms: 245.5,
        rate_limit_count: 0,
      },
    },
    cache_health: { total_hits: 120, total_misses: 30, overall_hit_rate: 0.8 },
    datasets: {
      subnets: {
        last_success_at: '2026-01-15T11:55:00.000Z',
        record_count: 129,
        age_minutes: 5,
        is_stale: false,
        has_drift: false,
        trust: 'ok',
        level: 'fresh',
        state: 'on_time',
      },
    },
    upstream: { limit_per_minute: 60, learned_limit: 60, used_in_window: 4, paused: false, blocked_until: null },
    budget: {
      spent: { credits_this_month: 2140, credits_left: 47_860, days_until_spent: 31.4, lasts_the_month: true },
      plan: { fits_minute: true, fits_month: true, stretched: false, planned_calls_per_day: 1392 },
      datasets: { pools: { interval_seconds: 600, stale_at: '2026-01-15T12:55:00.000Z', outlook: 'in_time' } },
    },
    recent_errors: [],
    feature_flags: { enable_retry_after: true, enable_partial_failure_protection: true },
    overall_health: { status: 'healthy', trust: 'ok', summary: 'All 3 datasets are fresh.', issues: [], notices: [] },
  },
};
