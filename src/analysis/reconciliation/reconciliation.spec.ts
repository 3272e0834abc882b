import type { PoolReserves } from '../amm/pool';
import { CHECK_IDS, skipped, type CheckId, type CheckResult, type Severity } from './check';
import { checkBlockGap, checkCoverage } from './completeness';
import { checkPool, type PoolIdentityRow } from './pool-checks';
import { checkPortfolioValue, checkQuote, checkSameBlockValue, checkTradeModel, checkValue } from './prices';
import {
  checkAccountIdentity,
  checkAlpha,
  checkAlphaLedger,
  checkCash,
  checkCostBasis,
  checkEarningsClosure,
  checkStakedTotal,
  type AlphaPair,
} from './quantities';
import { judgeReconciliation } from './verdict';

const TAO = 10n ** 9n;
const POOL: PoolReserves = {
  netuid: 92,
  blockNumber: 9_240_388,
  taoReserveRao: 587_199_047_950n,
  alphaReserveRao: 435_539_509_978_376n,
  price: '0.0013482109373462986363167744302669035733915027',
  feeRate: '0.00050354772259098192',
  startup: false,
};

describe('R1, stored against live alpha', () => {
  const pair = (change: Partial<AlphaPair>): AlphaPair => ({
    key: 'own/validator/7',
    storedAlphaRao: 1_000n * TAO,
    liveAlphaRao: 1_000n * TAO,
    eventAlphaRao: [],
    elapsedSeconds: 300,
    dailyYield: '0.002',
    epochSeconds: 4_320,
    ...change,
  });

  it.each<[string, Partial<AlphaPair>, Severity]>([
    ['equal readings', {}, 'pass'],
    ['a rao of rounding', { liveAlphaRao: 1_000n * TAO - 2n }, 'pass'],
    ['any further decrease', { liveAlphaRao: 1_000n * TAO - 3n }, 'fail'],
    ['a decrease that an event explains', { liveAlphaRao: 900n * TAO, eventAlphaRao: [-100n * TAO] }, 'pass'],
    ['one rao per event', { liveAlphaRao: 1_000n * TAO - 4n, eventAlphaRao: [0n, 0n, 0n, 0n] }, 'pass'],
    // Twice 0.2 % a day over one epoch of 72 minutes is 0.02 %.
    ['growth within twice the posted yield', { liveAlphaRao: 1_000n * TAO + 200_000_000n }, 'pass'],
    ['more growth than that', { liveAlphaRao: 1_000n * TAO + 200_000_003n }, 'warn'],
    ['growth above 2 %', { liveAlphaRao: 1_020n * TAO + 3n }, 'fail'],
    [
      'growth of 1 % over a day without a posted yield',
      { liveAlphaRao: 1_010n * TAO, dailyYield: null, elapsedSeconds: 86_400 },
      'pass',
    ],
    ['a vanished position', { liveAlphaRao: null }, 'fail'],
    ['a vanished position that was sold', { liveAlphaRao: null, eventAlphaRao: [-1_000n * TAO] }, 'pass'],
    ['a position out of nowhere', { storedAlphaRao: null, liveAlphaRao: TAO }, 'fail'],
    ['a position that was bought', { storedAlphaRao: null, liveAlphaRao: TAO, eventAlphaRao: [TAO] }, 'pass'],
  ])('judges %s', (_, change, severity) => {
    expect(checkAlpha(pair(change)).severity).toBe(severity);
  });

  it('carries what it compared as evidence', () => {
    expect(checkAlpha(pair({ liveAlphaRao: 999n * TAO }))).toMatchObject({
      check: 'R1',
      subject: 'own/validator/7',
      expected: '1000000000000',
      actual: '999000000000',
      difference: '-1000000000',
      tolerance: '2',
      unit: 'rao',
    });
  });
});

describe('value checks R2, R3, R4', () => {
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

  it('adds stake rows up to the account: a rao per row at one block, price drift at different ones', () => {
    const total = (accountStakedRao: bigint, sameBlock = true) =>
      checkStakedTotal({ coldkey: 'own', rowValuesRao: [5n * TAO, 5n * TAO], accountStakedRao, sameBlock });
    expect(total(10n * TAO + 2n)).toMatchObject({ check: 'R4', severity: 'pass' });
    expect(total(10n * TAO + 20n)).toMatchObject({ check: 'R4', severity: 'warn' });
    expect(total(10n * TAO + 21n)).toMatchObject({ check: 'R4', severity: 'fail' });
    expect(total(10n * TAO + 21n, false)).toMatchObject({ check: 'R3', severity: 'pass' });
  });
});

