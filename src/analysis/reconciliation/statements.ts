import type { Earnings } from '../ledger/earnings';
import type { LedgerEvent } from '../ledger/ledger-event';
import type { PositionBasis } from '../ledger/treasury-basis';
import { boundaryKey } from '../ledger/wallet-boundary';
import { sumCash, type WalletEarnings } from '../ledger/wallet-earnings';
import type { MissingInput } from '../nav/nav';
import { skipped, type CheckResult } from './check';
import { checkAlphaLedger, checkCash, checkCostBasis, checkEarningsClosure } from './quantities';

/** Injection token of `TreasuryStatements`. */
export const TREASURY_STATEMENTS = Symbol('TREASURY_STATEMENTS');

/** What the wallets earned over one window by the recorded states and events, and what is not known of it. */
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
 * R6, R7 and R11 of one window. Cash and alpha are of all wallets together, because what goes from one to another is in
 * neither's statement; where a wallet is not known, what is gone from the others proves nothing.
 */
export function checkStatements(window: StatementWindow): CheckResult[] {
  const { wallets, missing } = window;
  const label = `${window.from.toISOString()} to ${window.to.toISOString()}`;
  return [
    ...(wallets.length + missing.length === 0 ? [] : [checkCashLedger(window, label)]),
    ...checkAlphaLedgers(window, label),
    ...wallets.flatMap((wallet) => checkClosures(wallet, label)),
  ];
}

function checkCashLedger({ wallets, missing }: StatementWindow, label: string): CheckResult {
  const unpaid = wallets.flatMap(({ wallet, unpaid: reason }) =>
    reason === null ? [] : [{ input: `wallet ${wallet}`, reason }],
  );
  const [gap] = [...missing, ...unpaid];
  if (gap !== undefined) return skipped('R6', label, `${gap.input}: ${gap.reason}`);
  const callCount = wallets
    .flatMap(({ subnets }) => subnets)
    .reduce((sum, subnet) => sum + (subnet.state === 'known' ? subnet.eventCount : 0), 0);
  const { unexplainedRao, ownTransfersRao } = sumCash(wallets.map(({ cash }) => cash));
  // Wallets that were read at different blocks may have one side only of what went from one to the other.
  return checkCash({ label, unexplainedRao: unexplainedRao - ownTransfersRao, callCount });
}

function checkAlphaLedgers({ wallets, missing }: StatementWindow, label: string): CheckResult[] {
  const ofSubnet = new Map<string, Earnings[]>();
  for (const earnings of wallets.flatMap(({ subnets }) => subnets)) {
    const key = boundaryKey(earnings);
    ofSubnet.set(key, [...(ofSubnet.get(key) ?? []), earnings]);
  }
  const [gap] = missing;
  return [...ofSubnet.values()].map((statements) => {
    const known = statements.filter((earnings) => earnings.state === 'known');
    const unknown = statements.find((earnings) => earnings.state === 'unknown')?.reason;
    const reason = unknown ?? (gap === undefined ? null : `${gap.input}: ${gap.reason}`);
    const result = checkAlphaLedger({
      subject: `subnet ${statements[0]?.netuid} ${label}`,
      residualAlphaRao: known.reduce((sum, earnings) => sum + earnings.yieldAlphaRao, 0n),
      eventCount: known.reduce((sum, { eventCount }) => sum + Math.max(eventCount, LEAST_NOISE_RAO), 0),
    });
    const isShown = reason === null || (known.length > 0 && result.severity === 'pass');
    return isShown ? result : skipped('R7', result.subject, reason);
  });
}

function checkClosures({ wallet, subnets }: WalletEarnings, label: string): CheckResult[] {
  return subnets.flatMap((earnings): CheckResult[] => {
    if (earnings.state === 'unknown') return [];
    const { netuid, roundingRao, eventCount } = earnings;
    return [checkEarningsClosure({ subject: `${wallet}/${netuid} ${label}`, roundingRao, eventCount })];
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
