import type { PoolReserves } from '../amm/pool';
import type { Severity } from './check';
import { checkPortfolioValue, checkQuote, checkSameBlockValue, checkTradeModel, checkValue } from './prices';

const TAO = 10n ** 9n;

/** Main-net storage at block 9,240,388. */
const POOL: PoolReserves = {
  netuid: 92,
  blockNumber: 9_240_388,
  taoReserveRao: 587_199_047_950n,
  alphaReserveRao: 435_539_509_978_376n,
  price: '0.0013482109373462986363167744302669035733915027',
  feeRate: '0.00050354772259098192',
  startup: false,
};

describe('value checks R2 and R3', () => {
  const row = (valueRao: bigint) => ({ subject: 'own/validator/7', alphaRao: 100n * TAO, price: '0.02', valueRao });

  it.each<[bigint, Severity, Severity]>([
    [2_000_000_000n, 'pass', 'pass'],
    [2_000_200_002n, 'pass', 'pass'],
    [2_003_000_000n, 'warn', 'pass'],
    [2_004_000_003n, 'fail', 'pass'],
    [2_010_000_003n, 'fail', 'warn'],
    [1_899_999_000n, 'fail', 'fail'],
  ])('allow %s rao more in another block than in the same', (valueRao, sameBlock, otherBlock) => {
    expect(checkSameBlockValue(row(valueRao))).toMatchObject({ check: 'R2', severity: sameBlock });
    expect(checkValue(row(valueRao))).toMatchObject({ check: 'R3', severity: otherBlock });
  });

  it('judges portfolios at 0.5 % and 2 %', () => {
    const judge = (actualRao: bigint): Severity =>
      checkPortfolioValue({ subject: 'all', expectedRao: 1_000n * TAO, actualRao }).severity;
    expect([judge(1_005n * TAO), judge(1_020n * TAO), judge(1_021n * TAO)]).toEqual(['pass', 'warn', 'fail']);
  });
});

describe('price model R8, R9', () => {
  const trade = (outRao: bigint, sameBlock: boolean) =>
    checkTradeModel({ subject: 'event', pool: POOL, direction: 'stake', inRao: 10n * TAO, outRao, sameBlock });

  it('recognises the trades of the chain, and a curve or fee that is no longer ours', () => {
    expect(trade(7_289_425_629_146n, true).severity).toBe('pass');
    expect(trade(7_289_400_000_000n, true).severity).toBe('warn');
    expect(trade(7_300_000_000_000n, false).severity).toBe('pass');
    expect(trade(7_400_000_000_000n, false).severity).toBe('warn');
    expect(trade(6_500_000_000_000n, true).severity).toBe('fail');
    expect(trade(0n, true).severity).toBe('skipped');
    const empty = { ...POOL, taoReserveRao: 0n };
    expect(
      checkTradeModel({ subject: 'event', pool: empty, direction: 'stake', inRao: 1n, outRao: 1n, sameBlock: true })
        .severity,
    ).toBe('skipped');
  });

  const quote = (outRao: bigint, blockNumber = POOL.blockNumber) =>
    checkQuote(POOL, {
      netuid: 92,
      blockNumber,
      direction: 'stake',
      inRao: 10n * TAO,
      outRao,
      expectedOutRao: 7_417_236_964_182n,
    });
  const OURS = 7_293_033_923_926n;

  it('compares outputs without fee at the same block and depth at another', () => {
    expect(quote(OURS).severity).toBe('pass');
    expect(quote(OURS + OURS / 10_000n).severity).toBe('warn');
    expect(quote(OURS + OURS / 100n).severity).toBe('fail');
    expect(quote(OURS + OURS / 2_000n, 9_240_400).severity).toBe('pass');
    expect(quote(OURS + OURS / 50n, 9_240_400).severity).toBe('fail');
    expect(quote(0n).severity).toBe('skipped');
    expect(
      checkQuote(
        { ...POOL, alphaReserveRao: 0n },
        { netuid: 92, blockNumber: 1, direction: 'stake', inRao: 1n, outRao: 1n, expectedOutRao: 1n },
      ).severity,
    ).toBe('skipped');
  });

  it('names the convention when the endpoint turns out to include the fee', () => {
    const result = quote(OURS - (OURS * 33n) / 65_535n);
    expect(result).toMatchObject({ severity: 'warn' });
    expect(result.reason).toContain('includes the fee');
  });
});