describe('identities R5, R6, R7, R11, R13', () => {
  it('take an account that adds up and no other', () => {
    const account = {
      coldkey: 'own',
      freeRao: 868_823_006_715_716n,
      reservedRao: 0n,
      stakedRao: 4_119_797n,
      stakedAlphaAsTaoRao: 4_119_797n,
      stakedRootRao: 0n,
      liquidityRao: 0n,
      totalRao: 868_823_010_835_513n,
    };
    expect(checkAccountIdentity(account).map((each) => each.severity)).toEqual(['pass', 'pass']);
    const off = { ...account, totalRao: account.totalRao + 1n, stakedRootRao: 1n };
    expect(checkAccountIdentity(off).map((each) => each.severity)).toEqual(['fail', 'fail']);
  });

  it('leave room for extrinsic fees in cash, for truncation in alpha, for rounding in earnings and lots', () => {
    const cash = (unexplainedRao: bigint) => checkCash({ label: '2026-01-01', unexplainedRao }).severity;
    expect([cash(-5_000n), cash(-119_714n), cash(-5_000_001n)]).toEqual(['pass', 'warn', 'fail']);
    const alpha = (residualAlphaRao: bigint) =>
      checkAlphaLedger({ subject: 'SN7', residualAlphaRao, eventCount: 2 }).severity;
    expect([alpha(10n ** 15n), alpha(-2n), alpha(-3n)]).toEqual(['pass', 'pass', 'fail']);
    const closure = (roundingRao: bigint) =>
      checkEarningsClosure({ subject: 'SN7', roundingRao, eventCount: 1 }).severity;
    expect([closure(10n), closure(11n)]).toEqual(['pass', 'fail']);
    const basis = (realisedRao: bigint) =>
      checkCostBasis({
        subject: 'SN7',
        realisedRao,
        unrealisedRao: 450_000_000n,
        yieldRao: 0n,
        valueRao: 1_200_000_000n,
        moneyOutRao: 3n * TAO,
        moneyInRao: 3n * TAO,
        lotCount: 1,
      }).severity;
    // Taking the net invested TAO for the cost counts realised gains twice: 1.95 instead of 1.2.
    expect([basis(750_000_000n), basis(1_500_000_000n)]).toEqual(['pass', 'fail']);
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

describe('R10, a pool row with itself', () => {
  const consistent: PoolIdentityRow = {
    pool: { ...POOL, taoReserveRao: 1_000n * TAO, alphaReserveRao: 100_000n * TAO, price: '0.01' },
    alphaStakedRao: 300_000n * TAO,
    marketCap: '4000000000000',
    liquidity: '2000000000000',
    protocolTaoRao: 1_000n * TAO,
    userTaoRao: 0n,
    protocolAlphaRao: 100_000n * TAO,
    userAlphaRao: 0n,
  };
  const found = (change: Partial<PoolIdentityRow>, pool: Partial<PoolReserves> = {}): string[] =>
    checkPool({ ...consistent, ...change, pool: { ...consistent.pool, ...pool } })
      .filter((each) => each.severity !== 'pass')
      .map((each) => `${each.severity}: ${each.reason}`);

  it('passes when everything agrees', () => {
    expect(found({})).toEqual([]);
    expect(
      found({ marketCap: null, liquidity: null, alphaStakedRao: null, protocolTaoRao: null, userAlphaRao: null }),
    ).toEqual([]);
  });

  it.each<[string, Partial<PoolIdentityRow>, Partial<PoolReserves>]>([
    [
      'fail: market cap = price * (pool alpha + staked alpha)',
      { marketCap: '9000000000000000' },
      { price: '0.010000000000' },
    ],
    ['fail: liquidity = TAO + price * pool alpha', { liquidity: '1' }, {}],
    ['fail: protocol + user = total TAO', { userTaoRao: 1n }, {}],
    ['fail: protocol + user = total alpha', { userAlphaRao: 1n }, {}],
    ['fail: the price is positive', {}, { price: '0' }],
    ['fail: the price is positive', {}, { price: null }],
    ['fail: root costs 1', {}, { netuid: 0, price: '5.15' }],
    ['warn: the fee is 33/65535', {}, { feeRate: '0.15259021896696421759' }],
  ])('finds %s', (finding, change, pool) => {
    expect(found(change, pool)).toContain(finding);
  });

  it('warns of unusual weights and of a reserve below the minimum, and leaves start-up pools alone', () => {
    expect(found({ marketCap: null, liquidity: null }, { price: '0.01010000' })).toEqual([
      'warn: the TAO weight is a half',
    ]);
    expect(found({ marketCap: null, liquidity: null, protocolTaoRao: null }, { taoReserveRao: 999_999n })).toContain(
      'warn: the TAO reserve reaches the minimum',
    );
    expect(found({}, { startup: true, price: null })).toEqual([]);
    expect(found({}, { netuid: 0, price: '1' })).toEqual([]);
  });
});

describe('R12, completeness', () => {
  const coverage = {
    source: 'positions',
    pagesFetched: 3,
    totalPages: 3,
    rowCount: 127,
    distinctKeyCount: 127,
    rejectedCount: 0,
  };

  it('wants every page, every key once and no row refused', () => {
    const severities = (change: Partial<typeof coverage>) =>
      checkCoverage({ ...coverage, ...change }).map((each) => each.severity);
    expect(severities({})).toEqual(['pass', 'pass', 'pass']);
    expect(severities({ pagesFetched: 2 })).toEqual(['fail', 'pass', 'pass']);
    expect(severities({ distinctKeyCount: 126 })).toEqual(['pass', 'fail', 'pass']);
    expect(severities({ rejectedCount: 1 })).toEqual(['pass', 'pass', 'fail']);
    expect(checkCoverage({ ...coverage, totalPages: null })).toHaveLength(2);
  });

  it('does not compare readings more than 300 blocks apart', () => {
    const gap = (stakeBlock: number) => checkBlockGap({ subject: 'own', accountBlock: 1_000, stakeBlock }).severity;
    expect([gap(1_300), gap(700), gap(1_301)]).toEqual(['pass', 'pass', 'fail']);
  });
});

describe('verdict of a run', () => {
  const check = (id: CheckId, severity: Severity): CheckResult => ({ ...skipped(id, 'x', 'y'), severity });

  it.each<[string, CheckResult[]]>([
    ['pass', [check('R1', 'pass'), check('R3', 'pass'), check('R9', 'skipped')]],
    ['pass', [check('R1', 'warn')]],
    ['drift', [check('R1', 'pass'), check('R3', 'warn')]],
    ['drift', [check('R8', 'fail')]],
    ['drift', [check('R10', 'warn')]],
    ['break', [check('R3', 'fail'), check('R1', 'fail')]],
    ['break', [check('R10', 'fail')]],
    ['incomplete', [check('R1', 'fail'), check('R12', 'fail')]],
    ['incomplete', [check('R1', 'skipped')]],
    ['incomplete', []],
  ])('is %s', (verdict, results) => {
    expect(judgeReconciliation(results).verdict).toBe(verdict);
  });

  it('counts per check, puts failures first and stops relying on quotes when the curve no longer fits', () => {
    const report = judgeReconciliation([
      check('R3', 'warn'),
      check('R9', 'fail'),
      check('R3', 'pass'),
      check('R7', 'skipped'),
    ]);
    expect(report.checks).toEqual([
      { check: 'R3', passed: 1, warned: 1, failed: 0, skipped: 0 },
      { check: 'R7', passed: 0, warned: 0, failed: 0, skipped: 1 },
      { check: 'R9', passed: 0, warned: 0, failed: 1, skipped: 0 },
    ]);
    expect(report.evidence.map((each) => each.check)).toEqual(['R9', 'R3', 'R7']);
    expect(report.quotesUnreliable).toBe(true);
    expect(judgeReconciliation([check('R1', 'fail')]).quotesUnreliable).toBe(false);
    expect(CHECK_IDS).toHaveLength(13);
  });
});
