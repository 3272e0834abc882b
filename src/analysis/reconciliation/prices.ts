import { curveOf } from '../amm/era';
import { FEE_DENOMINATOR } from '../amm/fee';
import type { PoolReserves } from '../amm/pool';
import { computeTrade, type Direction } from '../amm/trade';
import { ONE, exact } from '../exact';
import { compareRao, compareRatio, skipped, type CheckResult } from './check';
import { valueAt } from './quantities';

/** R2: alpha at the price of its own block against the value in the stake row; other trades in the block move it. */
export function checkSameBlockValue(row: {
  subject: string;
  alphaRao: bigint;
  price: string;
  valueRao: bigint;
}): CheckResult {
  return compareRao(
    { check: 'R2', subject: row.subject, reason: 'alpha at the pool price of the same block' },
    { expectedRao: valueAt(row.alphaRao, row.price), actualRao: row.valueRao },
    { pass: { absoluteRao: 2n, relative: '0.0001' }, warn: { absoluteRao: 2n, relative: '0.002' } },
  );
}

/** R3: the same across endpoints and blocks, where prices differ honestly; 98 % of recorded rows stay within 2 %. */
export function checkValue(row: { subject: string; alphaRao: bigint; price: string; valueRao: bigint }): CheckResult {
  return compareRao(
    { check: 'R3', subject: row.subject, reason: 'alpha at the pool price of another block' },
    { expectedRao: valueAt(row.alphaRao, row.price), actualRao: row.valueRao },
    { pass: { absoluteRao: 2n, relative: '0.005' }, warn: { absoluteRao: 2n, relative: '0.05' } },
  );
}

/** R3 for a whole portfolio, where single prices average out: 0.5 % and 2 %. */
export function checkPortfolioValue(total: { subject: string; expectedRao: bigint; actualRao: bigint }): CheckResult {
  return compareRao({ check: 'R3', subject: total.subject, reason: 'portfolio value by two sources' }, total, {
    pass: { absoluteRao: 2n, relative: '0.005' },
    warn: { absoluteRao: 2n, relative: '0.02' },
  });
}

/**
 * R8: a real trade recomputed on the pool. With reserves of the block before it must agree to 1e-6; with older ones only
 * a large difference means anything, namely that the curve or the fee changed.
 */
export function checkTradeModel(trade: {
  subject: string;
  pool: PoolReserves;
  direction: Direction;
  inRao: bigint;
  outRao: bigint;
  sameBlock: boolean;
}): CheckResult {
  const curve = curveOf(trade.pool);
  if (curve === null || (curve.method !== 'root' && (curve.taoRao <= 0n || curve.alphaRao <= 0n))) {
    return skipped('R8', trade.subject, 'the pool has no usable reserves');
  }
  if (trade.outRao <= 0n) return skipped('R8', trade.subject, 'the event names no output');
  const computed = computeTrade(curve, { direction: trade.direction, inRao: trade.inRao });
  return compareRatio(
    { check: 'R8', subject: trade.subject, reason: 'a trade on the chain recomputed by the curve' },
    { expected: exact(trade.outRao), actual: exact(computed.outRao) },
    trade.sameBlock ? { pass: '0.000001', warn: '0.02' } : { pass: '0.005', warn: '0.02' },
  );
}

/** An answer of the slippage endpoint; amounts in rao of the output token, fee not included as far as is known. */
export interface EndpointQuote {
  netuid: number;
  blockNumber: number;
  direction: Direction;
  inRao: bigint;
  outRao: bigint;
  expectedOutRao: bigint;
}

/**
 * R9: our quote against the slippage endpoint. At the same block the outputs must agree to 5e-6. Otherwise the price has
 * moved, so what is compared is output over expected output, which depends on depth only: 0.1 % and 0.5 %. An answer that
 * fits with the fee taken off instead says that the endpoint's convention changed, and the reason names it.
 */
export function checkQuote(pool: PoolReserves, quote: EndpointQuote): CheckResult {
  const subject = `pool ${quote.netuid} ${quote.direction}`;
  const curve = curveOf(pool);
  if (curve === null || (curve.method !== 'root' && (curve.taoRao <= 0n || curve.alphaRao <= 0n))) {
    return skipped('R9', subject, 'the pool has no usable reserves');
  }
  if (quote.outRao <= 0n || quote.expectedOutRao <= 0n) return skipped('R9', subject, 'the endpoint quoted nothing');
  const ours = computeTrade(curve, { direction: quote.direction, inRao: quote.inRao, waiveFee: true });
  const sameBlock = pool.blockNumber === quote.blockNumber;
  const ratios = sameBlock
    ? { expected: exact(quote.outRao), actual: exact(ours.outRao) }
    : {
        expected: exact(quote.outRao).div(exact(quote.expectedOutRao)),
        actual: exact(ours.outRao).div(exact(ours.expectedOutRao === 0n ? 1n : ours.expectedOutRao)),
      };
  const limits = sameBlock ? { pass: '0.000005', warn: '0.001' } : { pass: '0.001', warn: '0.005' };
  const identity = { check: 'R9' as const, subject, reason: 'our quote against the slippage endpoint, without fee' };
  const result = compareRatio(identity, ratios, limits);
  if (result.severity === 'pass' || curve.fee.kind !== 'rate') return result;
  const kept = ONE.minus(exact(curve.fee.numerator).div(exact(FEE_DENOMINATOR)));
  const withFee = compareRatio(identity, { ...ratios, actual: ratios.actual.times(kept) }, limits);
  return withFee.severity === 'pass'
    ? { ...result, reason: 'the endpoint agrees once the fee is taken off: it now includes the fee' }
    : result;
}
