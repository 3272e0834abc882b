import { formatTokens } from '../../common';
import { classifyTransfers, computeCashStatement, type CashStatement, type TransferRow } from './cash';
import { computeEarnings, type Earnings, type PositionMark } from './earnings';
import { type BlockWindow, isInWindow, type LedgerEvent, type RejectedEvent } from './ledger-event';
import { PAYMENT_BLOCKS } from './subnet-end';
import { boundaryKey, type WalletBoundary } from './wallet-boundary';

/** Events of every wallet of the treasury, read as a ledger. */
export interface TreasuryLedger {
  ownColdkeys: ReadonlySet<string>;
  events: readonly LedgerEvent[];
  extrinsicOf: ReadonlyMap<string, string>;
  transfers: readonly TransferRow[];
  rejected: readonly RejectedEvent[];
  /** Wallets whose every event since the first block with subnets was read: without one before a block, nothing was held. */
  whole: ReadonlySet<string>;
}

/** Events of a window that could not be read: whatever they changed is not known. */
export interface Doubt {
  /** Null: they may have been on any subnet. */
  netuid: number | null;
  reason: string;
}

/** One wallet between two blocks. */
export interface WalletEarnings {
  wallet: string;
  startCashRao: bigint;
  subnets: Earnings[];
  cash: CashStatement;
  /** Why the cash statement may lack money: TAO of an event that nobody knows, or that came outside. Null: it lacks none. */
  unpaid: string | null;
}

/**
 * What one wallet earned on each subnet between two boundaries, and where its TAO went. Transfers to other wallets of the
 * treasury are no flows: they show as unexplained in both and cancel once the wallets are added up.
 */
export function computeWalletEarnings(
  wallet: string,
  boundaries: { start: WalletBoundary; end: WalletBoundary },
  ledger: TreasuryLedger,
  doubts: readonly Doubt[] = [],
): WalletEarnings {
  const { start, end } = boundaries;
  const window = { fromBlock: start.blockNumber, toBlock: end.blockNumber };
  const events = ledger.events.filter((event) => event.coldkey === wallet);
  const known = touched(boundaries, events);
  const unseen = doubts.flatMap(({ netuid }) =>
    netuid === null || known.some((subnet) => subnet.netuid === netuid) ? [] : [{ netuid, generation: null }],
  );
  const subnets = [...known, ...unseen].map(({ netuid, generation }): Earnings => {
    const doubt = doubts.find((each) => each.netuid === null || each.netuid === netuid);
    if (doubt !== undefined) return { state: 'unknown', netuid, generation, reason: doubt.reason };
    const own = events.filter((event) => event.netuid === netuid && event.generation === generation);
    const stateAt = (boundary: WalletBoundary): PositionMark | null =>
      markAt(boundary, { netuid, generation }, ledger.whole.has(wallet) ? own : null);
    return computeEarnings({ netuid, generation, window, start: stateAt(start), end: stateAt(end), events: own });
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
  return { wallet, startCashRao: start.cashRao, subnets, cash, unpaid: findUnpaid(events, window) };
}

function findUnpaid(events: readonly LedgerEvent[], window: BlockWindow): string | null {
  const unpaid = events.find((event) => event.taoRao === null && isInWindow(event, window));
  if (unpaid === undefined) return findStraddling(events, window);
  const because = unpaid.unknownBecause === undefined ? '' : `: ${unpaid.unknownBecause}`;
  return `what event ${unpaid.id} on subnet ${unpaid.netuid} paid is not known${because}`;
}

/** A subnet that ended so shortly before the window began or closed that its payout may be on the other side of that. */
function findStraddling(events: readonly LedgerEvent[], { fromBlock, toBlock }: BlockWindow): string | null {
  const ends = events.filter(({ kind }) => kind === 'dissolution');
  for (const edge of [fromBlock, toBlock]) {
    const end = ends.find((event) => isInWindow(event, { fromBlock: edge - PAYMENT_BLOCKS, toBlock: edge }));
    if (end === undefined) continue;
    const { netuid, blockNumber } = end;
    return `what the end of subnet ${netuid} at block ${blockNumber} paid may have come before or after block ${edge}`;
  }
  return null;
}

/**
 * The same statements, but unknown where more alpha is gone than roundings take: something happened that no event tells
 * of. Over all wallets of a subnet, because stake that goes from one to another is no event of the subnet.
 */
export function withoutLostAlpha(wallets: readonly WalletEarnings[], events: readonly LedgerEvent[]): WalletEarnings[] {
  const lost = new Map<string, bigint>();
  for (const earnings of wallets.flatMap(({ subnets }) => subnets)) {
    if (earnings.state === 'unknown') continue;
    const { window, netuid } = earnings;
    const roundings = 1 + events.filter((event) => event.netuid === netuid && isInWindow(event, window)).length;
    const key = boundaryKey(earnings);
    lost.set(key, (lost.get(key) ?? 0n) - earnings.yieldAlphaRao - BigInt(roundings));
  }
  return wallets.map((statement) => ({
    ...statement,
    subnets: statement.subnets.map((earnings): Earnings => {
      const alphaRao = lost.get(boundaryKey(earnings)) ?? 0n;
      if (earnings.state === 'unknown' || alphaRao <= 0n) return earnings;
      const { netuid, generation } = earnings;
      const reason = `${formatTokens(alphaRao)} alpha left it that no event tells of`;
      return { state: 'unknown', netuid, generation, reason };
    }),
  }));
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
    ownTransfersRao: sum('ownTransfersRao'),
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

/**
 * What the wallet held of a subnet. Zero where it is known to have held nothing: no row in a whole picture, or no event so
 * far in a whole ledger; `ledger` is null where events may be missing.
 */
export function markAt(
  boundary: WalletBoundary,
  subnet: Subnet,
  ledger: readonly LedgerEvent[] | null,
): PositionMark | null {
  const holding = boundary.holdings.get(boundaryKey(subnet));
  if (holding !== undefined) return holding.mark;
  const neverHeld = ledger?.every((event) => event.blockNumber > boundary.blockNumber) === true;
  return boundary.absentIsZero || neverHeld ? { alphaRao: 0n, price: null } : null;
}
