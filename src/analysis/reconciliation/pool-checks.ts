import { ExactDecimal, normalizeDecimal } from '../../common';
import { eraAt } from '../amm/era';
import { DEFAULT_FEE_NUMERATOR, rateFee } from '../amm/fee';
import { MINIMUM_RESERVE_RAO, ROOT_NETUID, type PoolReserves } from '../amm/pool';
import { exact, ratioText } from '../exact';
import type { CheckResult, Severity } from './check';

/** The further fields of a pool row that its identities bind; decimals as text, null where the row has none. */
export interface PoolIdentityRow {
  pool: PoolReserves;
  alphaStakedRao: bigint | null;
  marketCap: string | null;
  liquidity: string | null;
  protocolTaoRao: bigint | null;
  userTaoRao: bigint | null;
  protocolAlphaRao: bigint | null;
  userAlphaRao: bigint | null;
  /** Fee of an earlier row: one that is unusual but the same as before is known, and quotes are made with it. */
  feeRateBefore?: string | null;
}

/** What is looked at beside identities, which always hold. */
export interface PoolCheckOptions {
  /** Weights, fee and depth as well: they matter where something is held. */
  withModel: boolean;
}

const IDENTITY_TOLERANCE = '0.00000001';
const UNUSUAL_WEIGHT_DEVIATION = '0.001';

/**
 * R10: what one pool row says must agree with itself. Broken identities fail; unusual weights, fees or reserves warn,
 * because they change how trades are priced. Root must cost 1; start-up pools have no meaningful price to check.
 */
export function checkPool(row: PoolIdentityRow, { withModel }: PoolCheckOptions = { withModel: true }): CheckResult[] {
  const { pool } = row;
  const subject = `pool ${pool.netuid}`;
  const text = pool.price === null ? null : normalizeDecimal(pool.price);
  const price = text === null ? null : new ExactDecimal(text);
  if (pool.netuid === ROOT_NETUID)
    return [result(subject, 'root costs 1', { actual: text, ok: price?.eq(1) ?? false })];
  if (pool.startup) return [];
  if (price === null || price.lte(0)) return [result(subject, 'the price is positive', { actual: text, ok: false })];

  const lastDigit = new ExactDecimal(10).pow(-(text?.split('.')[1]?.length ?? 0));
  const priced = (alphaRao: bigint, fixedRao: bigint, published: string | null, reason: string): CheckResult[] => {
    if (published === null || normalizeDecimal(published) === null) return [];
    const expected = price.times(exact(alphaRao)).plus(exact(fixedRao));
    // The price is printed with limited decimals, the product is not: allow for its last digit.
    const allowed = expected
      .times(IDENTITY_TOLERANCE)
      .plus(lastDigit.times(exact(alphaRao)))
      .plus(1);
    const difference = new ExactDecimal(published).minus(expected);
    return [
      result(subject, reason, {
        expected: ratioText(expected, 9),
        actual: published,
        difference: ratioText(difference, 9),
        tolerance: ratioText(allowed, 9),
        ok: difference.abs().lte(allowed),
      }),
    ];
  };
  const staked = row.alphaStakedRao;
  return [
    ...(staked === null
      ? []
      : priced(pool.alphaReserveRao + staked, 0n, row.marketCap, 'market cap = price * (pool alpha + staked alpha)')),
    ...priced(pool.alphaReserveRao, pool.taoReserveRao, row.liquidity, 'liquidity = TAO + price * pool alpha'),
    ...sumCheck(subject, 'TAO', {
      protocolRao: row.protocolTaoRao,
      userRao: row.userTaoRao,
      totalRao: pool.taoReserveRao,
    }),
    ...sumCheck(subject, 'alpha', {
      protocolRao: row.protocolAlphaRao,
      userRao: row.userAlphaRao,
      totalRao: pool.alphaReserveRao,
    }),
    ...(withModel ? modelChecks(row, price, lastDigit) : []),
  ];
}

/** Weights, fee and depth: assumptions of the price model rather than identities. */
function modelChecks(
  { pool, feeRateBefore }: PoolIdentityRow,
  price: ExactDecimal,
  lastDigit: ExactDecimal,
): CheckResult[] {
  const subject = `pool ${pool.netuid}`;
  const checks: CheckResult[] = [];
  if (eraAt(pool.blockNumber)?.name === 'balancer' && pool.alphaReserveRao > 0n) {
    const alphaAsTao = price.times(exact(pool.alphaReserveRao));
    const weight = exact(pool.taoReserveRao).div(alphaAsTao.plus(exact(pool.taoReserveRao)));
    const rounding = lastDigit.div(price).div(4);
    const ok = weight.minus('0.5').abs().lte(rounding.plus(UNUSUAL_WEIGHT_DEVIATION));
    checks.push(
      result(
        subject,
        'the TAO weight is a half',
        { expected: '0.5', actual: ratioText(weight), tolerance: UNUSUAL_WEIGHT_DEVIATION, ok },
        'warn',
      ),
    );
  }
  const fee = rateFee(pool.feeRate);
  if (fee.kind === 'rate' && !fee.assumed) {
    const before = rateFee(feeRateBefore ?? null);
    const isKnown = before.kind === 'rate' && !before.assumed && before.numerator === fee.numerator;
    const ok = fee.numerator === DEFAULT_FEE_NUMERATOR || isKnown;
    checks.push(
      result(
        subject,
        'the fee is 33/65535',
        { expected: DEFAULT_FEE_NUMERATOR.toString(), actual: fee.numerator.toString(), ok },
        'warn',
      ),
    );
  }
  const deep = pool.taoReserveRao >= MINIMUM_RESERVE_RAO;
  checks.push(
    result(
      subject,
      'the TAO reserve reaches the minimum',
      { actual: pool.taoReserveRao.toString(), expected: MINIMUM_RESERVE_RAO.toString(), ok: deep },
      'warn',
    ),
  );
  return checks;
}

function sumCheck(
  subject: string,
  token: string,
  parts: { protocolRao: bigint | null; userRao: bigint | null; totalRao: bigint },
): CheckResult[] {
  const { protocolRao, userRao, totalRao } = parts;
  if (protocolRao === null || userRao === null) return [];
  const expected = protocolRao + userRao;
  return [
    result(subject, `protocol + user = total ${token}`, {
      expected: expected.toString(),
      actual: totalRao.toString(),
      ok: expected === totalRao,
    }),
  ];
}

function result(
  subject: string,
  reason: string,
  found: { ok: boolean; expected?: string; actual: string | null; difference?: string; tolerance?: string },
  otherwise: Severity = 'fail',
): CheckResult {
  return {
    check: 'R10',
    subject,
    severity: found.ok ? 'pass' : otherwise,
    expected: found.expected ?? null,
    actual: found.actual,
    difference: found.difference ?? null,
    tolerance: found.tolerance ?? null,
    unit: 'ratio',
    reason,
  };
}
