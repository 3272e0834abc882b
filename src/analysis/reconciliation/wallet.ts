import type { LedgerEvent } from '../ledger/ledger-event';
import { ROOT_NETUID } from '../amm/pool';
import type { CheckResult } from './check';
import { MAXIMUM_BLOCK_GAP } from './completeness';
import { checkPortfolioValue, checkSameBlockValue, checkValue } from './prices';
import { checkAccountIdentity, checkAlpha, checkStakedTotal, valueAt, type AccountBalances } from './quantities';

/** Tempo of nearly all subnets, 360 blocks of 12 s. */
const EPOCH_SECONDS = 4_320;

/** Stake with one hotkey on one subnet at a block. */
export interface StakeReading {
  /** Null: all stake on root together, as an account counts it that does not list it. */
  hotkey: string | null;
  netuid: number;
  alphaRao: bigint;
  /** TAO at the spot price of the block, as upstream values it. */
  valueRao: bigint;
  blockNumber: number;
  at: Date;
}

/** One wallet by one source: its stake, zeros left out, and its account. */
export interface WalletReading {
  coldkey: string;
  stake: readonly StakeReading[];
  account: AccountBalances;
  /** Whether the account's answer itself has root positions; some leave them to one figure. */
  listsRoot: boolean;
  /** Block of the account, and of stake that is not there. */
  blockNumber: number;
  at: Date;
}

export interface WalletPair {
  stored: WalletReading;
  live: WalletReading;
}

/** What both readings are judged by. */
export interface WalletEvidence {
  /** Stake events of the wallet between the readings; null while nobody asked for them. */
  events: readonly LedgerEvent[] | null;
  /** Posted yield of a day as a fraction, by `hotkey/netuid`. */
  dailyYields: ReadonlyMap<string, string>;
}

/** A price and the block that it is of. */
export interface PricedPool {
  price: string;
  blockNumber: number;
}

interface KeyPair {
  key: string;
  netuid: number;
  hotkey: string | null;
  stored: StakeReading | null;
  live: StakeReading | null;
}

/** R1 for every position that either reading has. Events between the two blocks explain differences. */
export function checkAlphas({ stored, live }: WalletPair, evidence: WalletEvidence): CheckResult[] {
  return pairsOf({ stored, live }).map((pair) => {
    const storedAt = momentOf(pair.stored, stored);
    const liveAt = momentOf(pair.live, live);
    // What is stored may be of a later block than the second reading: time runs from the older to the newer one.
    const isForward = liveAt.blockNumber >= storedAt.blockNumber;
    const [older, newer] = isForward ? [pair.stored, pair.live] : [pair.live, pair.stored];
    const [from, to] = isForward ? [storedAt, liveAt] : [liveAt, storedAt];
    const result = checkAlpha({
      key: pair.key,
      storedAlphaRao: older?.alphaRao ?? null,
      liveAlphaRao: newer?.alphaRao ?? null,
      eventAlphaRao: (evidence.events ?? [])
        .filter((event) => event.netuid === pair.netuid && (pair.hotkey === null || event.hotkey === pair.hotkey))
        .filter((event) => event.blockNumber > from.blockNumber && event.blockNumber <= to.blockNumber)
        .map((event) => event.alphaRao),
      elapsedSeconds: Math.abs(liveAt.at.getTime() - storedAt.at.getTime()) / 1000,
      dailyYield: evidence.dailyYields.get(`${pair.hotkey ?? ''}/${pair.netuid}`) ?? null,
      epochSeconds: EPOCH_SECONDS,
    });
    return isForward ? result : { ...result, reason: `${result.reason}; the second reading is of an earlier block` };
  });
}

/** R4 and R5 of what is stored: the positions' values are the account's stake, and its parts are its total. */
export function checkStoredWallet(stored: WalletReading): CheckResult[] {
  return [
    checkStakedTotal({
      coldkey: stored.coldkey,
      rowValuesRao: stored.stake.map((row) => row.valueRao),
      accountStakedRao: stored.account.stakedRao,
      sameBlock: stored.stake.every((row) => row.blockNumber === stored.blockNumber),
    }),
    ...checkAccountIdentity(stored.account),
  ];
}

/**
 * R12: the second reading fits together, which is what sets it apart from half a page: its stake rows are the stake of its
 * account, and both are of about the same time. Also its account's own identity: what contradicts itself proves nothing.
 */
