import { BLOCKS_PER_DAY, BLOCKS_PER_HOUR, timestampOf, WEIGHTED_POOL_BLOCK } from '../chain';
import type { Json, JsonObject } from '../json';
import { floorSqrt, percentText, PRICE_SCALE, priceText, rao, ratioText, valueAt } from '../numbers';
import type { PoolState } from '../model/pool-model';
import type { World } from '../model/world';
import { hash32, noise } from '../random';

/** Digits after the point of a price: 28 before the weighted pool, at most 9 since. */
export function priceDecimals(world: World): number {
  return world.generation === 'string' ? 28 : 9;
}

/** Upstream rounds this one to the nearest digit. */
export function feeRateText(parts: number): string {
  const digits = (BigInt(parts) * 10n ** 21n) / 65_535n + 5n;
  return ratioText(digits, 10n ** 21n, 20);
}

export function isRoot(netuid: number): boolean {
  return netuid === 0;
}

/** The part of a pool row that `latest` and `history` share, without the order of keys meaning anything. */
export function poolCore(world: World, netuid: number, block: number): JsonObject {
  const state = world.pools.state(netuid, block);
  const price = isRoot(netuid) ? PRICE_SCALE : printedPrice(world, state);
  const decimals = world.generation === 'string' ? 19 : 0;
  const total = state.alpha + state.alphaStaked;
  const surplus = netuid === 60 || netuid === 103 ? rao(35_000) : 0n;
  return {
    netuid,
    block_number: block,
    timestamp: timestampOf(block),
    name: isRoot(netuid) ? 'Root' : state.life.name,
    symbol: isRoot(netuid) ? 'Τ' : state.life.symbol,
    market_cap: isRoot(netuid) ? total.toString() : ratioText(price * total, PRICE_SCALE, decimals),
    liquidity: (state.tao + valueAt(state.alpha, price)).toString(),
    total_tao: state.tao.toString(),
    total_alpha: (total + surplus).toString(),
    alpha_in_pool: state.alpha.toString(),
    alpha_staked: state.alphaStaked.toString(),
    price: isRoot(netuid) ? '1' : priceText(price, priceDecimals(world)),
    root_prop: rootProportion(netuid, state),
    rank: 0,
    startup_mode: !isRoot(netuid) && state.startup,
    ...concentratedLiquidity(world, state, block),
  };
}

/** The price as a reader of the row sees it; every product in the row is made with it. */
function printedPrice(world: World, state: PoolState): bigint {
  const step = 10n ** BigInt(28 - priceDecimals(world));
  return (state.price / step) * step;
}

function rootProportion(netuid: number, state: PoolState): string {
  if (isRoot(netuid)) return '0.1413502147385094582';
  const root = 1_073_670_389_058_879n / 6n;
  return ratioText(root, root + state.alpha + state.alphaStaked, 20);
}

/** Fields of the swap before the weighted pool; afterwards upstream has nothing to fill them with. */
function concentratedLiquidity(world: World, state: PoolState, block: number): JsonObject {
  const root = isRoot(state.life.netuid);
  const alive = !root && (world.generation === 'string' || block < WEIGHTED_POOL_BLOCK);
  const sqrtPrice = floorSqrt(state.price * PRICE_SCALE);
  return {
    protocol_provided_tao: state.tao.toString(),
    user_provided_tao: '0',
    protocol_provided_alpha: state.alpha.toString(),
    user_provided_alpha: '0',
    enabled_user_liquidity: false,
    swap_v3_initialized: !root,
    alpha_sqrt_price: alive ? priceText(sqrtPrice, 20) : null,
    liquidity_raw: alive ? floorSqrt(state.tao * state.alpha).toString() : '0',
    current_tick: alive ? Math.round(Math.log(Number(sqrtPrice) / 1e28) / Math.log(1.00005)) : null,
    fee_global_alpha: alive ? '0.00504426949172151652' : '0',
    fee_global_tao: alive ? '0.00073081395595235479' : '0',
    fee_rate: feeRateText(state.life.feeRateParts),
  };
}

