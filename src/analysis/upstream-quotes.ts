import type { EndpointQuote } from './reconciliation/prices';
import type { Direction } from './amm/trade';

/** Injection token of `UpstreamQuotes`. */
export const UPSTREAM_QUOTES = Symbol('UPSTREAM_QUOTES');

/** What upstream says a trade would yield; amounts in rao, the outputs in the token that comes out. */
export interface UpstreamQuote extends EndpointQuote {
  at: Date;
  /** When it was asked for; before now when the answer was kept. */
  fetchedAt: Date;
  /** Kept longer than quotes hold, since no newer one was at hand. */
  stale: boolean;
  /** TAO per alpha, as printed. */
  price: string;
  /** Percent, as printed: 0.03 is three hundredths of one percent. */
  slippagePercent: string;
}

/** Second opinions on our own curve. Modules that may not know TaoStats get one injected. */
export interface UpstreamQuotes {
  /** Rejects with an `AppError` whose code says why there is no answer; never waits longer than a person would. */
  quote(request: { netuid: number; direction: Direction; inRao: bigint }): Promise<UpstreamQuote>;
}
