import { CREDITS_EXHAUSTED, RATE_LIMITED } from '../faults/replaced-answer';

export interface PlanOptions {
  /** Requests a minute and key; unlimited when absent. */
  ratePerMinute?: number;
  /** Requests a month and key; unlimited when absent. */
  monthlyCredits?: number;
}

interface Account {
  tokens: number;
  refilledMs: number;
  month: string;
  spent: number;
}

const MINUTE_MS = 60_000;

/**
 * What a key may spend: a bucket of N that refills over 60 s, and N credits a calendar month, each request one credit,
 * refused ones too. Refusals carry no Retry-After.
 */
export class Plan {
  private readonly accounts = new Map<string, Account>();

  constructor(
    public options: PlanOptions,
    private readonly now: () => number,
  ) {}

  /** Null when the request may pass, else the body of its 429. */
  refusal(key: string, lowered?: number): string | null {
    const account = this.account(key);
    account.spent += 1;
    const { monthlyCredits } = this.options;
    if (monthlyCredits !== undefined && account.spent > monthlyCredits) return CREDITS_EXHAUSTED;
    const limit = Math.min(lowered ?? Number.POSITIVE_INFINITY, this.options.ratePerMinute ?? Number.POSITIVE_INFINITY);
    if (!Number.isFinite(limit)) return null;
    const nowMs = this.now();
    const refilled = account.tokens + ((nowMs - account.refilledMs) * limit) / MINUTE_MS;
    account.tokens = Math.min(limit, refilled);
    account.refilledMs = nowMs;
    if (account.tokens < 1) return RATE_LIMITED;
    account.tokens -= 1;
    return null;
  }

  /** The usage answer: limit, credits left, end of the month. */
  usage(key: string): { rateLimit: number | null; credit_remaining: number | null; period_end: string } {
    const { ratePerMinute, monthlyCredits } = this.options;
    const now = new Date(this.now());
    const left = monthlyCredits === undefined ? null : Math.max(0, monthlyCredits - this.account(key).spent);
    return {
      rateLimit: ratePerMinute ?? null,
      credit_remaining: left,
      period_end: new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth() + 1, 1)).toISOString(),
    };
  }

  private account(key: string): Account {
    const month = new Date(this.now()).toISOString().slice(0, 7);
    const known = this.accounts.get(key);
    if (known !== undefined && known.month === month) return known;
    const fresh = { tokens: Number.MAX_SAFE_INTEGER, refilledMs: this.now(), month, spent: 0 };
    this.accounts.set(key, fresh);
    return fresh;
  }
}
