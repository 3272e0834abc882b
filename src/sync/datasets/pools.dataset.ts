import { ExactDecimal } from '../../common';
import { Pool, PoolHistory, SubnetGenerationRepository } from '../../database';
import { ENDPOINTS, type PoolPayload } from '../../taostats';
import type { Jumps, Part, SnapshotDataset } from '../dataset';
import { mapRows, netuidFault, timeFault } from '../map-rows';
import { isJump } from '../price-jump';

/** The chain has had more pools than this since pools exist; fewer are an answer cut short. */
const LEAST_POOLS = 32;
/** Rao: in pools with less TAO than this (100 TAO) one trade can move the price tenfold. */
const SMALL_POOL_RAO = '100000000000';
const LARGEST_MOVE = '0.5';
const ROOT = 0;

/** The pool of every subnet: reserves, price, volumes. */
export const POOLS: SnapshotDataset = {
  name: 'pools',
  title: 'Pool',
  tiers: ['refresh', 'full', 'deep'],
  isCore: true,
  intervalMinutes: (settings) => settings.poolsRefreshMinutes,
  plannedCalls: () => Promise.resolve(1),
  async fetch({ ask, manager, repository }) {
    const fetched = await ask(ENDPOINTS.pools);
    const registrations = await repository(SubnetGenerationRepository).registrations(manager);
    const part: Part<Pool> = {
      name: 'pools',
      entity: Pool,
      ...mapRows(fetched, {
        keyOf: (payload) => String(payload.netuid),
        findFault: (payload) => netuidFault(payload) ?? timeFault('timestamp', payload.timestamp),
        toRow: (payload) => toRow(payload, registrations.get(payload.netuid) ?? null),
      }),
      complete: fetched.complete,
      totalItems: fetched.totalItems,
      floor: LEAST_POOLS,
      newer: ['blockNumber', 'timestamp'],
      history: { entity: PoolHistory, momentOf: (row: Pool) => row.timestamp },
      keyOf: (row) => String(row.netuid),
      findJumps: findPoolJumps,
    };
    return [part];
  },
};

/**
 * Prices that moved tenfold, or a sum of TAO reserves that moved by half. Left out: root, start-up pools (their price
 * means nothing), small pools, and netuids that changed hands: there the new subnet starts at another price.
 */
export function findPoolJumps(rows: readonly Pool[], stored: readonly Pool[]): Jumps | null {
  const before = new Map(stored.map((row) => [row.netuid, row]));
  const pairs = rows.flatMap((row) => {
    const old = before.get(row.netuid);
    return old === undefined || !isComparable(row, old) ? [] : [{ row, old }];
  });
  const jumped = pairs.filter(({ row, old }) => isJump(old.price, row.price));
  if (jumped.length > 0) {
    return { reason: 'a price moved tenfold', keys: jumped.map(({ row }) => String(row.netuid)) };
  }
  const sum = (figures: string[]): ExactDecimal =>
    figures.reduce((total, figure) => total.plus(figure), new ExactDecimal(0));
  const oldTotal = sum(pairs.map(({ old }) => old.totalTao));
  const move = sum(pairs.map(({ row }) => row.totalTao))
    .minus(oldTotal)
    .abs();
  if (move.lte(oldTotal.mul(LARGEST_MOVE))) return null;
  return { reason: 'the sum of the TAO reserves moved by more than half', keys: [] };
}

function isComparable(row: Pool, old: Pool): boolean {
  const started = row.startupMode !== true && old.startupMode !== true;
  const sameSubnet = row.registrationBlockNumber === old.registrationBlockNumber;
  return row.netuid !== ROOT && started && sameSubnet && new ExactDecimal(old.totalTao).gte(SMALL_POOL_RAO);
}

function toRow(payload: PoolPayload, registration: number | null): Pool {
  // Registered after this block: the row still belongs to the subnet before.
  const registrationBlockNumber = registration !== null && registration <= payload.block_number ? registration : null;
  return Object.assign(new Pool(), {
    netuid: payload.netuid,
    registrationBlockNumber,
    blockNumber: payload.block_number,
    timestamp: new Date(payload.timestamp),
    name: payload.name,
    symbol: payload.symbol,
    price: payload.price,
    marketCap: payload.market_cap,
    liquidity: payload.liquidity,
    totalTao: payload.total_tao,
    totalAlpha: payload.total_alpha,
    alphaInPool: payload.alpha_in_pool,
    alphaStaked: payload.alpha_staked,
    rootProp: payload.root_prop,
    rank: payload.rank,
    startupMode: payload.startup_mode,
    swapV3Initialized: payload.swap_v3_initialized,
    enabledUserLiquidity: payload.enabled_user_liquidity,
    feeRate: payload.fee_rate,
    protocolProvidedTao: payload.protocol_provided_tao,
    protocolProvidedAlpha: payload.protocol_provided_alpha,
    userProvidedTao: payload.user_provided_tao,
    userProvidedAlpha: payload.user_provided_alpha,
    alphaSqrtPrice: payload.alpha_sqrt_price,
    liquidityRaw: payload.liquidity_raw,
    currentTick: payload.current_tick,
    feeGlobalTao: payload.fee_global_tao,
    feeGlobalAlpha: payload.fee_global_alpha,
    fearAndGreedIndex: payload.fear_and_greed_index,
    fearAndGreedSentiment: payload.fear_and_greed_sentiment,
    marketCapChange1Day: payload.market_cap_change_1_day,
    priceChange1Hour: payload.price_change_1_hour,
    priceChange1Day: payload.price_change_1_day,
    priceChange1Week: payload.price_change_1_week,
    priceChange1Month: payload.price_change_1_month,
    taoVolume24Hr: payload.tao_volume_24_hr,
    taoVolume24HrChange1Day: payload.tao_volume_24_hr_change_1_day,
    taoBuyVolume24Hr: payload.tao_buy_volume_24_hr,
    taoSellVolume24Hr: payload.tao_sell_volume_24_hr,
    alphaVolume24Hr: payload.alpha_volume_24_hr,
    alphaVolume24HrChange1Day: payload.alpha_volume_24_hr_change_1_day,
    alphaBuyVolume24Hr: payload.alpha_buy_volume_24_hr,
    alphaSellVolume24Hr: payload.alpha_sell_volume_24_hr,
    lastPrice: payload.last_price,
    highestPrice24Hr: payload.highest_price_24_hr,
    lowestPrice24Hr: payload.lowest_price_24_hr,
    buys24Hr: payload.buys_24_hr,
    sells24Hr: payload.sells_24_hr,
    buyers24Hr: payload.buyers_24_hr,
    sellers24Hr: payload.sellers_24_hr,
  });
}
