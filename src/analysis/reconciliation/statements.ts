import type { LedgerEvent } from '../ledger/ledger-event';
import type { PositionBasis } from '../ledger/treasury-basis';
import { sumCash, type WalletEarnings } from '../ledger/wallet-earnings';
import type { MissingInput } from '../nav/nav';
import { skipped, type CheckResult } from './check';
import { checkAlphaLedger, checkCash, checkCostBasis, checkEarningsClosure } from './quantities';

/** Injection token of `TreasuryStatements`. */
export const TREASURY_STATEMENTS = Symbol('TREASURY_STATEMENTS');

/** What the wallets earned over one window, wallet by wallet, and what is not known of it. */
export interface StatementWindow {
  from: Date;
  to: Date;
  wallets: readonly WalletEarnings[];
  missing: readonly MissingInput[];
}

/** The treasury's books. Modules that may not know them get them injected. */
export interface TreasuryStatements {
  /** Moments ascending; windows that nobody can know yet are left out. */
  windows(addresses: readonly string[], moments: readonly Date[]): Promise<readonly StatementWindow[]>;
  /** What each position cost, first in, first out. */
  bases(addresses: readonly string[], now: Date): Promise<readonly PositionBasis[]>;
  /** Every stake event in the order of blocks. */
  events(addresses: readonly string[]): Promise<readonly LedgerEvent[]>;
}

/** Truncations that pass where there is no event: as for a stored position. */
const LEAST_NOISE_RAO = 2;

/**
 * R6, R7 and R11 of one window. Cash is of all wallets together, because what goes from one to another is in neither's
 * statement; a window with a wallet that is not known proves nothing about cash.
 */
export function checkStatements(window: StatementWindow): CheckResult[] {
  const { wallets, missing } = window;
  const label = `${window.from.toISOString()} to ${window.to.toISOString()}`;
  const callCount = wallets
    .flatMap(({ subnets }) => subnets)
    .reduce((sum, subnet) => sum + (subnet.state === 'known' ? subnet.eventCount : 0), 0);
  const [gap] = missing;
  const cash =
    gap === undefined
      ? checkCash({ label, unexplainedRao: sumCash(wallets.map((wallet) => wallet.cash)).unexplainedRao, callCount })
      : skipped('R6', label, `${gap.input}: ${gap.reason}`);
  return [
    ...(wallets.length + missing.length === 0 ? [] : [cash]),
    ...wallets.flatMap((wallet) => ofSubnets(wallet, label)),
  ];
}

function ofSubnets({ wallet, subnets }: WalletEarnings, label: string): CheckResult[] {
  return subnets.flatMap((earnings): CheckResult[] => {
    const subject = `${wallet}/${earnings.netuid} ${label}`;
    if (earnings.state === 'unknown') return [skipped('R7', subject, earnings.reason)];
    const eventCount = Math.max(earnings.eventCount, LEAST_NOISE_RAO);
    return [
      checkAlphaLedger({ subject, residualAlphaRao: earnings.yieldAlphaRao, eventCount }),
      checkEarningsClosure({ subject, roundingRao: earnings.roundingRao, eventCount: earnings.eventCount }),
    ];
  });
}

/** R13 of each position whose cost is known. Lots that came from own wallets or went to them count at their cost. */
export function checkBases(bases: readonly PositionBasis[]): CheckResult[] {
  return bases.map(({ coldkey, netuid, figures, reason }) => {
    const subject = `${coldkey}/${netuid}`;
    if (figures === null) return skipped('R13', subject, reason ?? 'its cost is not known');
    return checkCostBasis({
      subject,
      realisedRao: figures.realisedRao,
      unrealisedRao: figures.unrealisedRao,
      yieldRao: figures.yieldRao,
      valueRao: figures.valueRao,
      moneyOutRao: figures.outRao + figures.carriedOutRao,
      moneyInRao: figures.inRao + figures.carriedInRao,
      lotCount: figures.lots.length,
    });
  });
}
