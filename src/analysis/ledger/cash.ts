import { sumEarnings, type Earnings, type EarningsParts, type UnknownEarnings } from './earnings';
import { isInWindow, type BlockWindow, type LedgerEvent } from './ledger-event';

/** A transfer of free TAO; the sender pays `feeRao` on top of `amountRao`. */
export interface TransferRow {
  id: string;
  blockNumber: number;
  from: string;
  to: string;
  amountRao: bigint;
  feeRao: bigint;
  extrinsicId: string | null;
}

/** `front_end_fee`: what a front-end takes for a trade, inside the trade's own extrinsic; a cost, not a withdrawal. */
export type CashKind = 'deposit' | 'withdrawal' | 'own_transfer' | 'front_end_fee';

export interface CashEvent {
  row: TransferRow;
  kind: CashKind;
}

/** Largest share of the traded TAO that still passes as a front-end fee; the one on record takes 0.3 %. */
const FRONT_END_FEE_DIVISOR = 100n;

/** Reads transfers from the side of the own coldkeys. Rows that touch none of them are left out; ids count once. */
export function classifyTransfers(
  rows: readonly TransferRow[],
  context: {
    ownColdkeys: ReadonlySet<string>;
    events: readonly LedgerEvent[];
    extrinsicOf: ReadonlyMap<string, string>;
  },
): CashEvent[] {
  const tradedRao = new Map<string, bigint>();
  for (const event of context.events) {
    const extrinsicId = context.extrinsicOf.get(event.id);
    if (extrinsicId === undefined || (event.kind !== 'buy' && event.kind !== 'sell')) continue;
    const key = `${extrinsicId}/${event.coldkey}`;
    tradedRao.set(key, (tradedRao.get(key) ?? 0n) + (event.taoRao ?? 0n));
  }
  const unique = [...new Map(rows.map((row) => [row.id, row])).values()];
  return unique.flatMap((row): CashEvent[] => {
    const outgoing = context.ownColdkeys.has(row.from);
    const incoming = context.ownColdkeys.has(row.to);
    if (!outgoing && !incoming) return [];
    if (outgoing && incoming) return [{ row, kind: 'own_transfer' }];
    if (incoming) return [{ row, kind: 'deposit' }];
    const traded = row.extrinsicId === null ? 0n : (tradedRao.get(`${row.extrinsicId}/${row.from}`) ?? 0n);
    const isFee = row.amountRao * FRONT_END_FEE_DIVISOR <= traded;
    return [{ row, kind: isFee ? 'front_end_fee' : 'withdrawal' }];
  });
}

/** Where free TAO went over a window: deltaRao = the sum of the rest, `unexplainedRao` being what no row explains. */
export interface CashStatement {
  deltaRao: bigint;
  depositsRao: bigint;
  withdrawalsRao: bigint;
  salesRao: bigint;
  purchasesRao: bigint;
  payoutsRao: bigint;
  transferFeesRao: bigint;
  frontEndFeesRao: bigint;
  /** From other wallets of the treasury, less to them; in the unexplained too, until all are added up. */
  ownTransfersRao: bigint;
  /** Usually minus the extrinsic fees of calls that leave no transfer row. */
  unexplainedRao: bigint;
}

/** Explains the change of free TAO by trades, payouts and transfers within (from, to]. */
export function computeCashStatement(input: {
  window: BlockWindow;
  freeStartRao: bigint;
  freeEndRao: bigint;
  events: readonly LedgerEvent[];
  transfers: readonly CashEvent[];
  ownColdkeys: ReadonlySet<string>;
}): CashStatement {
  const { window, ownColdkeys } = input;
  const events = input.events.filter((event) => isInWindow(event, window));
  const transfers = input.transfers.filter(({ row }) => isInWindow(row, window));
  const tao = (kind: LedgerEvent['kind']): bigint =>
    events.filter((event) => event.kind === kind).reduce((sum, event) => sum + (event.taoRao ?? 0n), 0n);
  const moved = (kind: CashKind): bigint =>
    transfers.filter((transfer) => transfer.kind === kind).reduce((sum, { row }) => sum + row.amountRao, 0n);
  const transferFeesRao = transfers
    .filter(({ row }) => ownColdkeys.has(row.from))
    .reduce((sum, { row }) => sum + row.feeRao, 0n);
  const isOwn = (coldkey: string): bigint => (ownColdkeys.has(coldkey) ? 1n : 0n);
  const ownTransfersRao = transfers
    .filter(({ kind }) => kind === 'own_transfer')
    .reduce((sum, { row }) => sum + row.amountRao * (isOwn(row.to) - isOwn(row.from)), 0n);
  const statement = {
    deltaRao: input.freeEndRao - input.freeStartRao,
    depositsRao: moved('deposit'),
    withdrawalsRao: moved('withdrawal'),
    salesRao: tao('sell'),
    purchasesRao: tao('buy'),
    payoutsRao: tao('dissolution'),
    transferFeesRao,
    frontEndFeesRao: moved('front_end_fee'),
    ownTransfersRao,
  };
  const explainedRao =
    statement.depositsRao -
    statement.withdrawalsRao +
    statement.salesRao -
    statement.purchasesRao +
    statement.payoutsRao -
    statement.transferFeesRao -
    statement.frontEndFeesRao;
  return { ...statement, unexplainedRao: statement.deltaRao - explainedRao };
}

/**
 * Earnings of the whole treasury. Trades and payouts are internal here (their cash leg cancels); only TAO and stake that
 * cross its border are flows. earnings = price + yield - trading cost - cash costs + unexplained cash
 *          = navEnd - navStart - external flows, exactly.
 */
export interface PortfolioEarnings {
  earningsRao: bigint;
  stake: EarningsParts;
  cashCostRao: bigint;
  unexplainedRao: bigint;
  /** Outside TAO in less out, plus stake received from outsiders less stake given to them at event amounts. */
  externalFlowsRao: bigint;
  navStartRao: bigint;
  navEndRao: bigint;
  /** Subnets without a statement; while there are any, the totals are of the others and not the treasury's. */
  unknown: readonly UnknownEarnings[];
}

/** Puts subnet statements and the cash statement of one window together. `freeStartRao` is the cash at its start. */
export function computePortfolioEarnings(input: {
  subnets: readonly Earnings[];
  cash: CashStatement;
  freeStartRao: bigint;
}): PortfolioEarnings {
  const known = input.subnets.filter((statement) => statement.state === 'known');
  const unknown = input.subnets.filter((statement) => statement.state === 'unknown');
  const stake = sumEarnings(known);
  const { cash } = input;
  const cashCostRao = cash.transferFeesRao + cash.frontEndFeesRao;
  const tradeFlowsRao = cash.purchasesRao - cash.salesRao - cash.payoutsRao;
  return {
    earningsRao: stake.earningsRao - cashCostRao + cash.unexplainedRao,
    stake,
    cashCostRao,
    unexplainedRao: cash.unexplainedRao,
    externalFlowsRao: cash.depositsRao - cash.withdrawalsRao + (stake.flowsRao - tradeFlowsRao),
    navStartRao: input.freeStartRao + stake.startRao,
    navEndRao: input.freeStartRao + cash.deltaRao + stake.endRao,
    unknown,
  };
}
