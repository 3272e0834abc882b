import { Injectable } from '@nestjs/common';
import { HealthIndicatorService } from '@nestjs/terminus';
import { TrustSnapshot } from './trust-snapshot.service';

/** Terminus indicators read from the newest trust pack: they wait for nothing, and gate no traffic. */
@Injectable()
export class TrustIndicators {
  constructor(
    private readonly indicator: HealthIndicatorService,
    private readonly snapshot: TrustSnapshot,
  ) {}

  cache() {
    const { kind, available } = this.snapshot.current().pack.cache_health;
    const check = this.indicator.check('cache');
    return available ? check.up({ kind }) : check.down({ kind, message: 'does not answer; every read is a miss' });
  }

  /** Down while calls cannot be made for a reason that waiting does not cure, or every path is cut off. */
  upstream() {
    const { upstream } = this.snapshot.current().pack;
    const check = this.indicator.check('upstream');
    const facts = {
      paused: upstream.paused,
      blocked_until: upstream.blocked_until,
      key_state: upstream.key_state,
      breakers_open: upstream.breakers.filter((breaker) => breaker.state !== 'closed').length,
    };
    return upstream.key_state === 'rejected' || facts.breakers_open > 0 ? check.down(facts) : check.up(facts);
  }

  /** Down while a run that was due has not started. */
  scheduler() {
    const overdue = this.subjectsOf('dataset_overdue');
    const check = this.indicator.check('scheduler');
    return overdue.length === 0 ? check.up() : check.down({ overdue });
  }

  /** Down while a core dataset is critically stale or was never synced. */
  freshness() {
    const bad = Object.entries(this.snapshot.current().pack.datasets)
      .filter(([, dataset]) => dataset.is_core && (dataset.level === 'critical' || dataset.level === 'unknown'))
      .map(([name]) => name);
    const known = Object.keys(this.snapshot.current().pack.datasets).length > 0;
    const check = this.indicator.check('freshness');
    if (!known) return check.down({ message: 'nothing was synced yet' });
    return bad.length === 0 ? check.up() : check.down({ datasets: bad });
  }

  private subjectsOf(code: string): (string | null)[] {
    return this.snapshot
      .current()
      .pack.overall_health.issues.filter((issue) => issue.code === code)
      .map((issue) => issue.subject);
  }
}
