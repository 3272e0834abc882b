import { ExactDecimal, normalizeDecimal } from '../../common';
import { ROOT_NETUID } from '../amm/pool';
import { ONE, exact, roundRao } from '../exact';
import { type DissolutionPayout, withPayouts } from './dissolution-payout';
import type { LedgerEvent, LedgerKind, RejectedEvent } from './ledger-event';
import { readUnstake, type UnstakeReading } from './unstake-alpha';

/** A stored delegation row, field for field as upstream means it. Fee: TAO rao when staking, alpha rao when unstaking. */
export interface DelegationRow {
  id: string;
  blockNumber: number;
  at?: Date;
  action: 'DELEGATE' | 'UNDELEGATE';
  coldkey: string;
  hotkey: string;
  netuid: number;
  generation: number | null;
  amountRao: bigint;
  alphaRao: bigint | null;
  feeRao: bigint | null;
  slippagePercent: string | null;
  extrinsicId: string | null;
  isTransfer: boolean;
  transferAddress: string | null;
}

export interface LedgerRules {
  ownColdkeys: ReadonlySet<string>;
  payouts?: readonly DissolutionPayout[];
  /** The subnets' own fee numerators over 65535, where they are known. */
  feeNumerators?: ReadonlyMap<number, bigint>;
  netAlphaFromBlock?: number;
}

export interface Ledger {
  events: LedgerEvent[];
  rejected: RejectedEvent[];
}

const HOTKEY_SWAP = /^hotkey-swap-/;

/**
 * Reads delegation rows as ledger events, in block order. Pairs of one extrinsic that take and give the same alpha on one
 * subnet without fee are moves, not trades; transfers between own coldkeys are no flow; a row of zero TAO that takes alpha
 * is the dissolution of the subnet, its payout shared over the coldkey's rows by alpha. The chain itself writes no event
 * for a dissolution: a payout without rows becomes an event of its own.
 */
export function normalizeDelegations(rows: readonly DelegationRow[], rules: LedgerRules): Ledger {
  const unique = [...new Map(rows.map((row) => [row.id, row])).values()];
  const moves = findMoves(unique);
  const rejected: RejectedEvent[] = [];
  const events: LedgerEvent[] = [];
  for (const row of unique) {
    const event = toEvent(row, moves.has(row.id), rules);
    if ('reason' in event) rejected.push(event);
    else events.push(event);
  }
  return { events: withPayouts(events, rules.payouts ?? []).sort(byBlock), rejected };
}

function toEvent(row: DelegationRow, isMove: boolean, rules: LedgerRules): LedgerEvent | RejectedEvent {
  const { id, blockNumber, coldkey, netuid } = row;
  const rejected = { id, blockNumber, coldkey, netuid };
  const alphaRao = row.alphaRao ?? (netuid === ROOT_NETUID ? row.amountRao : null);
  if (alphaRao === null) return { ...rejected, reason: 'it names no alpha' };
  if (alphaRao < 0n || row.amountRao < 0n || (row.feeRao ?? 0n) < 0n)
    return { ...rejected, reason: 'it has a negative amount' };
  const kind = kindOf(row, isMove, rules);
  const sold = kind === 'sell' ? soldAlpha(row, alphaRao, rules) : { alphaRao, doubtful: false };
  const sign = row.action === 'DELEGATE' ? 1n : -1n;
  const base = {
    id,
    blockNumber,
    netuid,
    generation: row.generation,
    coldkey,
    hotkey: row.hotkey,
    ...(row.at === undefined ? {} : { at: row.at }),
    ...(row.transferAddress === null ? {} : { counterparty: row.transferAddress }),
    kind,
    alphaRao: sign * sold.alphaRao,
  };
  if (kind === 'dissolution') return { ...base, taoRao: null, spotValueRao: 0n, feeTaoRao: 0n, estimated: false };
  if (kind !== 'buy' && kind !== 'sell') {
    return { ...base, taoRao: row.amountRao, spotValueRao: row.amountRao, feeTaoRao: 0n, estimated: false };
  }
  const cost = tradeCost(row, kind, sold.alphaRao);
  return { ...base, taoRao: row.amountRao, ...cost, estimated: cost.estimated || sold.doubtful };
}

