import fc from 'fast-check';
import { computeBackoffMs } from './backoff';
import { askedWait } from './rate-limit-headers';
import { RetryBudget } from './retry-budget';
import { PAUSE_CLAMP_MS, computePause, throttleKind } from './throttle';
import { WaitingLine } from './waiting-line';

const BACKOFF = { initialMs: 1000, multiplier: 2, maxMs: 60_000 };

describe('the backoff', () => {
  it('never exceeds its maximum and never falls below 250 ms or that maximum', () => {
    const shape = fc.record({
      initialMs: fc.integer({ min: 0, max: 300_000 }),
      multiplier: fc.double({ min: 1, max: 10, noNaN: true }),
      maxMs: fc.integer({ min: 0, max: 3_600_000 }),
    });
    fc.assert(
      fc.property(
        shape,
        fc.integer({ min: 1, max: 30 }),
        fc.double({ min: 0, max: 0.999999, noNaN: true }),
        (b, retry, random) => {
          const ms = computeBackoffMs(retry, b, random);
          expect(ms).toBeLessThanOrEqual(b.maxMs);
          expect(ms).toBeGreaterThanOrEqual(Math.min(250, b.maxMs, b.initialMs));
        },
      ),
    );
  });

  it('grows with every retry until the maximum', () => {
    expect([1, 2, 3, 10].map((retry) => computeBackoffMs(retry, BACKOFF, 0.999999))).toEqual([999, 1999, 3999, 59_999]);
  });
});

describe('a wait that an answer asks for', () => {
  it('is Retry-After before anything else', () => {
    const headers = { 'retry-after': '7', ratelimit: '"p";r=0;t=30', 'x-ratelimit-reset': '50' };
    expect(askedWait(headers, 0)).toEqual({ delayMs: 7000, invalidRetryAfter: 0 });
  });

  it('is the RateLimit reset when nothing remains', () => {
    expect(askedWait({ ratelimit: '"p";r=0;t=30' }, 0).delayMs).toBe(30_000);
    expect(askedWait({ ratelimit: '"p";r=3;t=30' }, 0).delayMs).toBeNull();
  });

  it('reads X-RateLimit-Reset as seconds or, when large, as a Unix time', () => {
    expect(askedWait({ 'x-ratelimit-reset': '20' }, 0).delayMs).toBe(20_000);
    expect(askedWait({ 'x-ratelimit-reset': '1800000020' }, 1_800_000_000_000).delayMs).toBe(20_000);
  });
});

describe('the pause after a 429', () => {
  const pause = (askedMs: number | null, strikes = 0, random = 0): ReturnType<typeof computePause> =>
    computePause({ askedMs, strikes, honourRetryAfter: true, backoff: BACKOFF, random });

  it('is what was asked for, plus a second and at most a tenth', () => {
    expect(pause(30_000)).toEqual({ pauseMs: 31_000, clamped: false });
    expect(pause(30_000, 0, 0.999).pauseMs).toBeLessThanOrEqual(34_000);
  });

  it('is a minute without a header, doubled by each further 429, at most 15 minutes', () => {
    expect([0, 1, 2, 3, 4, 50].map((strikes) => pause(null, strikes).pauseMs)).toEqual([
      61_000, 121_000, 241_000, 481_000, 901_000, 901_000,
    ]);
  });

  it('is cut to a day, and says so', () => {
    expect(pause(1e12)).toEqual({ pauseMs: PAUSE_CLAMP_MS, clamped: true });
  });

  it('is the backoff when Retry-After is not to be honoured', () => {
    const ignored = computePause({ askedMs: 9e6, strikes: 0, honourRetryAfter: false, backoff: BACKOFF, random: 0.5 });
    expect(ignored).toEqual({ pauseMs: 500, clamped: false });
  });

  it.each([
    ['Rate Limited. Try Again Later.', 'minute'],
    ['Insufficient credits. remaining: 0', 'credits'],
    ['quota: remaining: 0', 'credits'],
    ['remaining: 05', 'minute'],
    ['', 'minute'],
  ])('takes %j for the %s', (message, kind) => {
    expect(throttleKind(message)).toBe(kind);
  });
});

describe('the retry budget', () => {
  it('allows ten retries in ten minutes, then one for every ten attempts', () => {
    const budget = new RetryBudget();
    for (let index = 0; index < 10; index += 1) budget.recordAttempt(index, true);
    expect(budget.allows(10)).toBe(false);
    for (let index = 0; index < 100; index += 1) budget.recordAttempt(20, false);
    expect(budget.allows(30)).toBe(true);
  });

  it('forgets after ten minutes', () => {
    const budget = new RetryBudget();
    for (let index = 0; index < 10; index += 1) budget.recordAttempt(0, true);
    expect(budget.allows(600_001)).toBe(true);
  });
});

describe('the waiting line', () => {
  it('serves people first, then due datasets, then history, in the order of arrival', () => {
    const line = new WaitingLine<{ id: number; priority: 'interactive' | 'scheduled' | 'backfill' }>();
    const priorities = ['backfill', 'scheduled', 'interactive', 'scheduled', 'interactive'] as const;
    priorities.forEach((priority, id) => line.join({ id, priority }));
    const served: number[] = [];
    for (let head = line.head(); head !== undefined; head = line.head()) {
      served.push(head.id);
      line.leave(head);
    }
    expect(served).toEqual([2, 4, 1, 3, 0]);
  });

  it('sheds the oldest backfill when 200 wait, and the newcomer when there is none', () => {
    const line = new WaitingLine<{ priority: 'scheduled' | 'backfill' }>();
    const oldest = { priority: 'backfill' as const };
    line.join(oldest);
    for (let index = 0; index < 199; index += 1) line.join({ priority: 'scheduled' });
    const newcomer = { priority: 'scheduled' as const };
    expect(line.join({ priority: 'scheduled' })).toBe(oldest);
    expect(line.join(newcomer)).toBe(newcomer);
  });
});
