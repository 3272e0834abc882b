import { createHash } from 'node:crypto';
import { blockMs, timestampOf } from '../chain';
import type { JsonObject } from '../json';
import type { Key } from '../keys';
import type { StakeEvent, TransferEvent } from '../model/stake-event';
import { validatorOf } from '../model/validators';
import type { World } from '../model/world';
import { ratioText } from '../numbers';
import { type Endpoint, type EndpointRequest, fields } from './endpoint';
import { keyJson } from './subnet-rows';

export const eventEndpoints: Endpoint[] = [
  {
    path: '/api/delegation/v1',
    orders: {
      ...fields('amount', 'block_number', 'timestamp', 'action', 'alpha', 'usd', 'alpha_price_in_tao'),
      ...fields('alpha_price_in_usd', 'netuid', 'slippage', 'fee'),
    },
    rows: delegations,
  },
  { path: '/api/transfer/v1', orders: fields('amount', 'block_number', 'timestamp'), rows: transfers },
];

/** Newest first. Note what is not a parameter here: `coldkey` and `hotkey` narrow nothing. */
function delegations(request: EndpointRequest): JsonObject[] {
  const { world, query } = request;
  const nominator = query.key('nominator');
  const delegate = query.key('delegate');
  const counterparty = query.key('transfer_address');
  const netuid = query.integer('netuid');
  const extrinsic = query.text('extrinsic_id');
  const isTransfer = query.flag('is_transfer');
  const action = query.choice('action', ['delegate', 'undelegate', 'all']) ?? 'all';
  return newest(request, world.ledger.stakeEvents)
    .filter((event) => same(event.nominator, nominator) && same(event.delegate, delegate))
    .filter((event) => counterparty === undefined || event.transferAddress?.ss58 === counterparty.ss58)
    .filter((event) => netuid === undefined || event.netuid === netuid)
    .filter((event) => extrinsic === undefined || event.extrinsic === extrinsic)
    .filter((event) => isTransfer === undefined || (event.transferAddress !== null) === isTransfer)
    .filter((event) => action === 'all' || event.action.toLowerCase() === action)
    .map((event) => delegationRow(world, event));
}

function delegationRow(world: World, event: StakeEvent): JsonObject {
  const usd = world.taoPrice.at(blockMs(event.block));
  const price = event.alpha === 0n ? '0' : ratioText(event.amount, event.alpha, 20);
  const tao = Number(event.amount) / 1e9;
  return {
    id: event.id,
    block_number: event.block,
    timestamp: timestampOf(event.block),
    action: event.action,
    nominator: keyJson(event.nominator),
    delegate: keyJson(event.delegate),
    delegate_name: validatorOf(event.delegate.ss58)?.name ?? null,
    amount: event.amount.toString(),
    alpha: event.alpha.toString(),
    usd: (tao * usd).toFixed(2),
    alpha_price_in_tao: price,
    alpha_price_in_usd: (Number(price) * usd).toFixed(2),
    slippage: event.slippage,
    fee: event.fee.toString(),
    netuid: event.netuid,
    extrinsic_id: event.extrinsic,
    is_transfer: event.transferAddress === null ? null : true,
    transfer_address: event.transferAddress === null ? null : keyJson(event.transferAddress),
  };
}

function transfers(request: EndpointRequest): JsonObject[] {
  const { world, query } = request;
  const [address, from, to] = [query.key('address'), query.key('from'), query.key('to')];
  const extrinsic = query.text('extrinsic_id');
  const hash = query.text('transaction_hash');
  return newest(request, world.ledger.transfers)
    .filter((event) => address === undefined || same(event.from, address) || same(event.to, address))
    .filter((event) => same(event.from, from) && same(event.to, to))
    .filter((event) => extrinsic === undefined || event.extrinsic === extrinsic)
    .filter((event) => hash === undefined || hashOf(world, event) === hash)
    .map((event) => ({
      id: event.id,
      to: keyJson(event.to),
      from: keyJson(event.from),
      network: 'finney',
      block_number: event.block,
      timestamp: timestampOf(event.block),
      amount: event.amount.toString(),
      fee: event.fee.toString(),
      transaction_hash: hashOf(world, event),
      extrinsic_id: event.extrinsic,
    }));
}

function newest<T extends { block: number; amount: bigint }>(
  { world, query, block }: EndpointRequest,
  events: T[],
): T[] {
  const { from, to } = query.range({ from: world.genesis, to: block });
  const [least, most] = [query.amount('amount_min'), query.amount('amount_max')];
  return events
    .filter((event) => event.block >= from && event.block <= to)
    .filter((event) => least === undefined || event.amount >= least)
    .filter((event) => most === undefined || event.amount <= most)
    .reverse();
}

function same(key: Key, asked: Key | undefined): boolean {
  return asked === undefined || key.ss58 === asked.ss58;
}

function hashOf(world: World, event: TransferEvent): string {
  return `0x${createHash('sha256').update(`${world.seed} ${event.extrinsic}`).digest('hex')}`;
}
