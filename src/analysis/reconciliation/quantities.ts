import { ExactDecimal } from '../../common';
import { exact, floorRao } from '../exact';
import { compareRao, type CheckResult, type Limits } from './check';

const EXACT_RAO = (rao: bigint): Limits => ({
  pass: { absoluteRao: rao, relative: '0' },
  warn: { absoluteRao: rao, relative: '0' },
});

/** Alpha of one (coldkey, hotkey, netuid), by both sources. Null: the source has no such row. */
export interface AlphaPair {
  key: string;
  storedAlphaRao: bigint | null;
  liveAlphaRao: bigint | null;
  /** Signed changes by known events between the two readings. */
  eventAlphaRao: readonly bigint[];
  elapsedSeconds: number;
  /** Validator's posted yield per day as a fraction; null where unknown. */
  dailyYield: string | null;
  /** Length of an epoch: emission comes in jumps, so less elapsed time than this counts as one epoch. */
  epochSeconds: number;
}

const SECONDS_PER_DAY = 86_400;
const DEFAULT_DAILY_GROWTH = '0.01';
const UNEXPLAINED_GROWTH_LIMIT = '0.02';

/**
 * R1: stored against live alpha after applying known events. Alpha only grows by itself, so a decrease may be one rao per
 * event (at least 2); growth may be twice the posted yield (1 % a day where none is posted); a row that appears or
 * vanishes with more than that fails whatever its size.
 */
export function checkAlpha(pair: AlphaPair): CheckResult {
  const eventsRao = pair.eventAlphaRao.reduce((sum, rao) => sum + rao, 0n);
  const expectedRao = (pair.storedAlphaRao ?? 0n) + eventsRao;
  const actualRao = pair.liveAlphaRao ?? 0n;
  const noiseRao = pair.eventAlphaRao.length > 2 ? BigInt(pair.eventAlphaRao.length) : 2n;
  const identity = { check: 'R1' as const, subject: pair.key };
  if (actualRao < expectedRao) {
    const gone = pair.liveAlphaRao === null ? 'the position is gone from the live answer' : 'alpha decreased';
    return compareRao(
      { ...identity, reason: `${gone} without an event` },
      { expectedRao, actualRao },
      EXACT_RAO(noiseRao),
    );
  }
  if (pair.storedAlphaRao === null && actualRao > expectedRao + noiseRao && eventsRao === 0n) {
    return compareRao(
      { ...identity, reason: 'a position appeared without an event' },
      { expectedRao, actualRao },
      EXACT_RAO(noiseRao),
    );
  }
  const growth = allowedGrowth(pair);
  const warn = ExactDecimal.max(growth, UNEXPLAINED_GROWTH_LIMIT).toFixed();
  return compareRao(
    { ...identity, reason: 'growth between the readings' },
    { expectedRao, actualRao },
    {
      pass: { absoluteRao: noiseRao, relative: growth.toFixed() },
      warn: { absoluteRao: noiseRao, relative: warn },
    },
  );
}

function allowedGrowth(pair: AlphaPair): ExactDecimal {
  const seconds = Math.max(pair.elapsedSeconds, pair.epochSeconds);
  const perDay =
    pair.dailyYield === null ? new ExactDecimal(DEFAULT_DAILY_GROWTH) : new ExactDecimal(pair.dailyYield).times(2);
  return perDay.times(seconds).div(SECONDS_PER_DAY);
}

/**
 * R4: sum of the stake rows' TAO values against the account's staked balance. One rao of rounding a row at the same block;
 * at different blocks the prices moved, so the limits are those of a portfolio total (0.5 % and 2 %).
 */
export function checkStakedTotal(input: {
  coldkey: string;
  rowValuesRao: readonly bigint[];
  accountStakedRao: bigint;
  sameBlock: boolean;
}): CheckResult {
  const rows = BigInt(Math.max(input.rowValuesRao.length, 1));
  const limits: Limits = input.sameBlock
    ? { pass: { absoluteRao: rows, relative: '0' }, warn: { absoluteRao: rows * 10n, relative: '0' } }
    : { pass: { absoluteRao: rows, relative: '0.005' }, warn: { absoluteRao: rows, relative: '0.02' } };
  const actualRao = input.rowValuesRao.reduce((sum, rao) => sum + rao, 0n);
  return compareRao(
    // Values at different blocks differ by price, which is drift and no missing stake.
    {
      check: input.sameBlock ? 'R4' : 'R3',
      subject: `account ${input.coldkey}`,
      reason: 'stake rows against the staked balance',
    },
    { expectedRao: input.accountStakedRao, actualRao },
    limits,
  );
}

