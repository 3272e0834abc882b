import { Inject, Injectable } from '@nestjs/common';
import { CLOCK, type Clock } from '../../common';
import { Settings } from '../../config';
import { UpstreamGateRepository } from '../../database';
import type { Priority } from '../fetch-request';
import { NoTurnError, RateLimitedError, TaostatsError } from '../taostats-errors';
import { type AttemptScopes, type Verdict, WINDOW_MS, decideGrant } from './grant';
import { gateOf } from './gate';
import { type Settlement, settle } from './settle';
import { WaitingLine } from './waiting-line';

/** One attempt that wants to go out. */
export interface Ticket {
  scopes: AttemptScopes;
  priority: Priority;
  signal: AbortSignal;
  /** The call's deadline on the monotonic clock. */
  deadlineAtMs: number;
  /** RETRY_AFTER_MAX_WAIT_SECONDS in ms. */
  maxPauseMs: number;
  /** By when the attempt is surely over. */
  attemptMs: number;
}

/** Leave to make one attempt. Every permit has to be settled, whatever became of the attempt. */
export interface Permit {
  scopes: AttemptScopes;
  /** By the database's clock. */
  grantedAtMs: number;
}

/** Where key and breaker stand after an attempt. Without PostgreSQL nothing is known: then no retry is worth its while. */
export interface Standing {
  pauseMs: number;
  pausedUntilMs: number;
  breakerOpen: boolean;
}

type Ending = Omit<Settlement, 'grantedAtMs' | 'scopes' | 'limitPerMinute'>;

interface Waiter extends Ticket {
  resolve(permit: Permit): void;
  reject(error: Error): void;
}

/** One socket each; more would only race for the same tokens. */
const MAX_CONCURRENT = 2;
/** A pause may be ended by hand or by another replica, so nobody sleeps longer without looking. */
const LONGEST_SLEEP_MS = 2000;

/**
 * Hands out permits: one for every attempt, retries included, over all replicas. State is in PostgreSQL; without it
 * nothing goes out, because a limit that each replica keeps for itself is a limit exceeded.
 */
@Injectable()
export class AttemptLimiter {
  private readonly line = new WaitingLine<Waiter>();
  private readonly unsettled: [Permit, Ending][] = [];
  private inFlight = 0;
  private isServing = false;
  private wake = new AbortController();

