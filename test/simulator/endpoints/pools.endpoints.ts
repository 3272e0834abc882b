import { BLOCKS_PER_DAY, BLOCKS_PER_HOUR, lastBlockOfDay, timestampOf } from '../chain';
import type { JsonObject } from '../json';
import { buyAlpha, sellAlpha } from '../model/amm';
import { SUBNET_COUNT } from '../model/subnet-profile';
import type { World } from '../model/world';
import { PRICE_SCALE, priceText, ratioText } from '../numbers';
import { type Endpoint, type EndpointRequest, fields, type RowSource } from './endpoint';
import { poolCore, poolDay } from './pool-rows';
import { BadRequest } from './query';
import { rowsAt } from './row-cache';

/** Pools are answered in full, all at once, when no page size is asked for. */
const ALL = 1_024;

export const poolEndpoints: Endpoint[] = [
  {
    path: '/api/dtao/pool/latest/v1',
    defaultLimit: ALL,
    orders: {
      ...fields('rank', 'root_prop', 'liquidity', 'netuid', 'price', 'fear_and_greed_index', 'market_cap', 'total_tao'),
      ...fields('total_alpha', 'alpha_in_pool', 'alpha_staked', 'enabled_user_liquidity'),
      market_cap_change_one_day: 'market_cap_change_1_day',
      tao_volume_one_day: 'tao_volume_24_hr',
      price_change_one_hour: 'price_change_1_hour',
      price_change_one_day: 'price_change_1_day',
      price_change_one_week: 'price_change_1_week',
      price_change_one_month: 'price_change_1_month',
    },
    rows: latestPools,
  },
  { path: '/api/dtao/pool/history/v1', orders: fields('block_number', 'timestamp', 'price'), rows: poolHistory },
  { path: '/api/dtao/pool/total_price/latest/v1', rows: totalPrice },
  { path: '/api/dtao/slippage/v1', required: ['netuid', 'input_tokens', 'direction'], rows: slippage },
];

/** Every netuid that is on the chain, root first. */
export function netuids(): number[] {
  return Array.from({ length: SUBNET_COUNT + 1 }, (_, netuid) => netuid);
}

/** The netuids that a request asks for: the one in `netuid`, or all of them. */
export function askedNetuids({ query }: EndpointRequest): number[] {
  const asked = query.integer('netuid');
  return asked === undefined ? netuids() : netuids().filter((netuid) => netuid === asked);
}

/** All pools, worst rank first and root last, as upstream orders them. */
function latestPools({ world, block, query }: EndpointRequest): JsonObject[] {
  const rows = rowsAt(world, { name: 'pools', block }, (at) => rankedPools(world, at));
  const asked = query.integer('netuid');
  return asked === undefined ? rows : rows.filter((row) => row['netuid'] === asked);
}

function rankedPools(world: World, block: number): JsonObject[] {
  const rows = netuids().map((netuid) => ({ ...poolCore(world, netuid, block), ...poolDay(world, netuid, block) }));
  const ranked = rows.toSorted((a, b) => rankOrder(a) - rankOrder(b));
  ranked.forEach((row, rank) => Object.assign(row, { rank }));
  return ranked.reverse();
}

function rankOrder(row: JsonObject): number {
  return row['netuid'] === 0 ? Number.NEGATIVE_INFINITY : -Number(row['market_cap']);
}

/** By day, hour or block; by day without `frequency` for one netuid, and every block of every pool without either. */
function poolHistory(request: EndpointRequest): RowSource {
  const { world, query, block } = request;
  const asked = askedNetuids(request);
  const frequency = query.choice('frequency', ['by_block', 'by_hour', 'by_day']);
  const step = frequency ?? (asked.length === 1 ? 'by_day' : 'by_block');
  const blocks = historyBlocks(request, step, { from: world.genesis, to: block });
  return {
    total: blocks.total * asked.length,
    at: (index) => historyRow(world, asked[index % asked.length] ?? 0, blocks.at(Math.floor(index / asked.length))),
  };
}

export interface BlockList {
  total: number;
  at(index: number): number;
}

/** Blocks of a history, newest first: each block, each hour, or each day's last block after the newest one. */
export function historyBlocks(
  { query, block }: EndpointRequest,
  step: 'by_block' | 'by_hour' | 'by_day',
  bounds: { from: number; to: number },
): BlockList {
  const { from, to } = query.range(bounds);
  if (step === 'by_block') return { total: Math.max(0, to - from + 1), at: (index) => to - index };
  const length = step === 'by_day' ? BLOCKS_PER_DAY : BLOCKS_PER_HOUR;
  const dayEnd = lastBlockOfDay(to);
  const newest = dayEnd - Math.ceil((dayEnd - to) / length) * length;
  const partial = to === block && newest !== to ? 1 : 0;
  const total = Math.max(0, Math.floor((newest - from) / length) + 1);
  return {
    total: total + partial,
    at: (index) => (index < partial ? to : newest - (index - partial) * length),
  };
}

function historyRow(world: World, netuid: number, block: number): JsonObject {
  return { ...poolCore(world, netuid, block), name: netuid === 0 ? 'Root' : '𝜏', rank: netuid };
}

function totalPrice({ world, block }: EndpointRequest): JsonObject[] {
  const pools = netuids().slice(1);
  const sum = pools.reduce((total, netuid) => total + world.pools.price(netuid, block), 0n);
  return [
    {
      block_number: block,
      timestamp: timestampOf(block),
      price: priceText(sum, 20),
      fear_and_greed_index: null,
      fear_and_greed_sentiment: null,
    },
  ];
}

/** A quote without the fee; `slippage` is a percent of what the price alone would give. */
function slippage({ world, query, block }: EndpointRequest): JsonObject[] {
  const netuid = query.integer('netuid') ?? -1;
  const input = query.amount('input_tokens') ?? 0n;
  const direction = query.choice('direction', ['tao_to_alpha', 'alpha_to_tao']);
  if (netuid < 0 || netuid > SUBNET_COUNT) throw new BadRequest('netuid is not known');
  if (input <= 0n) throw new BadRequest('input_tokens must be positive');
  const pool = world.pools.state(netuid, block);
  const price = netuid === 0 ? PRICE_SCALE : pool.price;
  const buying = direction === 'tao_to_alpha';
  const expected = buying ? (input * PRICE_SCALE) / price : (input * price) / PRICE_SCALE;
  const swapped = buying ? buyAlpha(pool, input, 0) : sellAlpha(pool, input, 0);
  const out = netuid === 0 ? expected : swapped.out;
  return [
    {
      netuid,
      block_number: block,
      timestamp: timestampOf(block),
      alpha_price: priceText(price, 10),
      output_tokens: out.toString(),
      expected_output_tokens: expected.toString(),
      diff: (expected - out).toString(),
      slippage: expected === 0n ? '0' : ratioText((expected - out) * 100n, expected, 10),
    },
  ];
}
