import { Inject, Injectable, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { CLOCK, type Clock } from '../common';
import { Settings } from '../config';
import { type GateState, UpstreamGateRepository } from '../database';
import { type CallOutcome, UpstreamGauge, type UpstreamSnapshot } from '../metrics';
import type { Endpoint } from './endpoint';
import { keyIdOf, keyScopeOf } from './key-scope';
import { gateOf } from './pace/gate';
import { type AttemptScopes, WINDOW_MS, effectiveLimit } from './pace/grant';

const REFRESH_MS = 5000;

/** Names the gates, and keeps the gauge that the trust pack reads up to date: after every attempt and every 5 s. */
@Injectable()
export class UpstreamStatus implements OnApplicationBootstrap, OnApplicationShutdown {
  private readonly host: string;
  private readonly keyId: string;
  private readonly ending = new AbortController();
  private refreshing: Promise<void> | null = null;
  private isDirty = false;
  private invalidRetryAfterTotal = 0;
  private hasAnswered = false;

  constructor(
    private readonly gates: UpstreamGateRepository,
    private readonly gauge: UpstreamGauge,
    private readonly settings: Settings,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {
    this.host = new URL(settings.taostatsBaseUrl).host;
    this.keyId = keyIdOf(settings);
  }

  scopesOf(endpoint: Pick<Endpoint<object>, 'breaker' | 'path'>): AttemptScopes {
    return {
      key: keyScopeOf(this.settings),
      breaker: `breaker ${this.host} ${endpoint.breaker}`,
      identity: `identity ${this.host}`,
      plan: `plan ${this.host} ${this.keyId} ${endpoint.path}`,
    };
  }

  onApplicationBootstrap(): void {
    void this.refreshForEver();
  }

  onApplicationShutdown(): void {
    this.ending.abort(new Error('the service ends'));
  }

  noteOutcome(outcome: CallOutcome, invalidRetryAfter: number): void {
    this.invalidRetryAfterTotal += invalidRetryAfter;
    if (outcome === 'ok') this.hasAnswered = true;
    void this.refresh();
  }

  /** Reads the gates and sets the gauge. Calls during a reading cause one more, not one each. Never rejects. */
  async refresh(): Promise<void> {
    this.isDirty = true;
    this.refreshing ??= this.readWhileDirty().finally(() => (this.refreshing = null));
    await this.refreshing;
  }

  private async readWhileDirty(): Promise<void> {
    while (this.isDirty && !this.ending.signal.aborted) {
      this.isDirty = false;
      try {
        const state = await this.gates.read(this.scopesOf({ breaker: '', path: '' }).key, WINDOW_MS);
        this.gauge.setUpstreamSnapshot(this.toSnapshot(state));
      } catch {
        // PostgreSQL is away: health says so itself, and the last snapshot stands.
        return;
      }
    }
  }

  private async refreshForEver(): Promise<void> {
    while (!this.ending.signal.aborted) {
      await this.refresh();
      await this.clock.sleep(REFRESH_MS, this.ending.signal).catch(() => undefined);
    }
  }

  private toSnapshot(state: GateState): UpstreamSnapshot {
    const { nowMs } = state;
    const key = gateOf(state.gates, this.scopesOf({ breaker: '', path: '' }).key);
    const isPaused = key.blockedUntilMs > nowMs;
    const blockedUntil = isPaused ? new Date(key.blockedUntilMs) : null;
    return {
      keyScope: keyScopeOf(this.settings),
      limitPerMinute: this.settings.taostatsRateLimitPerMinute,
      learnedLimit: effectiveLimit(key, this.settings.taostatsRateLimitPerMinute, nowMs),
      usedInWindow: Object.values(state.grants).flat().length,
      blockedUntil,
      pauseReason: isPaused ? key.reason : null,
      breakers: this.breakers(state),
      keyState: key.reason === 'auth' ? 'rejected' : this.hasAnswered ? 'ok' : 'unknown',
      quotaExhaustedUntil: key.reason === 'quota_exhausted' ? new Date(key.blockedUntilMs) : null,
      planGated: this.planGated(state),
      invalidRetryAfterTotal: this.invalidRetryAfterTotal,
      pauseClamped: isPaused && key.clamped,
      securityProblem: this.securityProblem(state),
    };
  }

  private breakers({ gates, nowMs }: GateState): UpstreamSnapshot['breakers'] {
    const prefix = `breaker ${this.host} `;
    return [...gates.entries()]
      .filter(([scope]) => scope.startsWith(prefix))
      .map(([scope, gate]) => {
        const state = gate.blockedUntilMs > nowMs ? 'open' : gate.blockedUntilMs > 0 ? 'half_open' : 'closed';
        const until = state === 'open' ? new Date(gate.blockedUntilMs) : null;
        return { scope: scope.slice(prefix.length), state, until } as const;
      });
  }

  private planGated({ gates, nowMs }: GateState): string[] {
    const prefix = this.scopesOf({ breaker: '', path: '' }).plan;
    return [...gates.entries()]
      .filter(([scope, gate]) => scope.startsWith(prefix) && gate.blockedUntilMs > nowMs)
      .map(([scope]) => scope.slice(prefix.length));
  }

  /** Stands until the host has proved itself, also while its breaker is half open. */
  private securityProblem({ gates }: GateState): string | null {
    const { identity } = this.scopesOf({ breaker: '', path: '' });
    return gateOf(gates, identity).blockedUntilMs > 0
      ? `The certificate or the address of ${this.host} is not trusted`
      : null;
  }
}
