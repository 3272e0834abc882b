import { formatTokens } from '../../common';
import type { CashStatement, PortfolioEarnings } from './cash';
import type { KnownEarnings } from './earnings';

export type ChangeCause =
  | 'price'
  | 'emission'
  | 'trading_cost'
  | 'stake_transfer'
  | 'deposit'
  | 'withdrawal'
  | 'transfer_fee'
  | 'front_end_fee'
  | 'unvalued_positions'
  | 'unexplained';

/** One cause and what it did to the value, signed, in TAO rao. */
export interface ChangeLine {
  cause: ChangeCause;
  netuid: number | null;
  rao: bigint;
  text: string;
}

export interface Changes {
  fromRao: bigint;
  toRao: bigint;
  /** Largest effect first; fromRao plus all lines is toRao exactly. */
  lines: ChangeLine[];
  /** False while subnets lack a statement: their value is in neither total. */
  complete: boolean;
}

/**
 * Why the treasury is worth more or less than before, one line per cause and subnet, leaving out causes that did nothing.
 * Trades move value between cash and stake, so only their cost appears. `subnets` are the statements behind `portfolio`.
 */
export function explainChanges(input: {
  portfolio: PortfolioEarnings;
  subnets: readonly KnownEarnings[];
  cash: CashStatement;
}): Changes {
  const { portfolio, cash } = input;
  const transfersRao = portfolio.stake.transfersRao;
  const lines = [
    ...input.subnets.flatMap(subnetLines),
    line('deposit', null, cash.depositsRao),
    line('withdrawal', null, -cash.withdrawalsRao),
    line('transfer_fee', null, -cash.transferFeesRao),
    line('front_end_fee', null, -cash.frontEndFeesRao),
    line(
      'unvalued_positions',
      null,
      portfolio.externalFlowsRao - (cash.depositsRao - cash.withdrawalsRao) - transfersRao,
    ),
    line('unexplained', null, cash.unexplainedRao),
  ].filter((each) => each.rao !== 0n);
  return {
    fromRao: portfolio.navStartRao,
    toRao: portfolio.navEndRao,
    lines: lines.sort(byMagnitude),
    complete: portfolio.unknown.length === 0,
  };
}

function subnetLines(earnings: KnownEarnings): ChangeLine[] {
  const { netuid } = earnings;
  return [
    line('price', netuid, earnings.priceRao),
    line('emission', netuid, earnings.yieldRao),
    line('trading_cost', netuid, -earnings.costRao),
    line('stake_transfer', netuid, earnings.transfersRao),
  ];
}

const SENTENCES: Record<ChangeCause, (place: string) => string> = {
  price: (place) => `${place} price`,
  emission: (place) => `${place} emission`,
  trading_cost: (place) => `${place} trading cost (fee and price impact)`,
  stake_transfer: (place) => `${place} stake received from or given to outsiders`,
  deposit: () => 'TAO received from outside',
  withdrawal: () => 'TAO sent outside',
  transfer_fee: () => 'fees of transfers',
  front_end_fee: () => 'front-end fees of trades',
  unvalued_positions: () => 'TAO moved into or out of positions that could not be valued',
  unexplained: () => 'free TAO that no event explains (usually extrinsic fees)',
};

function line(cause: ChangeCause, netuid: number | null, rao: bigint): ChangeLine {
  const place = netuid === null ? '' : netuid === 0 ? 'root' : `SN${netuid}`;
  const amount = `${rao < 0n ? '' : '+'}${formatTokens(rao)} TAO`;
  return { cause, netuid, rao, text: `${SENTENCES[cause](place)}: ${amount}` };
}

function byMagnitude(a: ChangeLine, b: ChangeLine): number {
  const left = a.rao < 0n ? -a.rao : a.rao;
  const right = b.rao < 0n ? -b.rao : b.rao;
  return left === right ? (a.netuid ?? -1) - (b.netuid ?? -1) : left > right ? -1 : 1;
}
