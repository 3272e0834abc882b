import { blockMs, isoText } from '../chain';
import type { JsonObject } from '../json';
import { PRICE_GRID_MS, type TaoPrice } from '../model/tao-price';
import type { World } from '../model/world';
import { type Endpoint, type EndpointRequest, fields, type RowSource } from './endpoint';
import { BadRequest, type Query } from './query';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const SUPPLY = 10_340_832.6260981;
/** One row a quarter of an hour. */
const HISTORY_STEP_MS = 3 * PRICE_GRID_MS;

export const taoPriceEndpoints: Endpoint[] = [
  {
    path: '/api/price/latest/v1',
    required: ['asset'],
    rows: ({ world, query, block }) => {
      assertTao(query);
      // As of the block, so that an index that is held back holds its price back too.
      return [priceRow(world.taoPrice, world.taoPrice.published(blockMs(block)))];
    },
  },
  {
    path: '/api/price/history/v1',
    required: ['asset'],
    orders: fields('timestamp'),
    rows: ({ world, query }) => {
      assertTao(query);
      const { from, to } = moments(query, world);
      const newest = Math.floor(to / HISTORY_STEP_MS);
      const oldest = Math.ceil(from / HISTORY_STEP_MS);
      const at = (index: number): JsonObject => priceRow(world.taoPrice, (newest - index) * HISTORY_STEP_MS);
      return { total: Math.max(0, newest - oldest + 1), at };
    },
  },
  {
    path: '/api/price/ohlc/v1',
    required: ['asset', 'period'],
    orders: fields('timestamp'),
    rows: candles,
  },
];

function assertTao(query: Query): void {
  if (query.text('asset')?.toUpperCase() !== 'TAO') throw new BadRequest('asset is not known');
}

/** Beginning of the price history: February 2025. */
const OLDEST_MS = Date.UTC(2025, 1, 13);

function moments(query: Query, world: World): { from: number; to: number } {
  const start = query.integer('timestamp_start');
  const end = query.integer('timestamp_end');
  return {
    from: Math.max(OLDEST_MS, start === undefined ? 0 : start * 1000),
    to: Math.min(world.clock.nowMs(), end === undefined ? Number.MAX_SAFE_INTEGER : end * 1000),
  };
}

function candles({ world, query }: EndpointRequest): RowSource {
  assertTao(query);
  const period = query.choice('period', ['1h', '1d', '1m']);
  const { from, to } = moments(query, world);
  const starts: number[] = [];
  for (let start = bucketOf(period, to); start >= from; start = bucketOf(period, start - 1)) starts.push(start);
  return {
    total: starts.length,
    at: (index) => {
      const start = starts[index] ?? 0;
      const length = nextBucket(period, start) - start;
      const candle = world.taoPrice.candle(start, length, world.clock.nowMs());
      return {
        period: period ?? '1d',
        timestamp: isoText(start),
        asset: 'TAO',
        volume_24h: volume(world.taoPrice, start).toFixed(4),
        open: candle.open.toFixed(4),
        high: candle.high.toFixed(4),
        low: candle.low.toFixed(4),
        close: candle.close.toFixed(4),
      };
    },
  };
}

/** `1m` is a calendar month, not a minute. */
function bucketOf(period: string | undefined, ms: number): number {
  if (period === '1h') return Math.floor(ms / HOUR_MS) * HOUR_MS;
  if (period === '1d') return Math.floor(ms / DAY_MS) * DAY_MS;
  const date = new Date(ms);
  return Date.UTC(date.getUTCFullYear(), date.getUTCMonth(), 1);
}

function nextBucket(period: string | undefined, start: number): number {
  return period === '1m' ? bucketOf(period, start + 31 * DAY_MS) : start + (period === '1h' ? HOUR_MS : DAY_MS);
}

function volume(price: TaoPrice, ms: number): number {
  return 230_294_320.887392 * (0.5 + price.at(ms) / 690);
}

function priceRow(price: TaoPrice, ms: number): JsonObject {
  const now = price.at(ms);
  const change = (hours: number): string => ((now / price.at(ms - hours * HOUR_MS) - 1) * 100).toFixed(8);
  return {
    created_at: isoText(ms),
    updated_at: isoText(ms),
    name: 'Bittensor',
    symbol: 'TAO',
    slug: 'bittensor',
    circulating_supply: String(SUPPLY),
    max_supply: '21000000',
    total_supply: '21000000',
    last_updated: isoText(ms - 120_000),
    price: now.toFixed(12),
    volume_24h: volume(price, ms).toFixed(6),
    market_cap: (now * SUPPLY).toFixed(4),
    percent_change_1h: change(1),
    percent_change_24h: change(24),
    percent_change_7d: change(168),
    percent_change_30d: change(720),
    percent_change_60d: change(1_440),
    percent_change_90d: change(2_160),
    market_cap_dominance: '0.1076',
    fully_diluted_market_cap: (now * 21_000_000).toFixed(2),
  };
}
