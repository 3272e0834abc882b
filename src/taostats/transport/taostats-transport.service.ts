import { HttpService } from '@nestjs/axios';
import { Inject, Injectable, Logger } from '@nestjs/common';
import { AxiosError, type AxiosResponse, type InternalAxiosRequestConfig } from 'axios';
import axiosRetry from 'axios-retry';
import { CLOCK, type Clock } from '../../common';
import { Settings } from '../../config';
import { CallMetrics } from '../../metrics';
import { AttemptLimiter, type Standing } from '../pace/attempt-limiter.service';
import { type BackoffShape, computeBackoffMs } from '../pace/backoff';
import { type Decision, decideRetry } from '../pace/retry-decision';
import { RetryBudget } from '../pace/retry-budget';
import { UpstreamStatus } from '../upstream-status.service';
import { TaostatsError } from '../taostats-errors';
import { type Reading, readAnswer, readBreak } from './attempt-reading';
import { failureOf } from './failure';
import { attemptLimitMs } from './http-options';
import { AttemptError, type PageBody, type PageRequest, UpstreamCall } from './upstream-call';

/**
 * Makes attempts until one gives a page or none is left. The loop is axios-retry's; what it decides and how long it
 * waits is ours. Every attempt takes a token, is measured, logged, and tells the gates how it ended.
 */
@Injectable()
export class TaostatsTransport {
  private readonly logger = new Logger(TaostatsTransport.name);
  private readonly budget = new RetryBudget();