export function checkLiveWallet(live: WalletReading): CheckResult[] {
  const sameBlock = live.stake.every((row) => row.blockNumber === live.blockNumber);
  const total = checkStakedTotal({
    coldkey: live.coldkey,
    rowValuesRao: live.stake.map((row) => row.valueRao),
    accountStakedRao: live.account.stakedRao,
    sameBlock,
  });
  const gap = Math.max(0, ...live.stake.map((row) => Math.abs(row.blockNumber - live.blockNumber)));
  return [
    { ...total, check: 'R12', reason: 'second reading: stake rows against the staked balance' },
    ...checkAccountIdentity(live.account).map((result): CheckResult => ({
      ...result,
      check: 'R12',
      reason: `second reading: ${result.reason}`,
    })),
    {
      check: 'R12',
      subject: `account ${live.coldkey}`,
      severity: gap <= MAXIMUM_BLOCK_GAP ? 'pass' : 'fail',
      expected: '0',
      actual: String(gap),
      difference: String(gap),
      tolerance: String(MAXIMUM_BLOCK_GAP),
      unit: 'count',
      reason: 'second reading: blocks between the account and the stake rows',
    },
  ];
}

/**
 * R2 and R3: the second reading's alpha at our pools' price against the value that it has itself. Only prices can differ
 * here, since both sides have the same alpha. Stake without a price is left out.
 */
export function checkValues(live: WalletReading, pools: ReadonlyMap<number, PricedPool>): CheckResult[] {
  return live.stake.flatMap((row) => {
    const pool = row.netuid === ROOT_NETUID ? undefined : pools.get(row.netuid);
    if (pool === undefined) return [];
    const subject = `${live.coldkey}/${row.hotkey ?? ''}/${row.netuid}`;
    const valued = { subject, alphaRao: row.alphaRao, price: pool.price, valueRao: row.valueRao };
    return [pool.blockNumber === row.blockNumber ? checkSameBlockValue(valued) : checkValue(valued)];
  });
}

/** R3 over all wallets, where single prices average out. */
export function checkTotalValue(
  lives: readonly WalletReading[],
  pools: ReadonlyMap<number, PricedPool>,
): CheckResult[] {
  const priced = lives.flatMap((live) => live.stake).filter((row) => pools.has(row.netuid));
  if (priced.length === 0) return [];
  const sum = (valueOf: (row: StakeReading) => bigint): bigint => priced.reduce((sum, row) => sum + valueOf(row), 0n);
  return [
    checkPortfolioValue({
      subject: 'all wallets',
      expectedRao: sum((row) => valueAt(row.alphaRao, pools.get(row.netuid)?.price ?? '0')),
      actualRao: sum((row) => row.valueRao),
    }),
  ];
}

/** The blocks between which events can explain what differs; null when the readings are of the same block. */
export function eventWindow({ stored, live }: WalletPair): { fromBlock: number; toBlock: number } | null {
  const blocks = [stored, live].flatMap((reading) => [
    reading.blockNumber,
    ...reading.stake.map((row) => row.blockNumber),
  ]);
  const [fromBlock, toBlock] = [Math.min(...blocks), Math.max(...blocks)];
  return fromBlock === toBlock ? null : { fromBlock, toBlock };
}

/**
 * Root positions are compared one by one, unless a side knows only what they are together. Stored stake knows no more when
 * the account's answer did not list it; if that answer lists it now it did so then, and what is not stored is missing.
 */
function pairsOf({ stored, live }: WalletPair): KeyPair[] {
  const isTogether = hasRootTogether(live) || (hasRootTogether(stored) && !live.listsRoot);
  const pairs = new Map<string, KeyPair>();
  for (const [side, reading] of [['stored', stored] as const, ['live', live] as const]) {
    for (const row of isTogether ? putRootTogether(reading.stake) : withoutRootTogether(reading.stake)) {
      const key = `${reading.coldkey}/${row.hotkey === null ? 'root' : `${row.hotkey}/${row.netuid}`}`;
      const pair = pairs.get(key) ?? { key, netuid: row.netuid, hotkey: row.hotkey, stored: null, live: null };
      pairs.set(key, { ...pair, [side]: row });
    }
  }
  return [...pairs.values()];
}

function hasRootTogether({ stake }: WalletReading): boolean {
  return stake.some(({ hotkey }) => hotkey === null);
}

function withoutRootTogether(stake: readonly StakeReading[]): StakeReading[] {
  return stake.filter(({ hotkey }) => hotkey !== null);
}

function putRootTogether(stake: readonly StakeReading[]): StakeReading[] {
  const [first, ...others] = stake.filter(({ netuid }) => netuid === ROOT_NETUID);
  if (first === undefined) return [...stake];
  const sum = (valueOf: (row: StakeReading) => bigint): bigint =>
    others.reduce((total, row) => total + valueOf(row), valueOf(first));
  const together = { alphaRao: sum((row) => row.alphaRao), valueRao: sum((row) => row.valueRao) };
  return [...stake.filter(({ netuid }) => netuid !== ROOT_NETUID), { ...first, hotkey: null, ...together }];
}

function momentOf(row: StakeReading | null, reading: WalletReading): { blockNumber: number; at: Date } {
  if (row !== null) return row;
  const [first] = reading.stake;
  return first ?? reading;
}
