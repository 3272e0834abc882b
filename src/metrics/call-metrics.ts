import { Injectable } from '@nestjs/common';
import { redactText } from '../common';
import { Settings } from '../config';
import { type CallOutcome, emptyApiCounts, isErrorOutcome } from './counts';
import { latencyBucket } from './latency-histogram';
import { MetricsLedger } from './metrics-ledger';
import { PrometheusMetrics } from './prometheus-metrics';

const MAX_MESSAGE_LENGTH = 500;

/** One attempt against TaoStats. */
export interface AttemptRecord {
  /** Path template, never a URL with values. */
  endpoint: string;
  outcome: CallOutcome;
  /** HTTP status; null when no answer came. */
  status: number | null;
  latencyMs: number;
  /** 1 is the first attempt, everything above a retry. */
  attempt: number;
  error?: { code: string; message: string };
  runId?: string;
}

/** Counts every attempt against TaoStats. Records nothing with ENABLE_API_METRICS=false. */
@Injectable()
export class CallMetrics {
  constructor(
    private readonly settings: Settings,
    private readonly ledger: MetricsLedger,
    private readonly prometheus: PrometheusMetrics,
  ) {}

  recordAttempt(attempt: AttemptRecord): void {
    if (!this.settings.enableApiMetrics) return;
    const endpoint = this.ledger.bounded('api', attempt.endpoint);
    const counts = (this.ledger.now().api[endpoint] ??= emptyApiCounts());
    const bucket = latencyBucket(attempt.latencyMs);
    counts.calls += 1;
    counts.latencyMsSum += attempt.latencyMs;
    counts.latencyBuckets[bucket] = (counts.latencyBuckets[bucket] ?? 0) + 1;
    if (attempt.attempt > 1) counts.retries += 1;
    if (attempt.outcome === 'ok') counts.ok += 1;
    if (attempt.outcome === 'rate_limited') counts.rateLimits += 1;
    if (attempt.outcome === 'quota_exhausted') counts.quotaExhausted += 1;
    if (isErrorOutcome(attempt.outcome)) counts.errors += 1;
    this.prometheus.countAttempt(endpoint, attempt.outcome, attempt.latencyMs / 1000);
    if (attempt.outcome !== 'ok' && attempt.outcome !== 'cancelled') this.keepError(endpoint, attempt);
  }

  /** A Retry-After that could not be read; the backoff applied instead. */
  recordInvalidRetryAfter(endpoint: string): void {
    if (!this.settings.enableApiMetrics) return;
    this.prometheus.invalidRetryAfter.inc({ endpoint: this.ledger.bounded('api', endpoint) });
  }

  private keepError(endpoint: string, attempt: AttemptRecord): void {
    this.ledger.recordError({
      endpoint,
      outcome: attempt.outcome,
      status: attempt.status,
      code: attempt.error?.code ?? `taostats/${attempt.outcome.replaceAll('_', '-')}`,
      message: redactText(attempt.error?.message ?? attempt.outcome).slice(0, MAX_MESSAGE_LENGTH),
      attempt: attempt.attempt,
      runId: attempt.runId ?? null,
    });
  }
}
