import type { CallOutcome } from '../../metrics';
import { outcomeOfAnswer, outcomeOfBreak } from './attempt-outcome';
import { type DecisionInput, decideRetry } from './retry-decision';

const INPUT: DecisionInput = {
  outcome: 'transient',
  history: { retries: 0, badPayloads: 0, staleSockets: 0 },
  maxRetries: 3,
  pauseMs: 0,
  maxWaitMs: 300_000,
  remainingMs: 120_000,
  backoffMs: 700,
  repeatable: true,
  allowed: true,
};

const decide = (input: Partial<DecisionInput>): ReturnType<typeof decideRetry> => decideRetry({ ...INPUT, ...input });

describe('what an answer means', () => {
  const json = { kind: 'json', value: {}, body: Buffer.alloc(0), sha256: '' } as const;
  const of = (status: number, more: Partial<Parameters<typeof outcomeOfAnswer>[0]> = {}): CallOutcome =>
    outcomeOfAnswer({ status, decoded: json, asksToWait: false, everyPlan: false, ...more });

  it.each<[number, CallOutcome]>([
    [200, 'ok'],
    [301, 'redirect'],
    [302, 'redirect'],
    [304, 'redirect'],
    [400, 'permanent'],
    [401, 'auth'],
    [402, 'plan_gated'],
    [403, 'plan_gated'],
    [404, 'permanent'],
    [405, 'permanent'],
    [408, 'transient'],
    [410, 'permanent'],
    [422, 'permanent'],
    [425, 'transient'],
    [429, 'rate_limited'],
    [451, 'permanent'],
    [500, 'transient'],
    [502, 'transient'],
    [503, 'transient'],
    [504, 'transient'],
    [520, 'transient'],
    [524, 'transient'],
    [599, 'transient'],
  ])('status %d is %s', (status, outcome) => {
    expect(of(status)).toBe(outcome);
  });

  it('a 503 that asks to wait is a limit, not a fault', () => {
    expect(of(503, { asksToWait: true })).toBe('rate_limited');
  });

  it('a 403 is the key where every plan is served', () => {
    expect(of(403, { everyPlan: true })).toBe('auth');
  });

  it('an error inside a 200 is that error', () => {
    const limited = { kind: 'error', status: 429, message: 'Rate Limited. Try Again Later.' } as const;
    expect(of(200, { decoded: limited })).toBe('rate_limited');
    expect(of(200, { decoded: { ...limited, message: 'Insufficient credits, remaining: 0' } })).toBe('quota_exhausted');
    expect(of(200, { decoded: { ...limited, status: 403 } })).toBe('plan_gated');
  });

  it('a 200 that is not JSON is a bad payload', () => {
    expect(of(200, { decoded: { kind: 'unreadable', reason: 'HTML', sha256: '', head: '' } })).toBe('bad_payload');
  });
});

describe('what a broken attempt means', () => {
  const of = (code: string, more: Partial<Parameters<typeof outcomeOfBreak>[0]> = {}): CallOutcome =>
    outcomeOfBreak({ code, message: '', reusedSocket: false, midBody: false, cancelled: false, ...more });

  it.each<[string, CallOutcome]>([
    ['ECONNREFUSED', 'network'],
    ['ENOTFOUND', 'network'],
    ['EAI_AGAIN', 'network'],
    ['ETIMEDOUT', 'network'],
    ['ERR_CONNECT_TIMEOUT', 'network'],
    ['ECONNRESET', 'network'],
    ['CERT_HAS_EXPIRED', 'security'],
    ['DEPTH_ZERO_SELF_SIGNED_CERT', 'security'],
    ['ERR_TLS_CERT_ALTNAME_INVALID', 'security'],
    ['UNABLE_TO_VERIFY_LEAF_SIGNATURE', 'security'],
    ['ERR_TARGET_REFUSED', 'security'],
    ['ERR_TOO_LARGE', 'bad_payload'],
    ['Z_DATA_ERROR', 'bad_payload'],
  ])('%s is %s', (code, outcome) => {
    expect(of(code)).toBe(outcome);
  });

  it('a reset of a reused socket is a stale socket, in the middle of a body a bad payload', () => {
    expect(of('ECONNRESET', { reusedSocket: true })).toBe('stale_socket');
    expect(of('ECONNRESET', { reusedSocket: true, midBody: true })).toBe('bad_payload');
  });

  it('whatever the caller cancelled is cancelled', () => {
    expect(of('ECONNRESET', { cancelled: true })).toBe('cancelled');
  });
});

describe('the decision to retry', () => {
  it.each<CallOutcome>([
    'permanent',
    'plan_gated',
    'auth',
    'quota_exhausted',
    'contract',
    'redirect',
    'security',
    'cancelled',
  ])('never repeats what is %s', (outcome) => {
    expect(decide({ outcome })).toEqual({ retry: false });
  });

  it.each<CallOutcome>(['transient', 'network'])(
    'repeats what is %s after the backoff, API_MAX_RETRIES times',
    (outcome) => {
      expect(decide({ outcome })).toEqual({ retry: true, waitMs: 700 });
      expect(decide({ outcome, history: { ...INPUT.history, retries: 2 } })).toEqual({ retry: true, waitMs: 700 });
      expect(decide({ outcome, history: { ...INPUT.history, retries: 3 } })).toEqual({ retry: false });
    },
  );

  it('repeats a bad payload once, an oversize one never', () => {
    const history = { ...INPUT.history, badPayloads: 1 };
    expect(decide({ outcome: 'bad_payload', history }).retry).toBe(true);
    expect(decide({ outcome: 'bad_payload', history: { ...history, badPayloads: 2 } }).retry).toBe(false);
    expect(decide({ outcome: 'bad_payload', history, repeatable: false }).retry).toBe(false);
  });

  it('repeats on a stale socket once and at once, even with no retries configured', () => {
    expect(decide({ outcome: 'stale_socket', maxRetries: 0 })).toEqual({ retry: true, waitMs: 0 });
    expect(decide({ outcome: 'stale_socket', history: { ...INPUT.history, staleSockets: 1 } }).retry).toBe(false);
  });

  it.each([
    [31_000, 300_000, 120_000, true],
    [301_000, 300_000, 600_000, false],
    [61_000, 300_000, 60_000, false],
    [61_000, 0, 120_000, false],
  ])('sits out a pause of %d ms with a cap of %d and %d ms left: %s', (pauseMs, maxWaitMs, remainingMs, retry) => {
    expect(decide({ outcome: 'rate_limited', pauseMs, maxWaitMs, remainingMs }).retry).toBe(retry);
  });

  it('stops when the breaker opened, the budget is spent, or the backoff outlasts the call', () => {
    expect(decide({ allowed: false }).retry).toBe(false);
    expect(decide({ remainingMs: 700 }).retry).toBe(false);
  });
});