function kindOf(row: DelegationRow, isMove: boolean, rules: LedgerRules): LedgerKind {
  const incoming = row.action === 'DELEGATE';
  if (HOTKEY_SWAP.test(row.id)) return 'hotkey_swap';
  if (isMove) return 'move';
  if (row.isTransfer) {
    if (row.transferAddress !== null && rules.ownColdkeys.has(row.transferAddress)) return 'own_transfer';
    return incoming ? 'transfer_in' : 'transfer_out';
  }
  if (incoming) return 'buy';
  return row.amountRao === 0n && row.netuid !== ROOT_NETUID ? 'dissolution' : 'sell';
}

function soldAlpha(row: DelegationRow, alphaRao: bigint, rules: LedgerRules): UnstakeReading {
  if (row.netuid === ROOT_NETUID) return { alphaRao, doubtful: false };
  const feeNumerator = rules.feeNumerators?.get(row.netuid);
  return readUnstake(
    { blockNumber: row.blockNumber, alphaRao, feeAlphaRao: row.feeRao ?? 0n },
    {
      ...(feeNumerator === undefined ? {} : { feeNumerator }),
      ...(rules.netAlphaFromBlock === undefined ? {} : { netFromBlock: rules.netAlphaFromBlock }),
    },
  );
}

/** Spot value and fee of a trade. Upstream's slippage is a percent that includes the fee: m / (1 - s), m * (1 - s). */
function tradeCost(
  row: DelegationRow,
  kind: 'buy' | 'sell',
  alphaRao: bigint,
): { spotValueRao: bigint; feeTaoRao: bigint; estimated: boolean } {
  const taoRao = row.amountRao;
  if (row.netuid === ROOT_NETUID) return { spotValueRao: taoRao, feeTaoRao: 0n, estimated: false };
  const feeRao = row.feeRao ?? 0n;
  const slippage = usableSlippage(row.slippagePercent);
  if (kind === 'buy') {
    const spotValueRao = slippage === null ? taoRao - feeRao : roundRao(exact(taoRao).times(ONE.minus(slippage)));
    return { spotValueRao, feeTaoRao: feeRao, estimated: slippage === null };
  }
  const poolAlphaRao = alphaRao - feeRao;
  const spotValueRao =
    slippage !== null
      ? roundRao(exact(taoRao).div(ONE.minus(slippage)))
      : poolAlphaRao > 0n
        ? (taoRao * alphaRao) / poolAlphaRao
        : taoRao;
  const feeTaoRao = alphaRao > 0n ? (spotValueRao * feeRao) / alphaRao : 0n;
  return { spotValueRao, feeTaoRao, estimated: slippage === null };
}

/** A fraction below one; sentinels such as +-200 % and text that is no number give null. */
function usableSlippage(percent: string | null): ExactDecimal | null {
  const text = percent === null ? null : normalizeDecimal(percent);
  if (text === null) return null;
  const slippage = new ExactDecimal(text).div(100);
  return slippage.abs().lt(1) ? slippage : null;
}

function findMoves(rows: readonly DelegationRow[]): Set<string> {
  const waiting = new Map<string, DelegationRow[]>();
  const moves = new Set<string>();
  for (const row of rows) {
    if (row.isTransfer || row.extrinsicId === null || (row.feeRao ?? 0n) !== 0n || HOTKEY_SWAP.test(row.id)) continue;
    const key = `${row.extrinsicId}/${row.coldkey}/${row.netuid}/${row.alphaRao ?? row.amountRao}`;
    const candidates = waiting.get(key) ?? [];
    const partner = candidates.findIndex((other) => other.action !== row.action && other.hotkey !== row.hotkey);
    if (partner < 0) {
      waiting.set(key, [...candidates, row]);
      continue;
    }
    moves.add(row.id);
    for (const other of candidates.splice(partner, 1)) moves.add(other.id);
  }
  return moves;
}

/** Chain order: block, then the event index that ends an id (`...-6925136-101` comes after `...-89`), then the id. */
function byBlock(a: LedgerEvent, b: LedgerEvent): number {
  const order = a.blockNumber - b.blockNumber || eventIndex(a.id) - eventIndex(b.id);
  return order !== 0 ? order : a.id < b.id ? -1 : 1;
}

function eventIndex(id: string): number {
  return Number(/-(\d{1,9})$/.exec(id)?.[1] ?? 0);
}
