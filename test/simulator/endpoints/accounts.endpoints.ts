import { lastBlockOfDay } from '../chain';
import type { JsonObject } from '../json';
import type { Account } from '../model/account';
import { mining } from '../model/cast';
import { type Endpoint, type EndpointRequest, fields } from './endpoint';
import { historicAccount, latestAccount } from './account-rows';

const BALANCES = ['balance_free', 'balance_staked', 'balance_total'];

export const accountEndpoints: Endpoint[] = [
  {
    path: '/api/account/latest/v1',
    orders: fields('rank', ...BALANCES),
    rows: (request) => {
      const { query, world } = request;
      const block = request.block - world.habits.accountLagBlocks;
      const address = query.key('address');
      if (address === undefined) {
        return accounts(request).map((account) => latestAccount(world, account, { block, single: false }));
      }
      const account = world.ledger.accounts.get(address.ss58);
      // An address that the index does not know is an empty answer, not an error and not a zero.
      if (account === undefined || account.createdAt > block) return [];
      return [latestAccount(world, account, { block, single: true })];
    },
  },
  {
    path: '/api/account/history/v1',
    required: ['address'],
    orders: fields('block_number', 'timestamp'),
    rows: accountHistory,
  },
];

function accounts({ world, block }: EndpointRequest): Account[] {
  return [...world.ledger.accounts.values()].filter((account) => account.createdAt <= block);
}

/** One row a day at 23:59:48, newest first; the busiest wallet has one at noon as well. */
function accountHistory({ query, world, block }: EndpointRequest): JsonObject[] {
  const address = query.key('address');
  const account = address === undefined ? undefined : world.ledger.accounts.get(address.ss58);
  if (account === undefined) return [];
  const { from, to } = query.range({ from: account.createdAt, to: block - world.habits.accountLagBlocks });
  const step = account.key.ss58 === mining.coldkey.ss58 ? 3_600 : 7_200;
  const rows: JsonObject[] = [];
  for (let at = lastBlockOfDay(to); at >= from; at -= step) {
    if (at <= to) rows.push(historicAccount(world, account, at));
  }
  return rows;
}
