import { Inject, Injectable } from '@nestjs/common';
import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';
import { Settings, modeOf } from '../config';
import { EventLoopLag } from './event-loop-lag';
import type { CallOutcome } from './counts';
import { LATENCY_BOUNDS_MS } from './latency-histogram';
import { SERVICE_VERSION } from './version';

const SYNC_SECONDS = [0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120, 300, 600];

/** Every Prometheus metric that is counted here, in one place. Values are of this process; Prometheus adds replicas up. */
@Injectable()
export class PrometheusMetrics {
  readonly registry = new Registry();

  readonly upstreamRequests = this.counter(
    'tao_upstream_requests_total',
    'Attempts against TaoStats by endpoint template and outcome, retries included.',
    ['endpoint', 'outcome'],
  );
  readonly upstreamDuration = new Histogram({
    name: 'tao_upstream_request_duration_seconds',
    help: 'Duration of one attempt against TaoStats.',
    labelNames: ['endpoint'],
    buckets: LATENCY_BOUNDS_MS.map((bound) => bound / 1000),
    registers: [this.registry],
  });
  readonly upstreamRateLimited = this.counter('tao_upstream_rate_limited_total', 'Answers 429 for the minute limit.', [
    'endpoint',
  ]);
  readonly invalidRetryAfter = this.counter(
    'tao_upstream_invalid_retry_after_total',
    'Retry-After headers that could not be read.',
    ['endpoint'],
  );
  readonly cacheRequests = this.counter(
    'tao_cache_requests_total',
    'Cache reads by namespace and result: hit, miss, stale or failure.',
    ['namespace', 'result'],
  );
  readonly syncRuns = this.counter('tao_sync_runs_total', 'Closed sync runs by dataset and outcome.', [
    'dataset',
    'outcome',
  ]);
  readonly syncDuration = new Histogram({
    name: 'tao_sync_duration_seconds',
    help: 'Duration of one sync run from start to end.',
    labelNames: ['dataset'],
    buckets: SYNC_SECONDS,
    registers: [this.registry],
  });
  readonly writesProtected = this.counter(
    'tao_dataset_writes_protected_total',
    'Answers that were refused so that good rows stay.',
    ['dataset', 'reason'],
  );
  readonly quarantinedRows = this.counter('tao_quarantined_rows_total', 'Rows refused into quarantine.', ['dataset']);
  readonly alertDeliveries = this.counter(
    'tao_alert_deliveries_total',
    'Attempts to deliver alerts by kind of channel and outcome: delivered, retried, refused or failed.',
    ['kind', 'outcome'],
  );
  readonly accessRefusals = this.counter('tao_http_refusals_total', 'Requests refused before any route, by code.', [
    'code',
  ]);

  constructor(@Inject(Settings) settings: Settings, @Inject(EventLoopLag) lag: EventLoopLag) {
    collectDefaultMetrics({ register: this.registry });
    this.gauge('tao_build_info', 'Always 1; the build and its mode are the labels.', [
      'version',
      'node',
      'database',
      'cache',
      'upstream',
    ]).set({ version: SERVICE_VERSION, node: process.version, ...modeOf(settings) }, 1);
    new Gauge({
      name: 'tao_eventloop_lag_seconds',
      help: 'Delay of the newest event-loop tick.',
      registers: [this.registry],
      collect() {
        this.set(lag.lagMs() / 1000);
      },
    });
  }

  countAttempt(endpoint: string, outcome: CallOutcome, seconds: number): void {
    this.upstreamRequests.inc({ endpoint, outcome });
    this.upstreamDuration.observe({ endpoint }, seconds);
    if (outcome === 'rate_limited') this.upstreamRateLimited.inc({ endpoint });
  }

  /** Registers a gauge that its owner feeds. Without a sample until then: not known is not zero. */
  gauge<L extends string>(name: string, help: string, labelNames: readonly L[] = []): Gauge<L> {
    const gauge = new Gauge({ name, help, labelNames: [...labelNames], registers: [this.registry] });
    if (labelNames.length === 0) gauge.remove();
    return gauge;
  }

  private counter<L extends string>(name: string, help: string, labelNames: readonly L[]): Counter<L> {
    return new Counter({ name, help, labelNames: [...labelNames], registers: [this.registry] });
  }
}
