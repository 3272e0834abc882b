import { classifyTransfers, computeCashStatement, type CashStatement, type TransferRow } from './cash';
import { computeEarnings, type Earnings, type PositionMark } from './earnings';
import { isInWindow, type LedgerEvent } from './ledger-event';
import { boundaryKey, type WalletBoundary } from './wallet-boundary';

/** Events of every wallet of the treasury, read as a ledger. */
export interface TreasuryLedger {
  ownColdkeys: ReadonlySet<string>;
  events: readonly LedgerEvent[];
  extrinsicOf: ReadonlyMap<string, string>;
  transfers: readonly TransferRow[];
  /** The ledger reaches back to the first block with subnets: who has no event before a block held nothing then. */
  isWhole: boolean;
}

/** One wallet between two blocks. */
export interface WalletEarnings {
  wallet: string;
  startCashRao: bigint;
  subnets: Earnings[];
  cash: CashStatement;
}

/**
 * What one wallet earned on each subnet between two boundaries, and where its TAO went. Transfers to other wallets of the
 * treasury are no flows: they show as unexplained in both and cancel once the wallets are added up.
 */
export function computeWalletEarnings(
  wallet: string,
  boundaries: { start: WalletBoundary; end: WalletBoundary },
  ledger: TreasuryLedger,
): WalletEarnings {
  const { start, end } = boundaries;
  const window = { fromBlock: start.blockNumber, toBlock: end.blockNumber };
  const events = ledger.events.filter((event) => event.coldkey === wallet);
  const subnets = touched(boundaries, events).map(({ netuid, generation }): Earnings => {
    const own = events.filter((event) => event.netuid === netuid && event.generation === generation);
    const markAt = (boundary: WalletBoundary): PositionMark | null =>
      markOf(boundary, { netuid, generation }, ledger.isWhole ? own : null);
    return computeEarnings({ netuid, generation, window, start: markAt(start), end: markAt(end), events: own });
  });
  const transfers = ledger.transfers.filter(({ from, to }) => from === wallet || to === wallet);
  const cash = computeCashStatement({
    window,
    freeStartRao: start.cashRao,
    freeEndRao: end.cashRao,
    events,
    transfers: classifyTransfers(transfers, ledger),
    ownColdkeys: new Set([wallet]),
  });
  return { wallet, startCashRao: start.cashRao, subnets, cash };
}

/** Cash statements of several wallets, added up column by column. */
export function sumCash(statements: readonly CashStatement[]): CashStatement {
  const sum = (column: keyof CashStatement): bigint =>
    statements.reduce((total, statement) => total + statement[column], 0n);
  return {
    deltaRao: sum('deltaRao'),
    depositsRao: sum('depositsRao'),
    withdrawalsRao: sum('withdrawalsRao'),
    salesRao: sum('salesRao'),
    purchasesRao: sum('purchasesRao'),
    payoutsRao: sum('payoutsRao'),
    transferFeesRao: sum('transferFeesRao'),
    frontEndFeesRao: sum('frontEndFeesRao'),
    unexplainedRao: sum('unexplainedRao'),
  };
}

interface Subnet {
  netuid: number;
  generation: number | null;
}

/** Subnets that the wallet held at either end or touched in between, in order. */
function touched(
  { start, end }: { start: WalletBoundary; end: WalletBoundary },
  events: readonly LedgerEvent[],
): Subnet[] {
  const window = { fromBlock: start.blockNumber, toBlock: end.blockNumber };
  const held = [...start.holdings.values(), ...end.holdings.values()].filter(({ mark }) => mark?.alphaRao !== 0n);
  const subnets: Subnet[] = [...held, ...events.filter((event) => isInWindow(event, window))];
  const unique = new Map(
    subnets.map(({ netuid, generation }) => [boundaryKey({ netuid, generation }), { netuid, generation }]),
  );
  return [...unique.values()].sort((a, b) => a.netuid - b.netuid || (a.generation ?? 0) - (b.generation ?? 0));
}

/** Zero where the wallet is known to have held nothing: no row in a whole picture, or no event so far in a whole ledger. */
function markOf(boundary: WalletBoundary, subnet: Subnet, ledger: readonly LedgerEvent[] | null): PositionMark | null {
  const holding = boundary.holdings.get(boundaryKey(subnet));
  if (holding !== undefined) return holding.mark;
  const neverHeld = ledger?.every((event) => event.blockNumber > boundary.blockNumber) === true;
  return boundary.absentIsZero || neverHeld ? { alphaRao: 0n, price: null } : null;
}
