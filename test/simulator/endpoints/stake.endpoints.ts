import { BLOCKS_PER_DAY, lastBlockOfDay, timestampOf } from '../chain';
import { type JsonObject, scalarText } from '../json';
import type { Key } from '../keys';
import type { Account, Position } from '../model/account';
import { MINERS } from '../model/cast';
import { TEMPO, validatorOf } from '../model/validators';
import { asTao } from './account-rows';
import { type Endpoint, type EndpointRequest, fields, type RowSource } from './endpoint';
import { portfolioRows } from './portfolio-rows';
import { keyJson } from './subnet-rows';

const ORDERS = fields('netuid', 'subnet_rank', 'balance', 'balance_as_tao');

export const stakeEndpoints: Endpoint[] = [
  { path: '/api/dtao/stake_balance/latest/v1', orders: ORDERS, rows: latest },
  {
    path: '/api/dtao/stake_balance/history/v1',
    required: ['coldkey', 'hotkey', 'netuid'],
    orders: fields('block_number', 'timestamp'),
    rows: history,
  },
  {
    path: '/api/dtao/stake_balance/portfolio/v1',
    required: ['coldkey'],
    orders: ORDERS,
    gated: true,
    rows: portfolioRows,
  },
];

/** Every position that holds something: the whole network unless `coldkey`, `hotkey` or `netuid` narrow it. */
function latest(request: EndpointRequest): JsonObject[] {
  const { world, query } = request;
  const block = request.block - world.habits.stakeLagBlocks;
  const [coldkey, hotkey, netuid] = [query.key('coldkey'), query.key('hotkey'), query.integer('netuid')];
  const all = [...world.ledger.accounts.values()]
    .flatMap((account) => account.held(block).map((position) => ({ account, position })))
    .filter(({ position }) => netuid === undefined || position.netuid === netuid)
    .sort((a, b) => Number(b.position.balance(block) - a.position.balance(block)));
  const ranks = new Map<number, number>();
  const rows = all.map(({ account, position }) => {
    const rank = (ranks.get(position.netuid) ?? 0) + 1;
    ranks.set(position.netuid, rank);
    return { account, position, rank };
  });
  return rows
    .filter(({ account, position }) => is(account.key, coldkey) && is(position.hotkey, hotkey))
    .map(({ account, position, rank }) => ({
      ...stakeRow(request, { account, position, block }),
      subnet_rank: rank * 3,
      subnet_total_holders: 400 + position.netuid * 21,
    }))
    .filter((row) => within(query, 'balance', row) && within(query, 'balance_as_tao', row));
}

/** A row at the end of each day, and one for each block in which the balance changed; newest first. */
function history(request: EndpointRequest): RowSource {
  const { world, query } = request;
  const account = world.ledger.accounts.get(query.key('coldkey')?.ss58 ?? '');
  const position = account?.positions.get(`${query.key('hotkey')?.ss58 ?? ''}/${query.integer('netuid') ?? -1}`);
  if (account === undefined || position === undefined) return { total: 0, at: () => ({}) };
  const blocks = blocksOf(
    position,
    query.range({ from: world.genesis, to: request.block - world.habits.stakeLagBlocks }),
  );
  return {
    total: blocks.length,
    at: (index) => stakeRow(request, { account, position, block: blocks[index] ?? 0 }),
  };
}

function blocksOf(position: Position, { from, to }: { from: number; to: number }): number[] {
  const blocks = new Set(position.checkpoints.map((checkpoint) => checkpoint.block));
  const opened = position.checkpoints[0]?.block ?? to;
  for (let at = lastBlockOfDay(opened); at <= to; at += BLOCKS_PER_DAY) {
    if (position.balance(at) > 0n) blocks.add(at);
  }
  // Miners are paid every epoch, so their balance has 21 rows on every day.
  if (MINERS.some((miner) => miner.ss58 === position.hotkey.ss58)) {
    for (let at = opened - ((opened + position.netuid) % TEMPO) + TEMPO; at <= to; at += TEMPO) blocks.add(at);
  }
  return [...blocks].filter((block) => block >= from && block <= to).sort((a, b) => b - a);
}

function stakeRow({ world }: EndpointRequest, at: { account: Account; position: Position; block: number }): JsonObject {
  const { account, position, block } = at;
  return {
    block_number: block,
    timestamp: timestampOf(block),
    hotkey_name: validatorOf(position.hotkey.ss58)?.name ?? null,
    hotkey: keyJson(position.hotkey),
    coldkey: keyJson(account.key),
    netuid: position.netuid,
    balance: position.balance(block).toString(),
    balance_as_tao: asTao(world, position, block).toString(),
  };
}

function is(key: Key, asked: Key | undefined): boolean {
  return asked === undefined || asked.ss58 === key.ss58;
}

function within(query: EndpointRequest['query'], field: string, row: JsonObject): boolean {
  const amount = BigInt(scalarText(row[field]));
  return amount >= (query.amount(`${field}_min`) ?? 0n) && amount <= (query.amount(`${field}_max`) ?? amount);
}
