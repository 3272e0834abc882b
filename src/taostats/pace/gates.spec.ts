import fc from 'fast-check';
import type { GateState, GrantPriority, UpstreamGate } from '../../database';
import type { CallOutcome } from '../../metrics';
import { PRISTINE_GATE } from './gate';
import { type Verdict, WINDOW_MS, decideGrant, effectiveLimit } from './grant';
import { settle } from './settle';

const SCOPES = { key: 'key', breaker: 'breaker', identity: 'identity', plan: 'plan' };
const START = Date.UTC(2026, 10, 23);

/** The gates of one key in memory, driven by the same pure decisions as those in PostgreSQL. */
class Gates {
  nowMs = START;
  gates = new Map<string, UpstreamGate>();
  grants: Record<GrantPriority, number[]> = { interactive: [], scheduled: [], backfill: [] };

  constructor(readonly limitPerMinute: number) {}

  ask(priority: GrantPriority = 'scheduled'): Verdict {
    const { verdict, gates } = decideGrant(this.state(), {
      scopes: SCOPES,
      priority,
      limitPerMinute: this.limitPerMinute,
      attemptMs: 40_000,
    });
    if (verdict.kind === 'granted') this.grants[priority].push(this.nowMs);
    this.store(gates);
    return verdict;
  }

  end(outcome: CallOutcome, askedMs: number | null = null, grantedAtMs = this.nowMs): void {
    const backoff = { initialMs: 1000, multiplier: 2, maxMs: 60_000 };
    const { limitPerMinute } = this;
    const ending = { scopes: SCOPES, outcome, grantedAtMs, askedMs, honourRetryAfter: true, backoff };
    this.store(settle(this.state(), { ...ending, limitPerMinute, random: 0 }));
  }

  gate(scope: keyof typeof SCOPES): UpstreamGate {
    return this.gates.get(SCOPES[scope]) ?? PRISTINE_GATE;
  }

  private state(): GateState {
    const inWindow = (atMs: number): boolean => atMs > this.nowMs - WINDOW_MS;
    const { interactive, scheduled, backfill } = this.grants;
    const grants = {
      interactive: interactive.filter(inWindow),
      scheduled: scheduled.filter(inWindow),
      backfill: backfill.filter(inWindow),
    };
    return { nowMs: this.nowMs, gates: this.gates, grants };
  }

  private store(gates: ReadonlyMap<string, UpstreamGate>): void {
    for (const [scope, gate] of gates) this.gates.set(scope, gate);
  }
}

const grantsOf = (gates: Gates, priority: GrantPriority, tries = 100): number =>
  Array.from({ length: tries }, () => gates.ask(priority)).filter((verdict) => verdict.kind === 'granted').length;

describe('the limiter', () => {
  it('grants the limit within 61 s and no more', () => {
    const gates = new Gates(60);
    expect(grantsOf(gates, 'interactive')).toBe(60);
    gates.nowMs += 60_999;
    expect(gates.ask('interactive')).toEqual({ kind: 'wait', waitMs: 1 });
    gates.nowMs += 1;
    expect(gates.ask('interactive').kind).toBe('granted');
  });

  it('keeps a fifth for people and gives history three tenths', () => {
    const gates = new Gates(60);
    expect(grantsOf(gates, 'backfill')).toBe(18);
    expect(grantsOf(gates, 'scheduled')).toBe(30);
    expect(grantsOf(gates, 'interactive')).toBe(12);
  });

  it.each([2, 3, 4, 5, 6, 9, 11, 35])('keeps no less than a fifth for people of a limit of %i', (limit) => {
    const gates = new Gates(limit);
    grantsOf(gates, 'scheduled');
    expect(grantsOf(gates, 'interactive')).toBeGreaterThanOrEqual(limit / 5);
  });

  it('lets every priority move on the smallest limit', () => {
    for (const priority of ['interactive', 'scheduled', 'backfill'] as const) {
      expect(grantsOf(new Gates(1), priority)).toBe(1);
    }
  });

  it('never lets more than the limit out in any minute, whatever comes when', () => {
    const arrival = fc.record({
      afterMs: fc.integer({ min: 0, max: 20_000 }),
      priority: fc.constantFrom<GrantPriority>('interactive', 'scheduled', 'backfill'),
      outcome: fc.constantFrom<CallOutcome>('ok', 'ok', 'ok', 'transient', 'network', 'rate_limited'),
    });
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 20 }), fc.array(arrival, { maxLength: 200 }), (limit, arrivals) => {
        const gates = new Gates(limit);
        const sent: number[] = [];
        for (const { afterMs, priority, outcome } of arrivals) {
          gates.nowMs += afterMs;
          if (gates.ask(priority).kind !== 'granted') continue;
          sent.push(gates.nowMs);
          gates.end(outcome);
        }
        for (const atMs of sent) {
          expect(sent.filter((other) => other >= atMs && other < atMs + 60_000).length).toBeLessThanOrEqual(limit);
        }
      }),
      { numRuns: 300 },
    );
  });
});