  constructor(
    private readonly http: HttpService,
    private readonly limiter: AttemptLimiter,
    private readonly settings: Settings,
    private readonly metrics: CallMetrics,
    private readonly status: UpstreamStatus,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {
    const axios = http.axiosRef;
    axios.interceptors.request.use((config) => this.begin(config));
    // Before axios-retry: added after it, they would see only the last attempt.
    axios.interceptors.response.use(
      (response: AxiosResponse<Buffer>) => this.endWithAnswer(response),
      (error: unknown) => this.endWithoutAnswer(error),
    );
    axiosRetry(axios, {
      // Bounded by the decision; a retry on a stale socket comes on top of API_MAX_RETRIES.
      retries: settings.apiMaxRetries + 1,
      shouldResetTimeout: true,
      retryCondition: (error) => decisionOf(error).retry,
      // The wait happens in onRetry, on the injected clock and under the call's signal.
      retryDelay: () => 0,
      onRetry: (_count, error, config) => this.waitBeforeRetry(decisionOf(error), config.upstreamCall),
    });
  }

  /** One page's body. Throws a `TaostatsError`, or the reason with which the signal was aborted. */
  async send(request: PageRequest): Promise<PageBody> {
    const { endpoint, params, body } = request;
    const call = new UpstreamCall(request);
    try {
      const response = await this.http.axiosRef.request<PageBody>({
        url: endpoint.path,
        method: endpoint.method,
        ...(endpoint.method === 'POST' ? { data: { ...body, ...params } } : { params }),
        upstreamCall: call,
      });
      return response.data;
    } catch (error) {
      throw error instanceof AttemptError ? error.failure : error;
    }
  }

  private async begin(config: InternalAxiosRequestConfig): Promise<InternalAxiosRequestConfig> {
    const call = callOf(config);
    const { endpoint, priority, signal, deadlineAtMs } = call.request;
    const attemptMs = attemptLimitMs(this.settings);
    call.permit = await this.limiter.acquire({
      scopes: this.status.scopesOf(endpoint),
      priority,
      signal,
      deadlineAtMs,
      maxPauseMs: this.settings.retryAfterMaxWaitSeconds * 1000,
      attemptMs,
    });
    call.attempts += 1;
    call.request.onAttempt();
    call.attemptTimedOut = false;
    call.attemptOver = new AbortController();
    call.startedAtMs = this.clock.monotonicMs();
    this.budget.recordAttempt(call.startedAtMs, call.attempts > 1);
    config.signal = AbortSignal.any([signal, this.limitAttempt(call, attemptMs)]);
    return config;
  }

  private limitAttempt(call: UpstreamCall, attemptMs: number): AbortSignal {
    const limit = new AbortController();
    this.clock.sleep(attemptMs, call.attemptOver.signal).then(
      () => {
        call.attemptTimedOut = true;
        limit.abort();
      },
      () => undefined,
    );
    return limit.signal;
  }

  private async endWithAnswer(response: AxiosResponse<Buffer>): Promise<AxiosResponse<PageBody>> {
    const call = callOf(response.config);
    const reading = await readAnswer(response, call, {
      nowMs: this.clock.nowMs(),
      apiKey: this.settings.taostatsApiKey,
    });
    const standing = await this.conclude(call, reading);
    if (reading.page !== null) return { ...response, data: reading.page };
    throw this.failed(call, { reading, standing, config: response.config, cause: undefined });
  }

  private async endWithoutAnswer(error: unknown): Promise<never> {
    // Refused before anything was sent, or not an attempt at all.
    if (!(error instanceof AxiosError) || error.config?.upstreamCall?.permit == null) throw error;
    const call = error.config.upstreamCall;
    const reading = readBreak(error, call);
    const standing = await this.conclude(call, reading);
    throw this.failed(call, { reading, standing, config: error.config, cause: error });
  }

  private async conclude(call: UpstreamCall, reading: Reading): Promise<Standing> {
    const latencyMs = this.clock.monotonicMs() - call.startedAtMs;
    call.attemptOver.abort(new Error('the attempt is over'));
    this.record(call, reading, latencyMs);
    const { permit } = call;
    call.permit = null;
    if (permit === null) return { pauseMs: 0, pausedUntilMs: 0, breakerOpen: false };
    const standing = await this.limiter.settle(permit, {
      outcome: reading.outcome,
      askedMs: reading.askedMs,
      honourRetryAfter: this.settings.enableRetryAfter,
      backoff: this.backoffShape(),
      random: Math.random(),
    });
    this.status.noteOutcome(reading.outcome, reading.invalidRetryAfter);
    return standing;
  }

  private record(call: UpstreamCall, reading: Reading, latencyMs: number): void {
    const { endpoint, runId, params } = call.request;
    const { outcome, status, detail } = reading;
    const isOk = outcome === 'ok';
    this.metrics.recordAttempt({
      endpoint: endpoint.path,
      outcome,
      status,
      latencyMs,
      attempt: call.attempts,
      ...(isOk ? {} : { error: { code: `taostats/${outcome.replaceAll('_', '-')}`, message: detail } }),
      ...(runId === undefined ? {} : { runId }),
    });
    for (let index = 0; index < reading.invalidRetryAfter; index += 1) {
      this.metrics.recordInvalidRetryAfter(endpoint.path);
    }
    const line = {
      endpoint: endpoint.path,
      parameters: Object.keys(params),
      page: params['page'],
      outcome,
      status,
      attempt: call.attempts,
      latency_ms: Math.round(latencyMs),
      ...(runId === undefined ? {} : { run_id: runId }),
      ...(isOk ? {} : { detail, upstream_said: reading.said }),
    };
    if (isOk) this.logger.debug(line, 'TaoStats answered');
    else this.logger.warn(line, 'TaoStats attempt failed');
  }

  private failed(
    call: UpstreamCall,
    end: { reading: Reading; standing: Standing; config: InternalAxiosRequestConfig; cause: unknown },
  ): Error {
    const { reading, standing, config, cause } = end;
    const { outcome, detail } = reading;
    const { endpoint, signal } = call.request;
    if (outcome === 'ok') return new TaostatsError('contract', `${endpoint.path}: no page in a good answer`);
    // Whoever aborted the call gets his own reason back.
    if (signal.aborted) return signal.reason as Error;
    const failure = failureOf(outcome, {
      endpoint: endpoint.path,
      detail,
      pausedUntilMs: standing.pausedUntilMs,
      cause,
    });
    return new AttemptError(config, outcome, this.decide(call, reading, standing), failure);
  }

  private decide(call: UpstreamCall, { outcome, repeatable }: Reading, standing: Standing): Decision {
    const { history } = call;
    if (outcome === 'bad_payload') history.badPayloads += 1;
    const nowMs = this.clock.monotonicMs();
    const decision = decideRetry({
      outcome,
      history,
      repeatable,
      maxRetries: this.settings.apiMaxRetries,
      pauseMs: standing.pauseMs,
      maxWaitMs: this.settings.retryAfterMaxWaitSeconds * 1000,
      remainingMs: call.request.deadlineAtMs - nowMs,
      backoffMs: computeBackoffMs(history.retries + 1, this.backoffShape(), Math.random()),
      allowed: !standing.breakerOpen && this.budget.allows(nowMs),
    });
    if (outcome === 'stale_socket') history.staleSockets += 1;
    else if (decision.retry) history.retries += 1;
    return decision;
  }

  private async waitBeforeRetry(decision: Decision, call: UpstreamCall | undefined): Promise<void> {
    if (decision.retry && decision.waitMs > 0) await this.clock.sleep(decision.waitMs, call?.request.signal);
  }

  private backoffShape(): BackoffShape {
    return {
      initialMs: this.settings.apiInitialBackoffSeconds * 1000,
      multiplier: this.settings.apiBackoffMultiplier,
      maxMs: this.settings.apiMaxBackoffSeconds * 1000,
    };
  }
}

function callOf(config: InternalAxiosRequestConfig): UpstreamCall {
  if (config.upstreamCall === undefined) throw new Error('a request to TaoStats that did not go through send()');
  return config.upstreamCall;
}

function decisionOf(error: unknown): Decision {
  return error instanceof AttemptError ? error.decision : { retry: false };
}
