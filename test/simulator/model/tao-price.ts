import { hash32, noise } from '../random';

const MINUTE_MS = 60_000;
/** The market vendor's price is refreshed on this grid. */
export const PRICE_GRID_MS = 5 * MINUTE_MS;

/** Minutes per wave and its share of the price. */
const WAVES = [
  [86_400, 0.22],
  [14_400, 0.07],
  [1_440, 0.02],
  [180, 0.006],
  [15, 0.0015],
] as const;

/** TAO in US dollars: a pure function of the moment, without any chain. */
export class TaoPrice {
  private readonly streams: readonly number[];

  constructor(seed: number) {
    this.streams = WAVES.map((_wave, index) => hash32(seed, 71 + index));
  }

  /** USD per TAO at a moment. */
  at(ms: number): number {
    const minutes = ms / MINUTE_MS;
    const wander = WAVES.reduce(
      (sum, [period, height], wave) => sum + height * noise(minutes, period, this.streams[wave] ?? 0),
      0,
    );
    return 345 * Math.exp(wander);
  }

  /** The newest published moment at or before `ms`. */
  published(ms: number): number {
    return Math.floor(ms / PRICE_GRID_MS) * PRICE_GRID_MS;
  }

  /** Open, high, low and close of a bucket, sampled every half hour up to `untilMs`. */
  candle(
    fromMs: number,
    lengthMs: number,
    untilMs: number,
  ): { open: number; high: number; low: number; close: number } {
    const end = Math.min(fromMs + lengthMs, untilMs);
    const step = Math.max(lengthMs / 48, PRICE_GRID_MS);
    let [high, low] = [this.at(fromMs), this.at(fromMs)];
    for (let ms = fromMs; ms <= end; ms += step) {
      high = Math.max(high, this.at(ms));
      low = Math.min(low, this.at(ms));
    }
    const close = this.at(end);
    return { open: this.at(fromMs), high: Math.max(high, close), low: Math.min(low, close), close };
  }
}
