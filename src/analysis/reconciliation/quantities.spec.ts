import type { Severity } from './check';
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

const TAO = 10n ** 9n;

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

describe('R4, stake rows against the account', () => {
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
