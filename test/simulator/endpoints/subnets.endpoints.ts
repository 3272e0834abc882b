import { timestampOf } from '../chain';
import type { JsonObject } from '../json';
import { rao } from '../numbers';
import { type Endpoint, type EndpointRequest, fields, type RowSource } from './endpoint';
import { tradeOver } from './pool-rows';
import { askedNetuids, historyBlocks, netuids } from './pools.endpoints';
import { rowsAt } from './row-cache';
import { emissionOf, identityRow, netFlows, subnetRow } from './subnet-rows';

const ALL = 1_024;
/** Subnets are indexed on this grid of blocks, so they trail the pools by up to six minutes. */
const SUBNET_GRID = 30;

export const subnetEndpoints: Endpoint[] = [
  {
    path: '/api/subnet/latest/v1',
    defaultLimit: ALL,
    maxLimit: ALL,
    orders: fields('netuid', 'emission'),
    rows: latestSubnets,
  },
  {
    path: '/api/subnet/history/v1',
    required: ['netuid'],
    orders: fields('block_number', 'timestamp'),
    rows: subnetHistory,
  },
  {
    path: '/api/subnet/identity/v1',
    defaultLimit: ALL,
    rows: (request) => askedNetuids(request).map((netuid) => identityRow(request.world, netuid, request.block)),
  },
  {
    path: '/api/dtao/subnet_emission/v1',
    orders: fields('block_number', 'timestamp', 'netuid', 'tao_in_pool', 'alpha_in_pool', 'alpha_rewards'),
    rows: emissions,
  },
  { path: '/api/dtao/tao_flow/v1', defaultLimit: ALL, rows: taoFlow },
  { path: '/api/subnet/pruning/latest/v1', defaultLimit: ALL, orders: fields('netuid'), rows: pruning },
];

function latestSubnets({ world, query, block }: EndpointRequest): JsonObject[] {
  const rows = rowsAt(world, { name: 'subnets', block: block - (block % SUBNET_GRID) }, (at) =>
    netuids().map((netuid) => ({ ...subnetRow(world, netuid, at), ...netFlows(world, netuid, at) })),
  );
  const asked = query.integer('netuid');
  return asked === undefined ? rows : rows.filter((row) => row['netuid'] === asked);
}

function subnetHistory(request: EndpointRequest): RowSource {
  const { world, query, block } = request;
  const [netuid] = askedNetuids(request);
  if (netuid === undefined) return { total: 0, at: () => ({}) };
  const frequency = query.choice('frequency', ['by_block', 'by_hour', 'by_day']) ?? 'by_day';
  const blocks = historyBlocks(request, frequency, { from: world.genesis, to: block });
  return { total: blocks.total, at: (index) => subnetRow(world, netuid, blocks.at(index)) };
}

/** Per block and subnet: a firehose unless netuid and a range are given. */
function emissions(request: EndpointRequest): RowSource {
  const { world, block } = request;
  const asked = askedNetuids(request).filter((netuid) => netuid !== 0);
  const blocks = historyBlocks(request, 'by_block', { from: world.genesis, to: block });
  return {
    total: blocks.total * asked.length,
    at: (index) => emissionRow(request, asked[index % asked.length] ?? 1, blocks.at(Math.floor(index / asked.length))),
  };
}

function emissionRow({ world }: EndpointRequest, netuid: number, block: number): JsonObject {
  const pool = world.pools.state(netuid, block);
  const { tao } = emissionOf(world, netuid, block);
  return {
    netuid,
    block_number: block,
    timestamp: timestampOf(block),
    name: '𝜏',
    symbol: pool.life.symbol,
    tao_in_pool: tao.toString(),
    alpha_in_pool: pool.price === 0n ? '0' : ((tao * 10n ** 28n) / pool.price).toString(),
    alpha_rewards: pool.startup ? '0' : '500000000',
  };
}

/** Net TAO into each pool over the range, a day without one. No pages: all rows at once. */
function taoFlow(request: EndpointRequest): JsonObject[] {
  const { world, query, block } = request;
  const { from, to } = query.range({ from: block - 7_200, to: block });
  const hours = Math.max(1, Math.round((to - from) / 300));
  return askedNetuids(request)
    .filter((netuid) => netuid !== 0)
    .map((netuid) => {
      const traded = tradeOver(world, netuid, to, hours);
      const flow = rao(traded.buy - traded.sell);
      return { netuid, tao_flow: world.generation === 'string' ? flow.toString() : flow };
    });
}

function pruning(request: EndpointRequest): JsonObject[] {
  const { world, block } = request;
  const rows = askedNetuids(request)
    .filter((netuid) => netuid !== 0)
    .map((netuid) => ({ life: world.pools.life(netuid, block), price: world.pools.price(netuid, block) }))
    .sort((a, b) => (a.price < b.price ? -1 : 1));
  return rows.map(({ life, price }, index) => ({
    netuid: life.netuid,
    is_immune: block - life.registeredAt < 864_000,
    immunity_blocks_remaining: Math.max(0, 864_000 - (block - life.registeredAt)),
    moving_price: (Number(price) / 1e28).toFixed(9),
    pruning_rank: index + 1,
    registered_at_block: life.registeredAt,
  }));
}
