import { ExactDecimal } from '../../common';
import { TaoPrice, TaoPriceHistory } from '../../database';
import { ENDPOINTS, type PricePayload } from '../../taostats';
import type { Jumps, Part, SnapshotDataset } from '../dataset';
import { instantOrNull, mapRows, timeFault } from '../map-rows';
import { isJump } from '../price-jump';

/** The price of TAO in USD, dated by the market-data vendor. */
export const TAO_PRICE: SnapshotDataset = {
  name: 'tao_price',
  title: 'TAO price',
  tiers: ['refresh', 'full', 'deep'],
  isCore: true,
  intervalMinutes: (settings) => settings.priceRefreshMinutes,
  plannedCalls: () => Promise.resolve(1),
  async fetch({ ask }) {
    const fetched = await ask(ENDPOINTS.taoPrice, { query: { asset: 'tao' } });
    const mapping = { keyOf: (payload: PricePayload) => payload.symbol, findFault, toRow };
    const part: Part<TaoPrice> = {
      name: 'price',
      entity: TaoPrice,
      ...mapRows(fetched, mapping),
      complete: fetched.complete,
      totalItems: fetched.totalItems,
      floor: 1,
      single: true,
      newer: ['lastUpdated'],
      history: { entity: TaoPriceHistory, momentOf: (row: TaoPrice) => row.lastUpdated },
      keyOf: (row) => row.symbol,
      findJumps,
    };
    return [part];
  },
};

function findFault(payload: PricePayload): string | null {
  if (new ExactDecimal(payload.price).isZero()) return 'price must not be 0';
  return timeFault('last_updated', payload.last_updated);
}

function findJumps(rows: readonly TaoPrice[], stored: readonly TaoPrice[]): Jumps | null {
  const jumped = rows.filter((row) => {
    const before = stored.find((candidate) => candidate.symbol === row.symbol);
    return before !== undefined && isJump(before.price, row.price);
  });
  if (jumped.length === 0) return null;
  return { reason: 'the price moved tenfold', keys: jumped.map((row) => row.symbol) };
}

function toRow(payload: PricePayload): TaoPrice {
  return Object.assign(new TaoPrice(), {
    symbol: payload.symbol,
    name: payload.name,
    slug: payload.slug,
    price: payload.price,
    lastUpdated: new Date(payload.last_updated),
    createdAt: instantOrNull(payload.created_at),
    updatedAt: instantOrNull(payload.updated_at),
    circulatingSupply: payload.circulating_supply,
    maxSupply: payload.max_supply,
    totalSupply: payload.total_supply,
    volume24h: payload.volume_24h,
    marketCap: payload.market_cap,
    fullyDilutedMarketCap: payload.fully_diluted_market_cap,
    percentChange1h: payload.percent_change_1h,
    percentChange24h: payload.percent_change_24h,
    percentChange7d: payload.percent_change_7d,
    percentChange30d: payload.percent_change_30d,
    percentChange60d: payload.percent_change_60d,
    percentChange90d: payload.percent_change_90d,
    marketCapDominance: payload.market_cap_dominance,
  });
}
