import { Injectable } from '@nestjs/common';
import { Settings } from '../config';
import { type CacheCounts, emptyCacheCounts } from './counts';
import { MetricsLedger } from './metrics-ledger';
import { PrometheusMetrics } from './prometheus-metrics';

/** Counts cache reads by namespace (an endpoint template, never a key). Records nothing with ENABLE_CACHE_METRICS=false. */
@Injectable()
export class CacheMetrics {
  constructor(
    private readonly settings: Settings,
    private readonly ledger: MetricsLedger,
    private readonly prometheus: PrometheusMetrics,
  ) {}

  hit(namespace: string): void {
    this.count(namespace, 'hits', 'hit');
  }

  miss(namespace: string): void {
    this.count(namespace, 'misses', 'miss');
  }

  /** An answer beyond its time to live was given, since a newer one was on its way or could not be had. */
  stale(namespace: string): void {
    this.count(namespace, 'stale', 'stale');
  }

  /**
   * The store was slow, away, full or held garbage, or a stale answer could not be renewed. A failed read also counts
   * as a miss by its caller.
   */
  failure(namespace: string): void {
    this.count(namespace, 'failures', 'failure');
  }

  private count(namespace: string, counter: keyof CacheCounts, result: string): void {
    if (!this.settings.enableCacheMetrics) return;
    const bounded = this.ledger.bounded('cache', namespace);
    (this.ledger.now().cache[bounded] ??= emptyCacheCounts())[counter] += 1;
    this.prometheus.cacheRequests.inc({ namespace: bounded, result });
  }
}