  constructor(
    private readonly gates: UpstreamGateRepository,
    private readonly settings: Settings,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /**
   * Resolves when the attempt may go out. Rejects at once when waiting is pointless: the pause is longer than the call
   * may sleep, the breaker is open, the plan does not include the endpoint, the key was rejected, PostgreSQL is away.
   */
  acquire(ticket: Ticket): Promise<Permit> {
    return new Promise((resolve, reject) => {
      const leave = (): void => {
        this.line.leave(waiter);
        reject(ticket.signal.reason as Error);
        this.wake.abort();
      };
      const settled = (): void => ticket.signal.removeEventListener('abort', leave);
      const waiter: Waiter = {
        ...ticket,
        resolve: (permit) => (settled(), resolve(permit)),
        reject: (error) => (settled(), reject(error)),
      };
      if (ticket.signal.aborted) return leave();
      ticket.signal.addEventListener('abort', leave, { once: true });
      this.line.join(waiter)?.reject(this.retryAfterWindow());
      this.wake.abort();
      void this.serve();
    });
  }

  /** Records how an attempt ended. While PostgreSQL is away the record is kept and stored before the next grant. */
  async settle(permit: Permit, ending: Ending): Promise<Standing> {
    this.inFlight -= 1;
    this.wake.abort();
    try {
      return await this.store(permit, ending);
    } catch {
      this.unsettled.push([permit, ending]);
      const pausedUntilMs = this.clock.nowMs() + (ending.askedMs ?? WINDOW_MS);
      return { pauseMs: Infinity, pausedUntilMs, breakerOpen: true };
    }
  }

  private store(permit: Permit, ending: Ending): Promise<Standing> {
    const { scopes } = permit;
    return this.gates.transact(this.gateScopes(scopes), (state) => {
      const settlement = { ...ending, ...permit, limitPerMinute: this.settings.taostatsRateLimitPerMinute };
      const gates = settle(state, settlement);
      const after = new Map([...state.gates, ...gates]);
      const pausedUntilMs = gateOf(after, scopes.key).blockedUntilMs;
      const breakerOpen = [scopes.breaker, scopes.identity].some(
        (scope) => gateOf(after, scope).blockedUntilMs > state.nowMs,
      );
      return { gates, result: { pauseMs: Math.max(0, pausedUntilMs - state.nowMs), pausedUntilMs, breakerOpen } };
    });
  }

  /** Serves the head of the line until it is empty; only one runs at a time. */
  private async serve(): Promise<void> {
    if (this.isServing) return;
    this.isServing = true;
    for (let head = this.line.head(); head !== undefined; head = this.line.head()) {
      this.wake = new AbortController();
      const waitMs = this.inFlight < MAX_CONCURRENT ? await this.serveOne(head) : LONGEST_SLEEP_MS;
      if (waitMs > 0)
        await this.clock.sleep(Math.min(waitMs, LONGEST_SLEEP_MS), this.wake.signal).catch(() => undefined);
    }
    this.isServing = false;
  }

  /** Grants, refuses, or says how long to wait. Never rejects. */
  private async serveOne(waiter: Waiter): Promise<number> {
    // Taken before the grant is committed, so that two sockets are never exceeded.
    this.inFlight += 1;
    try {
      const verdict = await this.decide(waiter);
      if (verdict.kind === 'granted') {
        this.finish(waiter, { scopes: waiter.scopes, grantedAtMs: verdict.grantedAtMs });
        return 0;
      }
      this.inFlight -= 1;
      const refusal = this.refusal(verdict, waiter);
      if (refusal === null) return 'waitMs' in verdict ? verdict.waitMs : 0;
      this.line.leave(waiter);
      waiter.reject(refusal);
      return 0;
    } catch (cause) {
      this.inFlight -= 1;
      this.line.leave(waiter);
      waiter.reject(
        new TaostatsError('limiter-unavailable', 'The rate limiter cannot reach PostgreSQL, so nothing is asked', {
          cause,
        }),
      );
      return 0;
    }
  }

  private async decide(waiter: Waiter): Promise<Verdict> {
    for (let kept = this.unsettled[0]; kept !== undefined; kept = this.unsettled[0]) {
      await this.store(...kept);
      this.unsettled.shift();
    }
    return this.gates.transact(this.gateScopes(waiter.scopes), (state) => {
      const limitPerMinute = this.settings.taostatsRateLimitPerMinute;
      const { verdict, gates } = decideGrant(state, { ...waiter, limitPerMinute });
      // The call may have been given up while we waited for the lock: then no token is taken.
      if (verdict.kind !== 'granted' || waiter.signal.aborted) return { result: verdict };
      return { result: verdict, gates, grant: waiter.priority };
    });
  }

  private finish(waiter: Waiter, permit: Permit): void {
    this.line.leave(waiter);
    if (waiter.signal.aborted) this.inFlight -= 1;
    waiter.resolve(permit);
  }

  private refusal(verdict: Verdict, waiter: Waiter): TaostatsError | null {
    const remainingMs = waiter.deadlineAtMs - this.clock.monotonicMs();
    switch (verdict.kind) {
      case 'granted':
        return null;
      case 'wait':
        return verdict.waitMs > remainingMs ? new NoTurnError(new Date(this.clock.nowMs() + verdict.waitMs)) : null;
      case 'paused':
        return this.pauseRefusal(verdict, Math.min(waiter.maxPauseMs, remainingMs));
      case 'breaker-open':
        return new TaostatsError('breaker-open', 'TaoStats kept failing here and is left alone for a while', {
          retryAt: new Date(verdict.untilMs),
        });
      case 'plan-gated':
        return new TaostatsError('plan-gated', 'The plan of the key does not include this endpoint', {
          retryAt: new Date(verdict.untilMs),
        });
    }
  }

  private pauseRefusal(verdict: Extract<Verdict, { kind: 'paused' }>, affordableMs: number): TaostatsError | null {
    const retryAt = new Date(verdict.untilMs);
    if (verdict.reason === 'auth') {
      return new TaostatsError('auth-rejected', 'TaoStats rejected the key; it is tried again later', { retryAt });
    }
    if (verdict.reason === 'quota_exhausted') {
      return new TaostatsError('quota-exhausted', "The month's credits are used up", { retryAt });
    }
    return verdict.waitMs > affordableMs ? new RateLimitedError(retryAt) : null;
  }

  private retryAfterWindow(): NoTurnError {
    return new NoTurnError(new Date(this.clock.nowMs() + WINDOW_MS));
  }

  private gateScopes(scopes: AttemptScopes): { key: string; others: string[]; windowMs: number } {
    return { key: scopes.key, others: [scopes.breaker, scopes.identity, scopes.plan], windowMs: WINDOW_MS };
  }
}