/** What `latest` adds to the core: changes, a day's trade, sentiment and the week's prices. */
export function poolDay(world: World, netuid: number, block: number): JsonObject {
  const price = (at: number): bigint => world.pools.price(netuid, at);
  const now = price(block);
  const change = (blocks: number): string => (isRoot(netuid) ? '0' : percentText(price(block - blocks), now));
  const startup = !isRoot(netuid) && world.pools.state(netuid, block).startup;
  return {
    ...sentiment(world, netuid, block, startup),
    market_cap_change_1_day: change(BLOCKS_PER_DAY),
    price_change_1_hour: change(BLOCKS_PER_HOUR),
    price_change_1_day: change(BLOCKS_PER_DAY),
    price_change_1_week: change(7 * BLOCKS_PER_DAY),
    price_change_1_month: change(30 * BLOCKS_PER_DAY),
    ...trade(world, netuid, block),
    ...extremes(world, netuid, block, startup),
    seven_day_prices: week(world, netuid, block),
  };
}

function sentiment(world: World, netuid: number, block: number, startup: boolean): JsonObject {
  if (isRoot(netuid) || startup) return { fear_and_greed_index: null, fear_and_greed_sentiment: null };
  const index = 50 + 22 * noise(block, 3_000, hash32(world.seed, netuid, 80));
  const mood = index < 42 ? 'Fear' : index > 60 ? 'Greed' : 'Neutral';
  return { fear_and_greed_index: index.toFixed(14), fear_and_greed_sentiment: mood };
}

/** TAO bought and sold over `hours` full hours up to `block`, in TAO. */
export function tradeOver(world: World, netuid: number, block: number, hours: number): { buy: number; sell: number } {
  const last = Math.floor(block / BLOCKS_PER_HOUR);
  const sum = { buy: 0, sell: 0 };
  for (let hour = last - hours; hour < last; hour += 1) {
    const traded = world.pools.hourlyTrade(netuid, hour);
    sum.buy += traded.buy;
    sum.sell += traded.sell;
  }
  return sum;
}

function trade(world: World, netuid: number, block: number): JsonObject {
  const today = tradeOver(world, netuid, block, 24);
  const before = tradeOver(world, netuid, block - BLOCKS_PER_DAY, 24);
  const price = Number(world.pools.price(netuid, block)) / 1e28;
  const side = (tao: number): string => rao(tao).toString();
  const volume = today.buy + today.sell;
  const change = before.buy === 0 ? null : ((volume / (before.buy + before.sell) - 1) * 100).toFixed(15);
  return {
    tao_volume_24_hr: (rao(today.buy) + rao(today.sell)).toString(),
    tao_volume_24_hr_change_1_day: change,
    tao_buy_volume_24_hr: side(today.buy),
    tao_sell_volume_24_hr: side(today.sell),
    alpha_volume_24_hr: (rao(today.buy / price) + rao(today.sell / price)).toString(),
    alpha_volume_24_hr_change_1_day: change,
    alpha_buy_volume_24_hr: side(today.buy / price),
    alpha_sell_volume_24_hr: side(today.sell / price),
    buys_24_hr: Math.round(volume / 3.1),
    sells_24_hr: Math.round(volume / 5.3),
    buyers_24_hr: Math.round(volume / 6.9),
    sellers_24_hr: Math.round(volume / 11.7),
  };
}

function extremes(world: World, netuid: number, block: number, startup: boolean): JsonObject {
  if (isRoot(netuid)) return { last_price: '1', highest_price_24_hr: '1', lowest_price_24_hr: '1' };
  if (startup) return { last_price: null, highest_price_24_hr: null, lowest_price_24_hr: null };
  const hours = Array.from({ length: 24 }, (_, hour) => world.pools.price(netuid, block - hour * BLOCKS_PER_HOUR));
  const [highest, lowest] = [hours.reduce((a, b) => (a > b ? a : b)), hours.reduce((a, b) => (a < b ? a : b))];
  const text = (price: bigint): string => priceText(price, Math.min(20, priceDecimals(world)));
  const last = world.pools.price(netuid, block - (block % 7));
  return { last_price: text(last), highest_price_24_hr: text(highest), lowest_price_24_hr: text(lowest) };
}

/** 44 points, oldest first: every 4 h for a week, then an hour ago and now. */
function week(world: World, netuid: number, block: number): Json[] {
  const blocks = Array.from({ length: 42 }, (_, step) => block - 50_400 + step * 1_200);
  return [...blocks, block - 300, block].map((at) => ({
    block_number: at,
    timestamp: timestampOf(at),
    price: isRoot(netuid) ? '1' : priceText(world.pools.price(netuid, at), priceDecimals(world)),
  }));
}
