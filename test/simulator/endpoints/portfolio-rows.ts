import { blockMs } from '../chain';
import type { JsonObject } from '../json';
import type { Account, Position } from '../model/account';
import type { StakeEvent } from '../model/stake-event';
import { validatorOf } from '../model/validators';
import type { World } from '../model/world';
import { asTao } from './account-rows';
import type { EndpointRequest } from './endpoint';
import { keyJson } from './subnet-rows';

interface Leg {
  alpha: bigint;
  tao: bigint;
  usd: number;
  count: number;
}

/** Profit and loss of every position, closed ones too, by upstream's rule: average cost, transfers without cost. */
export function portfolioRows({ world, query, block }: EndpointRequest): JsonObject[] {
  const account = world.ledger.accounts.get(query.key('coldkey')?.ss58 ?? '');
  if (account === undefined) return [];
  const [hotkey, netuid] = [query.key('hotkey'), query.integer('netuid')];
  return [...account.positions.values()]
    .filter((position) => hotkey === undefined || position.hotkey.ss58 === hotkey.ss58)
    .filter((position) => netuid === undefined || position.netuid === netuid)
    .sort((a, b) => a.netuid - b.netuid)
    .map((position) => portfolioRow(world, account, { position, block }));
}

function portfolioRow(world: World, account: Account, at: { position: Position; block: number }): JsonObject {
  const { position, block } = at;
  const events = world.ledger.stakeEvents.filter(
    (event) =>
      event.block <= block &&
      event.netuid === position.netuid &&
      event.nominator.ss58 === account.key.ss58 &&
      event.delegate.ss58 === position.hotkey.ss58,
  );
  const leg = (action: StakeEvent['action'], transfer: boolean): Leg =>
    sum(
      world,
      events.filter((event) => event.action === action && (event.transferAddress !== null) === transfer),
    );
  const [bought, sold] = [leg('DELEGATE', false), leg('UNDELEGATE', false)];
  const [received, sent] = [leg('DELEGATE', true), leg('UNDELEGATE', true)];
  const balance = position.balance(block);
  const worth = asTao(world, position, block);
  const usd = world.taoPrice.at(blockMs(block));
  const earned = balance - bought.alpha + sold.alpha - received.alpha + sent.alpha;
  const soldCost = bought.alpha === 0n ? 0n : (bought.tao * least(sold.alpha, bought.alpha)) / bought.alpha;
  const [realised, unrealised] = [sold.tao - soldCost, worth - (bought.tao - soldCost)];
  return {
    hotkey_name: validatorOf(position.hotkey.ss58)?.name ?? null,
    hotkey: keyJson(position.hotkey),
    coldkey: keyJson(account.key),
    netuid: position.netuid,
    subnet_rank: balance === 0n ? null : 3,
    subnet_total_holders: balance === 0n ? null : 400 + position.netuid * 21,
    balance: balance.toString(),
    balance_as_tao: worth.toString(),
    ...legFields('bought_alpha', bought),
    ...legFields('sold_alpha', sold),
    ...legFields('transferred_in_alpha', received),
    ...legFields('transferred_out_alpha', sent),
    total_buys: bought.count,
    total_sells: sold.count,
    total_transfers_in: received.count,
    total_transfers_out: sent.count,
    current_market_price_usd: (Number(worth) / 1e9 === 0 ? 0 : (Number(worth) / Number(balance)) * usd).toFixed(2),
    // Prices in TAO are cut to whole numbers upstream, so they are nearly always 0.
    current_market_price_tao: balance === 0n ? '0' : (worth / balance).toString(),
    average_purchase_price_tao: '0',
    average_sale_price_tao: '0',
    average_purchase_price_usd: average(bought),
    average_sale_price_usd: average(sold),
    total_earned_alpha: earned.toString(),
    total_earned_alpha_as_tao: balance === 0n ? '0' : ((earned * worth) / balance).toString(),
    total_earned_alpha_as_usd: '0',
    realised_profit_usd: ((Number(realised) / 1e9) * usd).toFixed(2),
    unrealised_profit_usd: ((Number(unrealised) / 1e9) * usd).toFixed(2),
    realised_profit_tao: realised.toString(),
    unrealised_profit_tao: unrealised.toString(),
    period_start_tao_price_in_usd: null,
    period_start_alpha: null,
    period_start_alpha_price_in_tao: null,
    period_start_alpha_cost_in_usd: null,
  };
}

function sum(world: World, events: StakeEvent[]): Leg {
  return events.reduce(
    (leg, event) => ({
      alpha: leg.alpha + event.alpha,
      tao: leg.tao + event.amount,
      usd: leg.usd + (Number(event.amount) / 1e9) * world.taoPrice.at(blockMs(event.block)),
      count: leg.count + 1,
    }),
    { alpha: 0n, tao: 0n, usd: 0, count: 0 },
  );
}

function legFields(name: string, leg: Leg): JsonObject {
  return {
    [`total_${name}`]: leg.alpha.toString(),
    [`total_${name}_as_tao`]: leg.tao.toString(),
    [`total_${name}_as_usd`]: leg.usd.toFixed(2),
  };
}

function average(leg: Leg): string {
  return leg.alpha === 0n ? '0' : (leg.usd / (Number(leg.alpha) / 1e9)).toFixed(2);
}

function least(a: bigint, b: bigint): bigint {
  return a < b ? a : b;
}
