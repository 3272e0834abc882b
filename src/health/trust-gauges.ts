import { Injectable } from '@nestjs/common';
import { PrometheusMetrics, ReconciliationGauges } from '../metrics';
import type { IssueCode } from './issue';
import { toReconciliationStanding } from './reconciliation-view';
import type { TrustInputs } from './trust-inputs';
import type { TrustPack } from './trust-pack';

const STATUSES = ['healthy', 'degraded', 'critical'] as const;
const DATASET = ['dataset'] as const;
const TAKES_NO_CHANGES: ReadonlySet<IssueCode> = new Set(['database_read_only', 'disk_full']);

/** The trust pack as Prometheus gauges. Unknown moments have no sample: an absent series is not an age of zero. */
@Injectable()
export class TrustGauges {
  private readonly status;
  private readonly issues;
  private readonly lastSuccess;
  private readonly upstreamTime;
  private readonly records;
  private readonly warning;
  private readonly critical;
  private readonly drift;
  private readonly keptBack;
  private readonly refused;
  private readonly budget;
  private readonly remaining;
  private readonly blockedUntil;
  private readonly breakers;
  private readonly creditsLimit;
  private readonly creditsSpent;
  private readonly stretch;
  private readonly cacheUp;
  private readonly databaseUp;
  private readonly databaseWritable;
  private readonly reconciliation: ReconciliationGauges;

  constructor(prometheus: PrometheusMetrics) {
    const gauge = prometheus.gauge.bind(prometheus);
    this.status = gauge('tao_trust_status', '1 for the status of the trust pack, 0 for the others.', ['status']);
    this.issues = gauge('tao_trust_issues', 'Issues that stand, by severity.', ['severity']);
    this.lastSuccess = gauge('tao_dataset_last_success_timestamp_seconds', 'Last applied or confirmed run.', DATASET);
    this.upstreamTime = gauge('tao_dataset_upstream_timestamp_seconds', 'Newest upstream block time.', DATASET);
    this.records = gauge('tao_dataset_records', 'Rows at the watermark.', DATASET);
    this.warning = gauge('tao_dataset_warn_seconds', 'Age at which the dataset is stale.', DATASET);
    this.critical = gauge('tao_dataset_error_seconds', 'Age at which the dataset is critically stale.', DATASET);
    this.drift = gauge('tao_dataset_drift', '1 while reconciliation disagrees with the stored rows.', DATASET);
    this.keptBack = gauge('tao_dataset_rows_kept_back', 'Rows whose newest version is in quarantine.', DATASET);
    this.refused = gauge('tao_dataset_protected', '1 while the last answer is refused.', DATASET);
    this.budget = gauge('tao_upstream_budget_limit', 'Calls a minute that TaoStats allows, as learned.');
    this.remaining = gauge('tao_upstream_budget_remaining', 'Calls left in the running minute.');
    this.blockedUntil = gauge('tao_upstream_blocked_until_timestamp_seconds', 'End of the pause; 0 without one.');
    this.breakers = gauge('tao_upstream_breaker_open', '1 while calls to this scope are cut off.', ['scope']);
    this.creditsLimit = gauge('tao_upstream_credits_month_limit', 'Calls a month that the plan allows, as configured.');
    this.creditsSpent = gauge('tao_upstream_credits_month_spent', 'Calls sent with the key in this month (UTC).');
    this.stretch = gauge('tao_upstream_budget_stretch_ratio', 'Factor by which intervals are longer than configured.', [
      'rank',
    ]);
    this.cacheUp = gauge('tao_cache_up', '1 while the cache store answers.');
    this.databaseUp = gauge('tao_database_up', '1 while PostgreSQL answers.');
    this.databaseWritable = gauge(
      'tao_database_writable',
      '0 while PostgreSQL answers and takes no changes, or has no room left.',
    );
    this.reconciliation = new ReconciliationGauges(prometheus);
  }

  publish(pack: TrustPack, inputs: TrustInputs): void {
    for (const status of STATUSES) this.status.set({ status }, pack.overall_health.status === status ? 1 : 0);
    const { issues, notices } = pack.overall_health;
    for (const severity of ['warning', 'critical']) {
      this.issues.set({ severity }, issues.filter((issue) => issue.severity === severity).length);
    }
    this.issues.set({ severity: 'notice' }, notices.length);
    this.cacheUp.set(inputs.cache.available ? 1 : 0);
    this.databaseUp.set(inputs.database.reachable ? 1 : 0);
    this.databaseWritable.set(issues.some(({ code }) => TAKES_NO_CHANGES.has(code)) ? 0 : 1);
    this.publishDatasets(pack);
    this.publishUpstream(pack);
    this.reconciliation.publish(toReconciliationStanding(inputs));
    this.publishBudget(pack);
  }

  private publishDatasets(pack: TrustPack): void {
    for (const [dataset, view] of Object.entries(pack.datasets)) {
      if (view.last_success_at !== null) this.lastSuccess.set({ dataset }, view.last_success_at.getTime() / 1000);
      if (view.upstream_at !== null) this.upstreamTime.set({ dataset }, view.upstream_at.getTime() / 1000);
      if (view.record_count !== null) this.records.set({ dataset }, view.record_count);
      this.warning.set({ dataset }, view.warning_seconds);
      this.critical.set({ dataset }, view.critical_seconds);
      this.drift.set({ dataset }, view.has_drift ? 1 : 0);
      this.keptBack.set({ dataset }, view.rows_kept_back);
      this.refused.set({ dataset }, view.protected_since === null ? 0 : 1);
    }
  }

  private publishUpstream({ upstream }: TrustPack): void {
    const { learned_limit: limit, used_in_window: used } = upstream;
    if (limit !== null) this.budget.set(limit);
    if (limit !== null && used !== null) this.remaining.set(Math.max(0, limit - used));
    this.blockedUntil.set(upstream.blocked_until === null ? 0 : upstream.blocked_until.getTime() / 1000);
    for (const breaker of upstream.breakers) {
      this.breakers.set({ scope: breaker.scope }, breaker.state === 'closed' ? 0 : 1);
    }
  }

  private publishBudget({ budget }: TrustPack): void {
    if (budget === null) return;
    const { limits, spent, plan } = budget;
    if (limits.credits_per_month !== null) this.creditsLimit.set(limits.credits_per_month);
    this.creditsSpent.set(spent.credits_this_month);
    if (!plan.applied) return;
    if (plan.stretch_core_and_wallets !== null) this.stretch.set({ rank: 'core' }, plan.stretch_core_and_wallets);
    if (plan.stretch_rest !== null) this.stretch.set({ rank: 'rest' }, plan.stretch_rest);
  }
}
