import {
  annualize,
  boundaryKey,
  type Changes,
  computePortfolioEarnings,
  dietzReturn,
  type Earnings,
  type EarningsParts,
  explainChanges,
  type KnownEarnings,
  type MissingInput,
  type PortfolioEarnings,
  sumCash,
  sumEarnings,
} from '../analysis';
import type { TreasuryWindow } from './earnings-books.service';
import type {
  ChangeView,
  EarningsPartsView,
  EarningsPointView,
  EarningsWindowView,
  RejectedEventView,
  SubnetEarningsView,
  TotalEarningsView,
} from './earnings.view';
import { tao } from './portfolio-to-view';

const DAY_MS = 86_400_000;

/** One window of the whole scope; the total is null unless every wallet and every subnet is known. */
export function toEarningsPointView(window: TreasuryWindow): EarningsPointView {
  const missing = missingOf(window);
  const complete = missing.length === 0;
  return {
    window: toWindowView(window),
    complete,
    missing,
    rejected_events: toRejectedViews(window),
    total: complete ? toTotalView(window, portfolioOf(window)) : null,
  };
}

/** Each subnet over all wallets; unknown as soon as one wallet's is. */
export function toSubnetEarningsViews({ wallets }: TreasuryWindow): SubnetEarningsView[] {
  const groups = new Map<string, Earnings[]>();
  for (const earnings of wallets.flatMap((wallet) => wallet.subnets)) {
    const key = boundaryKey(earnings);
    groups.set(key, [...(groups.get(key) ?? []), earnings]);
  }
  return [...groups.values()]
    .flatMap(toSubnetView)
    .sort((a, b) => a.netuid - b.netuid || (a.registration_block ?? 0) - (b.registration_block ?? 0));
}

/** Why the value changed, one line per cause and subnet; without lines unless everything is known. */
export function toChangeViews(window: TreasuryWindow): { changes: Changes; lines: ChangeView[] } | null {
  if (missingOf(window).length > 0) return null;
  const changes = explainChanges({
    portfolio: portfolioOf(window),
    subnets: mergedSubnets(window),
    cash: sumCash(window.wallets.map((wallet) => wallet.cash)),
  });
  return {
    changes,
    lines: changes.lines.map(({ cause, netuid, rao, text }) => ({ cause, netuid, tao: tao(rao), text })),
  };
}

export function missingOf(window: TreasuryWindow): MissingInput[] {
  const subnets = window.wallets.flatMap(({ wallet, subnets: own }) =>
    own.flatMap((earnings): MissingInput[] =>
      // What concerns the whole wallet is said once, not for each of its subnets.
      earnings.state === 'known' || window.missing.some(({ reason }) => reason === earnings.reason)
        ? []
        : [{ input: `subnet ${earnings.netuid} of ${wallet}`, reason: earnings.reason }],
    ),
  );
  return [...window.missing.map(({ input, reason }) => ({ input, reason })), ...subnets];
}

export function toRejectedViews({ rejected }: TreasuryWindow): RejectedEventView[] {
  return rejected.map(({ id, reason, netuid, blockNumber, coldkey }) => ({
    id,
    reason,
    netuid,
    block_number: blockNumber,
    wallet: coldkey,
  }));
}

export function toWindowView({ from, to, startAt, endAt }: TreasuryWindow): EarningsWindowView {
  return {
    from: from.toISOString(),
    to: to.toISOString(),
    start_at: startAt?.toISOString() ?? null,
    end_at: endAt?.toISOString() ?? null,
  };
}

function portfolioOf({ wallets }: TreasuryWindow): PortfolioEarnings {
  return computePortfolioEarnings({
    subnets: wallets.flatMap((wallet) => wallet.subnets),
    cash: sumCash(wallets.map((wallet) => wallet.cash)),
    freeStartRao: wallets.reduce((sum, wallet) => sum + wallet.startCashRao, 0n),
  });
}

function toTotalView(window: TreasuryWindow, portfolio: PortfolioEarnings): TotalEarningsView {
  const { stake, navStartRao, navEndRao, externalFlowsRao, earningsRao, cashCostRao, unexplainedRao } = portfolio;
  const change = navEndRao - navStartRao - externalFlowsRao;
  const causes = stake.priceRao + stake.yieldRao - stake.costRao - cashCostRao + unexplainedRao;
  return {
    ...toPartsView({ ...stake, startRao: navStartRao, endRao: navEndRao, flowsRao: externalFlowsRao, earningsRao }),
    external_flows_tao: tao(externalFlowsRao),
    cash_cost_tao: tao(cashCostRao),
    unexplained_tao: tao(unexplainedRao),
    closure_rao: (change - causes).toString(),
    ...ratesOf(window, { earningsRao, startRao: navStartRao }),
  };
}

function ratesOf(
  { startAt, endAt, flows }: TreasuryWindow,
  period: { earningsRao: bigint; startRao: bigint },
): Pick<TotalEarningsView, 'return' | 'apr' | 'apy' | 'indicative'> {
  const days = startAt === null || endAt === null ? 0 : (endAt.getTime() - startAt.getTime()) / DAY_MS;
  const dietz = dietzReturn({ ...period, flows });
  const annual = dietz === null ? null : annualize(dietz, days);
  return { return: dietz, apr: annual?.apr ?? null, apy: annual?.apy ?? null, indicative: annual?.indicative ?? true };
}

function toSubnetView(group: Earnings[]): SubnetEarningsView[] {
  const [first] = group;
  if (first === undefined) return [];
  const known = group.filter((earnings) => earnings.state === 'known');
  const unknown = group.find((earnings) => earnings.state === 'unknown');
  const isKnown = unknown === undefined;
  return [
    {
      netuid: first.netuid,
      registration_block: first.generation,
      state: isKnown ? 'known' : 'unknown',
      reason: unknown?.reason ?? null,
      parts: isKnown ? toPartsView(sumEarnings(known)) : null,
      emission_alpha: isKnown ? tao(known.reduce((sum, earnings) => sum + earnings.yieldAlphaRao, 0n)) : null,
      events: known.reduce((sum, earnings) => sum + earnings.eventCount, 0),
      estimated: known.some((earnings) => earnings.estimated),
    },
  ];
}

/** Statements of the same subnet in several wallets as one, so that each cause has one line. */
function mergedSubnets({ wallets }: TreasuryWindow): KnownEarnings[] {
  const merged = new Map<string, KnownEarnings>();
  for (const earnings of wallets.flatMap((wallet) => wallet.subnets)) {
    if (earnings.state === 'unknown') continue;
    const key = boundaryKey(earnings);
    const before = merged.get(key);
    merged.set(key, before === undefined ? earnings : { ...earnings, ...sumEarnings([before, earnings]) });
  }
  return [...merged.values()];
}

function toPartsView(parts: EarningsParts): EarningsPartsView {
  return {
    start_tao: tao(parts.startRao),
    end_tao: tao(parts.endRao),
    flows_tao: tao(parts.flowsRao),
    earnings_tao: tao(parts.earningsRao),
    price_tao: tao(parts.priceRao),
    emission_tao: tao(parts.yieldRao),
    trading_cost_tao: tao(parts.costRao),
    fee_tao: tao(parts.feeRao),
    impact_tao: tao(parts.impactRao),
  };
}
