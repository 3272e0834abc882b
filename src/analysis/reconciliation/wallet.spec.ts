import type { Severity } from './check';
import { checkAlphas, checkLiveWallet, checkStoredWallet, type StakeReading, type WalletReading } from './wallet';

const AT = new Date('2026-11-01T00:00:00Z');
const NO_EVIDENCE = { events: null, dailyYields: new Map<string, string>() };

const on = (netuid: number, hotkey: string | null, rao: bigint): StakeReading => ({
  hotkey,
  netuid,
  alphaRao: rao,
  valueRao: rao,
  blockNumber: 100,
  at: AT,
});

/** A wallet with `rootRao` on root by its account, 7 on a subnet, and these rows on root. */
function reading(rootRao: bigint, rows: StakeReading[], listsRoot = rows.some(({ hotkey }) => hotkey !== null)) {
  const account = { coldkey: 'own', freeRao: 0n, reservedRao: 0n, stakedAlphaAsTaoRao: 7n, liquidityRao: 0n };
  const staked = { stakedRootRao: rootRao, stakedRao: 7n + rootRao, totalRao: 7n + rootRao };
  const stake = [on(1, 'validator', 7n), ...rows];
  const whole: WalletReading = {
    coldkey: 'own',
    stake,
    account: { ...account, ...staked },
    listsRoot,
    blockNumber: 100,
    at: AT,
  };
  return whole;
}

const together = (rao: bigint): StakeReading[] => [on(0, null, rao)];
const listed = (...rao: bigint[]): StakeReading[] => rao.map((each, index) => on(0, `validator-${index}`, each));

describe('R1 of root stake', () => {
  it.each<[string, WalletReading, WalletReading, Record<string, Severity>]>([
    ['none on either side', reading(0n, []), reading(0n, []), {}],
    [
      'listed twice',
      reading(90n, listed(40n, 50n)),
      reading(90n, listed(40n, 50n)),
      { 'validator-0/0': 'pass', 'validator-1/0': 'pass' },
    ],
    ['listed, and gone', reading(90n, listed(90n)), reading(0n, []), { 'validator-0/0': 'fail' }],
    [
      'one figure, and rows that are that',
      reading(90n, together(90n)),
      reading(90n, listed(40n, 50n), false),
      { root: 'pass' },
    ],
    ['one figure, and rows of less', reading(90n, together(90n)), reading(50n, listed(50n), false), { root: 'fail' }],
    ['one figure, and gone', reading(90n, together(90n)), reading(0n, []), { root: 'fail' }],
    ['nothing, and one figure', reading(0n, []), reading(90n, together(90n)), { root: 'fail' }],
    ['the same figure twice', reading(90n, together(90n)), reading(90n, together(90n)), { root: 'pass' }],
    ['rows, and the figure of them', reading(90n, listed(40n, 50n)), reading(90n, together(90n)), { root: 'pass' }],
    [
      'one figure where the account lists rows now',
      reading(90n, together(90n)),
      reading(90n, listed(90n)),
      { 'validator-0/0': 'fail' },
    ],
  ])('judges %s', (_, stored, live, expected) => {
    const found = checkAlphas({ stored, live }, NO_EVIDENCE).filter(({ subject }) => !subject.endsWith('/1'));
    expect(Object.fromEntries(found.map(({ subject, severity }) => [subject.slice('own/'.length), severity]))).toEqual(
      expected,
    );
  });
});

describe('root stake that an account counts and does not list', () => {
  const severities = (results: { severity: Severity }[]): Severity[] => [
    ...new Set(results.map((each) => each.severity)),
  ];

  it('is part of the stake, of what is stored and of a second reading that is an account', () => {
    expect(severities(checkStoredWallet(reading(90n, together(90n))))).toEqual(['pass']);
    expect(severities(checkLiveWallet(reading(90n, together(90n))))).toEqual(['pass']);
  });

  it('is missing from stake balances that do not have it', () => {
    expect(severities(checkLiveWallet(reading(90n, [], false)))).toContain('fail');
  });
});
