import axios from 'axios';
import type { Settings } from '../config';
import { ENDPOINTS } from './endpoints';
import { attemptLimitMs, httpOptions } from './transport/http-options';

/** What one request with the configured key brought. */
export interface KeyProbe {
  status: number;
  /** TaoStats' own clock, to the second; null when it does not say. */
  date: Date | null;
  /** This machine's clock when the answer was there. */
  readAt: Date;
  roundTripMs: number;
}

/**
 * Asks TaoStats for the price of TAO, once, with the configured key: the cheapest answer that every plan includes. One
 * request beside the limiter, so for people only. Rejects when no answer comes.
 */
export async function probeKey(settings: Settings): Promise<KeyProbe> {
  const options = httpOptions(settings);
  const askedAtMs = performance.now();
  try {
    const { status, headers } = await axios.get<unknown>(ENDPOINTS.taoPrice.path, {
      ...options,
      params: { asset: 'tao' },
      signal: AbortSignal.timeout(attemptLimitMs(settings)),
    });
    const date = Date.parse(String(headers['date']));
    return {
      status,
      date: Number.isNaN(date) ? null : new Date(date),
      readAt: new Date(),
      roundTripMs: performance.now() - askedAtMs,
    };
  } finally {
    // Kept alive, its socket would keep the process alive too.
    for (const agent of [options.httpAgent, options.httpsAgent] as { destroy(): void }[]) agent.destroy();
  }
}
