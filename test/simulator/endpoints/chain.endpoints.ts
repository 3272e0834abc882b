import { createHash } from 'node:crypto';
import { timestampOf, WEIGHTED_POOL_BLOCK } from '../chain';
import type { JsonObject } from '../json';
import { hash32 } from '../random';
import { type Endpoint, type EndpointRequest, fields, type RowSource } from './endpoint';
import { historyBlocks } from './pools.endpoints';

export const chainEndpoints: Endpoint[] = [
  {
    path: '/api/status/v1',
    open: true,
    bare: ({ world }) => ({
      ok: true,
      version: '0.218.0',
      status: { timestamp: new Date(world.clock.nowMs()).toISOString().replace('Z', '575841Z') },
    }),
  },
  {
    path: '/api/block/v1',
    orders: fields('spec_version', 'block_number', 'timestamp', 'hash', 'events_count', 'extrinsics_count'),
    rows: blocks,
  },
];

function blocks(request: EndpointRequest): RowSource {
  const list = historyBlocks(request, 'by_block', { from: 1, to: request.block });
  return { total: list.total, at: (index) => blockRow(request.world.seed, list.at(index)) };
}

function blockRow(seed: number, block: number): JsonObject {
  const digest = (label: string): string =>
    `0x${createHash('sha256').update(`${seed} ${label} ${block}`).digest('hex')}`;
  return {
    block_number: block,
    hash: digest('block'),
    parent_hash: `0x${createHash('sha256')
      .update(`${seed} block ${block - 1}`)
      .digest('hex')}`,
    state_root: digest('state'),
    extrinsics_root: digest('extrinsics'),
    spec_name: 'node-subtensor',
    // Releases come about every three days; only the order of the numbers matters here.
    spec_version: block < WEIGHTED_POOL_BLOCK ? 348 : 423 + Math.floor((block - WEIGHTED_POOL_BLOCK) / 14_500),
    impl_name: 'node-subtensor',
    impl_version: 1,
    timestamp: timestampOf(block),
    validator: null,
    events_count: 40 + (hash32(seed, block, 3) % 160),
    extrinsics_count: 8 + (hash32(seed, block, 4) % 30),
    calls_count: 8 + (hash32(seed, block, 5) % 60),
  };
}