describe('a pause', () => {
  it('stops every priority until it is over, then lets one probe through before the rest', () => {
    const gates = new Gates(60);
    gates.ask();
    gates.end('rate_limited', 30_000);
    expect(gates.ask('interactive')).toMatchObject({ kind: 'paused', waitMs: 31_000, reason: 'rate_limited' });
    gates.nowMs += 31_000;
    expect(gates.ask().kind).toBe('granted');
    expect(gates.ask().kind).toBe('wait');
    gates.end('ok');
    expect(gates.ask().kind).toBe('granted');
  });

  it('is not lengthened by attempts that were under way when it began', () => {
    const gates = new Gates(60);
    gates.nowMs += 100;
    gates.end('rate_limited');
    const before = gates.gate('key').blockedUntilMs;
    gates.end('rate_limited', null, START);
    expect(gates.gate('key')).toMatchObject({ blockedUntilMs: before, strikes: 1 });
  });

  it('lasts 15 minutes at a time when the credits are used up or the key is rejected', () => {
    for (const outcome of ['quota_exhausted', 'auth'] as const) {
      const gates = new Gates(60);
      gates.end(outcome);
      expect(gates.ask()).toMatchObject({ kind: 'paused', waitMs: 900_000, reason: outcome });
      gates.nowMs += 900_000;
      expect(gates.ask().kind).toBe('granted');
      gates.end('ok');
      expect(gates.gate('key')).toMatchObject({ strikes: 0, reason: null });
    }
  });

  it('is forgotten with all that it taught when it is reset to the epoch by hand', () => {
    const gates = new Gates(60);
    gates.end('rate_limited');
    gates.gates.set('key', { ...gates.gate('key'), blockedUntilMs: 0 });
    expect(grantsOf(gates, 'interactive')).toBe(60);
  });
});

describe('the learned limit', () => {
  it('falls by three tenths with a 429 and recovers by one for every ten clean minutes', () => {
    const gates = new Gates(60);
    gates.end('rate_limited');
    expect(effectiveLimit(gates.gate('key'), 60, gates.nowMs)).toBe(42);
    expect(effectiveLimit(gates.gate('key'), 60, gates.nowMs + 30 * 60_000)).toBe(45);
    expect(effectiveLimit(gates.gate('key'), 60, gates.nowMs + 1000 * 60_000)).toBe(60);
  });

  it('finds a limit that fell from 60 to 5 without a word within three refusals', () => {
    const gates = new Gates(60);
    let refusals = 0;
    const upstream: number[] = [];
    for (const untilMs = gates.nowMs + 30 * 60_000; gates.nowMs < untilMs; gates.nowMs += 250) {
      if (gates.ask().kind !== 'granted') continue;
      const isRefused = upstream.filter((atMs) => atMs > gates.nowMs - 60_000).length >= 5;
      if (isRefused) refusals += 1;
      else upstream.push(gates.nowMs);
      gates.end(isRefused ? 'rate_limited' : 'ok');
    }
    expect(refusals).toBeLessThanOrEqual(3);
    expect(upstream.length).toBeGreaterThan(30);
  });
});

describe('the breaker', () => {
  it('opens after five failures in a row, for a minute, and closes after one good probe', () => {
    const gates = new Gates(600);
    for (let index = 0; index < 4; index += 1) gates.end('transient');
    expect(gates.ask().kind).toBe('granted');
    gates.end('network');
    expect(gates.ask()).toEqual({ kind: 'breaker-open', untilMs: gates.nowMs + 60_000 });
    gates.nowMs += 60_000;
    expect(gates.ask().kind).toBe('granted');
    expect(gates.ask().kind).toBe('breaker-open');
    gates.end('ok');
    expect(gates.gate('breaker')).toEqual(PRISTINE_GATE);
  });

  it('opens when half of the last ten failed', () => {
    const gates = new Gates(600);
    for (const outcome of ['ok', 'transient', 'ok', 'transient'] as const) gates.end(outcome);
    expect(gates.ask().kind).toBe('granted');
    gates.end('transient');
    expect(gates.ask().kind).toBe('breaker-open');
  });

  it('stays open twice as long after every failed probe, at most 15 minutes', () => {
    const gates = new Gates(600);
    for (let index = 0; index < 5; index += 1) gates.end('transient');
    const openMs: number[] = [];
    for (let index = 0; index < 6; index += 1) {
      gates.nowMs = gates.gate('breaker').blockedUntilMs;
      gates.ask();
      gates.end('transient');
      openMs.push(gates.gate('breaker').blockedUntilMs - gates.nowMs);
    }
    expect(openMs).toEqual([120_000, 240_000, 480_000, 900_000, 900_000, 900_000]);
  });

  it('is left alone by limits, cancellations and stale sockets', () => {
    const gates = new Gates(600);
    for (let index = 0; index < 20; index += 1) gates.end(index % 2 === 0 ? 'cancelled' : 'stale_socket');
    expect(gates.ask().kind).toBe('granted');
    expect(gates.gate('breaker')).toEqual(PRISTINE_GATE);
  });

  it('opens at once when the certificate is not trusted', () => {
    const gates = new Gates(600);
    gates.end('security');
    expect(gates.gate('identity')).toMatchObject({ reason: 'security' });
    expect(gates.ask().kind).toBe('breaker-open');
  });

  it('stops every endpoint of a host whose certificate is not trusted, and frees all with the first answer', () => {
    const gates = new Gates(600);
    gates.end('security');
    gates.nowMs += 60_000;
    expect(gates.ask().kind).toBe('granted');
    expect(gates.ask().kind).toBe('breaker-open');
    gates.end('network');
    expect(gates.gate('identity')).toMatchObject({ reason: 'security', probeUntilMs: 0 });
    gates.end('transient');
    expect(gates.gate('identity')).toEqual(PRISTINE_GATE);
    expect(gates.gate('breaker')).not.toMatchObject({ reason: 'security' });
  });
});

describe('a plan gate', () => {
  it('closes one endpoint for six hours and pauses nothing else', () => {
    const gates = new Gates(60);
    gates.end('plan_gated');
    expect(gates.ask()).toEqual({ kind: 'plan-gated', untilMs: gates.nowMs + 6 * 3_600_000 });
    expect(gates.gate('key')).toEqual(PRISTINE_GATE);
    gates.nowMs += 6 * 3_600_000;
    expect(gates.ask().kind).toBe('granted');
  });
});
