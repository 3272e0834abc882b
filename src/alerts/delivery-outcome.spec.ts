import { outcomeOf } from './delivery-outcome';
import { TargetRefusedError } from '../common';

const now = new Date('2026-01-15T12:00:00Z');
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const answered = (status: number, retryAfter?: string): Parameters<typeof outcomeOf>[0] => ({
  answer: { status, retryAfter, date: undefined },
});
const waitOf = (attempts: number, random = 0.5, retryAfter?: string): number | null => {
  const { nextAttemptAt } = outcomeOf(answered(500, retryAfter), { attempts, now, random });
  return nextAttemptAt === null ? null : nextAttemptAt.getTime() - now.getTime();
};

describe('what comes of an attempt', () => {
  it.each([200, 202, 204])('%i is delivered', (status) => {
    expect(outcomeOf(answered(status), { attempts: 1, now, random: 0 })).toEqual({
      status: 'delivered',
      nextAttemptAt: null,
      httpStatus: status,
      errorCode: null,
    });
  });

  it('is tried again after the waits of Standard Webhooks, and given up after the ninth attempt', () => {
    const waits = Array.from({ length: 9 }, (_, index) => waitOf(index + 1));
    expect(waits).toEqual([5_000, 5 * MINUTE, 30 * MINUTE, 2 * HOUR, 5 * HOUR, 10 * HOUR, 14 * HOUR, 20 * HOUR, null]);
  });

  it('differs by up to a fifth, so that receivers do not get everything at once', () => {
    expect([waitOf(2, 0), waitOf(2, 0.999_999)]).toEqual([4 * MINUTE, expect.closeTo(6 * MINUTE, -3)]);
  });

  it.each([
    ['60', 1, 60_000],
    ['Thu, 15 Jan 2026 13:00:00 GMT', 1, HOUR],
    ['1', 2, 5 * MINUTE],
    ['999999', 1, 24 * HOUR],
    ['soon', 1, 5_000],
  ])('waits as long as Retry-After %s asks for, and never less than planned', (retryAfter, attempts, expected) => {
    expect(waitOf(attempts, 0.5, retryAfter)).toBe(expected);
  });

  it.each([
    [answered(410), 'delivery/gone', 410],
    [answered(302), 'delivery/redirected', 302],
    [{ error: new TargetRefusedError('target/private-address') }, 'target/private-address', null],
  ])('ends at once: %j', (attempt, errorCode, httpStatus) => {
    expect(outcomeOf(attempt, { attempts: 1, now, random: 0 })).toEqual({
      status: 'failed',
      nextAttemptAt: null,
      httpStatus,
      errorCode,
    });
  });

  it.each([
    [Object.assign(new Error(), { code: 'ENOTFOUND' }), 'delivery/name-not-found'],
    [Object.assign(new Error(), { code: 'ECONNREFUSED' }), 'delivery/connection-refused'],
    [new AggregateError([Object.assign(new Error(), { code: 'ECONNREFUSED' })]), 'delivery/connection-refused'],
    [Object.assign(new Error(), { code: 'ECONNRESET' }), 'delivery/connection-lost'],
    [Object.assign(new Error(), { code: 'ABORT_ERR' }), 'delivery/timed-out'],
    [Object.assign(new Error(), { code: 'CERT_HAS_EXPIRED' }), 'delivery/tls'],
    [Object.assign(new Error(), { code: 'DEPTH_ZERO_SELF_SIGNED_CERT' }), 'delivery/tls'],
    [Object.assign(new Error(), { code: 'EPROTO' }), 'delivery/tls'],
    [new Error('https://hooks.example/secret'), 'delivery/failed'],
    [null, 'delivery/failed'],
  ])('says %s in a code that holds no address, and is tried again', (error, errorCode) => {
    const outcome = outcomeOf({ error }, { attempts: 1, now, random: 0.5 });
    expect(outcome).toMatchObject({ status: 'pending', errorCode, httpStatus: null });
  });
});