/** An account row: its balances in TAO rao. */
export interface AccountBalances {
  coldkey: string;
  freeRao: bigint;
  reservedRao: bigint;
  stakedRao: bigint;
  stakedAlphaAsTaoRao: bigint;
  stakedRootRao: bigint;
  liquidityRao: bigint;
  totalRao: bigint;
}

/** R5: total = free + reserved + staked + liquidity and staked = alpha as TAO + root, to the rao. */
export function checkAccountIdentity(account: AccountBalances): CheckResult[] {
  const identity = (part: string) => ({ check: 'R5' as const, subject: `account ${account.coldkey}`, reason: part });
  return [
    compareRao(
      identity('total = free + reserved + staked + liquidity'),
      {
        expectedRao: account.freeRao + account.reservedRao + account.stakedRao + account.liquidityRao,
        actualRao: account.totalRao,
      },
      EXACT_RAO(0n),
    ),
    compareRao(
      identity('staked = alpha as TAO + root'),
      { expectedRao: account.stakedAlphaAsTaoRao + account.stakedRootRao, actualRao: account.stakedRao },
      EXACT_RAO(0n),
    ),
  ];
}

/** Dearest extrinsic on record, a swap of stake with a limit: 1,069,370 rao. */
const EXTRINSIC_FEE_RAO = 1_100_000n;
const FEW_FEES_RAO = 5_000_000n;

/**
 * R6: a day's change of free TAO that no row explains; up to 0.005 TAO, or what the day's stake events can have cost in
 * extrinsic fees, leaves no row.
 */
export function checkCash(day: { label: string; unexplainedRao: bigint; callCount?: number }): CheckResult {
  const feesRao = EXTRINSIC_FEE_RAO * BigInt(day.callCount ?? 0);
  const warnRao = feesRao > FEW_FEES_RAO ? feesRao : FEW_FEES_RAO;
  return compareRao(
    { check: 'R6', subject: day.label, reason: 'free TAO that no trade, transfer or fee explains' },
    { expectedRao: 0n, actualRao: day.unexplainedRao },
    { pass: { absoluteRao: 5_000n, relative: '0' }, warn: { absoluteRao: warnRao, relative: '0' } },
  );
}

/** R7: alpha that no event explains must not be negative, but for one rao of truncation per event. */
export function checkAlphaLedger(ledger: {
  subject: string;
  residualAlphaRao: bigint;
  eventCount: number;
}): CheckResult {
  const actualRao = ledger.residualAlphaRao < 0n ? ledger.residualAlphaRao : 0n;
  return compareRao(
    { check: 'R7', subject: ledger.subject, reason: 'alpha below what the events leave: an event is missing' },
    { expectedRao: 0n, actualRao },
    EXACT_RAO(BigInt(ledger.eventCount)),
  );
}

/** R11: earnings less (price + yield - cost) before rounding was attributed. */
export function checkEarningsClosure(earnings: {
  subject: string;
  roundingRao: bigint;
  eventCount: number;
}): CheckResult {
  return compareRao(
    { check: 'R11', subject: earnings.subject, reason: 'earnings against price + yield - cost' },
    { expectedRao: 0n, actualRao: earnings.roundingRao },
    EXACT_RAO(10n * BigInt(Math.max(earnings.eventCount, 1))),
  );
}

/** R13: realised + unrealised + yield against value + money out - money in. */
export function checkCostBasis(basis: {
  subject: string;
  realisedRao: bigint;
  unrealisedRao: bigint;
  yieldRao: bigint;
  valueRao: bigint;
  moneyOutRao: bigint;
  moneyInRao: bigint;
  lotCount: number;
}): CheckResult {
  return compareRao(
    { check: 'R13', subject: basis.subject, reason: 'gains against value and money moved' },
    {
      expectedRao: basis.valueRao + basis.moneyOutRao - basis.moneyInRao,
      actualRao: basis.realisedRao + basis.unrealisedRao + basis.yieldRao,
    },
    EXACT_RAO(BigInt(Math.max(basis.lotCount, 1))),
  );
}

/** Alpha at a price, floored to a rao: both sides of a value check are revalued with one price by this. */
export function valueAt(alphaRao: bigint, price: string): bigint {
  return floorRao(exact(alphaRao).times(price));
}
