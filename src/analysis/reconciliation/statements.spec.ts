import type { CashStatement } from '../ledger/cash';
import type { Earnings, KnownEarnings } from '../ledger/earnings';
import type { LedgerEvent } from '../ledger/ledger-event';
import type { PositionBasis } from '../ledger/treasury-basis';
import type { WalletBoundary } from '../ledger/wallet-boundary';
import { computeWalletEarnings, type WalletEarnings } from '../ledger/wallet-earnings';
import { checkBases, checkStatements, type StatementWindow } from './statements';

const TAO = 10n ** 9n;

function known(change: Partial<KnownEarnings> = {}): KnownEarnings {
  return {
    state: 'known',
    netuid: 7,
    generation: 1,
    window: { fromBlock: 1, toBlock: 7_200 },
    startRao: 0n,
    endRao: 0n,
    flowsRao: 0n,
    transfersRao: 0n,
    earningsRao: 0n,
    priceRao: 0n,
    yieldRao: 0n,
    costRao: 0n,
    feeRao: 0n,
    impactRao: 0n,
    yieldAlphaRao: 5n * TAO,
    eventCount: 0,
    estimated: false,
    roundingRao: 1n,
    ...change,
  };
}

function cash(unexplainedRao: bigint, ownTransfersRao = 0n): CashStatement {
  return {
    deltaRao: unexplainedRao,
    depositsRao: 0n,
    withdrawalsRao: 0n,
    salesRao: 0n,
    purchasesRao: 0n,
    payoutsRao: 0n,
    transferFeesRao: 0n,
    frontEndFeesRao: 0n,
    ownTransfersRao,
    unexplainedRao,
  };
}

function day(wallets: [string, bigint, Earnings[]][], missing: StatementWindow['missing'] = []): StatementWindow {
  return {
    from: new Date('2026-01-01T00:00:00Z'),
    to: new Date('2026-01-02T00:00:00Z'),
    wallets: wallets.map(([wallet, unexplained, subnets]) => ({
      wallet,
      startCashRao: 0n,
      subnets,
      cash: cash(unexplained),
      unpaid: null,
    })),
    missing,
  };
}

/** A wallet's books over some blocks; subnet 7 ended at `endBlock` and paid it five TAO. */
function afterTheEnd(
  endBlock: number,
  { fromBlock, toBlock, startRao, endRao }: { fromBlock: number; toBlock: number; startRao: bigint; endRao: bigint },
): WalletEarnings {
  const state = (blockNumber: number, cashRao: bigint): WalletBoundary => ({
    at: new Date(0),
    blockNumber,
    cashRao,
    holdings: new Map(),
    absentIsZero: true,
  });
  const end: LedgerEvent = {
    id: 'end',
    blockNumber: endBlock,
    netuid: 7,
    generation: 1,
    coldkey: 'own',
    hotkey: '',
    kind: 'dissolution',
    alphaRao: -TAO,
    taoRao: 5n * TAO,
    spotValueRao: 5n * TAO,
    feeTaoRao: 0n,
    estimated: false,
  };
  return computeWalletEarnings(
    'own',
    { start: state(fromBlock, startRao), end: state(toBlock, endRao) },
    {
      ownColdkeys: new Set(['own']),
      events: [end],
      extrinsicOf: new Map(),
      transfers: [],
      rejected: [],
      whole: new Set(),
    },
  );
}

const found = (window: StatementWindow): string[] =>
  checkStatements(window).map(({ check, severity }) => `${check} ${severity}`);

describe('the books of a day', () => {
  it('close when cash, alpha and earnings do', () => {
    expect(found(day([['own', -5_000n, [known()]]]))).toEqual(['R6 pass', 'R7 pass', 'R11 pass']);
    expect(found(day([]))).toEqual([]);
  });

  it('add the cash of all wallets up: what one sent to the other is in neither statement', () => {
    expect(
      found(
        day([
          ['own', -6n * TAO, []],
          ['other', 6n * TAO, []],
        ]),
      ),
    ).toEqual(['R6 pass']);
    expect(found(day([['own', -6n * TAO, []]]))).toEqual(['R6 fail']);
  });

  it('take what went from one wallet to the other for that where only one of them was read late enough to have it', () => {
    const window = day([['own', 0n, []]]);
    const wallets = window.wallets.map((wallet) => ({ ...wallet, cash: cash(-6n * TAO, -6n * TAO) }));
    expect(found({ ...window, wallets })).toEqual(['R6 pass']);
  });

  it('say nothing of the cash while it is not known what an event paid, and name the event', () => {
    const window = day([['own', 5n * TAO, []]]);
    const unpaid = 'what event 9-0 on subnet 7 paid is not known';
    const wallets = window.wallets.map((wallet) => ({ ...wallet, unpaid }));
    expect(checkStatements({ ...window, wallets })).toMatchObject([
      { check: 'R6', severity: 'skipped', reason: `wallet own: ${unpaid}` },
    ]);
  });

  it.each([
    ['in both days around a midnight that the payment may have passed', 6_601, ['R6 skipped', 'R6 skipped']],
    ['but not when it was over by then', 6_600, ['R6 fail', 'R6 fail']],
  ])('say nothing of the cash after a subnet ended, %s', (_, endBlock, expected) => {
    // Five TAO are paid for it, and are there at the end of the second day only.
    const checks = [
      { fromBlock: 0, toBlock: 7_200, startRao: 0n, endRao: 0n },
      { fromBlock: 7_200, toBlock: 14_400, startRao: 0n, endRao: 5n * TAO },
    ].flatMap((days) => checkStatements({ ...day([]), wallets: [afterTheEnd(endBlock, days)] }));
    expect(checks.filter(({ check }) => check === 'R6').map(({ check, severity }) => `${check} ${severity}`)).toEqual(
      expected,
    );
  });

  it('leave room for the extrinsic fees of as many events as there were', () => {
    expect(found(day([['own', -8_000_000n, [known({ eventCount: 4 })]]]))[0]).toBe('R6 fail');
    expect(found(day([['own', -8_000_000n, [known({ eventCount: 8 })]]]))[0]).toBe('R6 warn');
  });

  it('show an event that is missing as alpha below what the events leave', () => {
    expect(found(day([['own', 0n, [known({ yieldAlphaRao: -2n })]]]))[1]).toBe('R7 pass');
    expect(found(day([['own', 0n, [known({ yieldAlphaRao: -3n })]]]))[1]).toBe('R7 fail');
    expect(found(day([['own', 0n, [known({ yieldAlphaRao: -3n, eventCount: 3 })]]]))[1]).toBe('R7 pass');
  });

  it('add the alpha of all wallets up: stake that one sent to the other is gone from the one and new with the other', () => {
    const [gone, arrived] = [known({ yieldAlphaRao: -TAO }), known({ yieldAlphaRao: TAO })];
    expect(
      found(
        day([
          ['own', 0n, [gone]],
          ['other', 0n, [arrived]],
        ]),
      ).filter((each) => each.startsWith('R7')),
    ).toEqual(['R7 pass']);
    expect(
      found(
        day([
          ['own', 0n, [gone]],
          ['other', 0n, [known({ ...arrived, netuid: 8 })]],
        ]),
      ).filter((each) => each.startsWith('R7')),
    ).toEqual(['R7 fail', 'R7 pass']);
  });

  it('do not say that alpha is lost which may be with a wallet that is not known', () => {
    const gone = known({ yieldAlphaRao: -TAO });
    const unknown: Earnings = { state: 'unknown', netuid: 7, generation: 1, reason: 'no state is known' };
    expect(
      found(
        day([
          ['own', 0n, [gone]],
          ['other', 0n, [unknown]],
        ]),
      ),
    ).toContain('R7 skipped');
    expect(found(day([['own', 0n, [gone]]], [{ input: 'wallet other', reason: 'never read' }]))).toContain(
      'R7 skipped',
    );
    expect(
      found(
        day([
          ['own', 0n, [known()]],
          ['other', 0n, [unknown]],
        ]),
      ),
    ).toContain('R7 pass');
  });

  it('prove nothing about what is not known', () => {
    const unknown: Earnings = { state: 'unknown', netuid: 7, generation: 1, reason: 'no state is known' };
    expect(found(day([['own', -TAO, [unknown]]], [{ input: 'wallet other', reason: 'never read' }]))).toEqual([
      'R6 skipped',
      'R7 skipped',
    ]);
  });
});

describe('cost basis, R13', () => {
  const basis = (change: object | null): PositionBasis =>
    ({
      coldkey: 'own',
      netuid: 7,
      generation: 1,
      reason: change === null ? 'an event could not be read' : null,
      figures:
        change === null
          ? null
          : {
              realisedRao: TAO,
              unrealisedRao: 0n,
              yieldRao: 200_000_000n,
              valueRao: 1_200_000_000n,
              inRao: 3n * TAO,
              outRao: 3n * TAO,
              carriedInRao: 0n,
              carriedOutRao: 0n,
              lots: [{ id: 'a' }],
              ...change,
            },
    }) as unknown as PositionBasis;
  const severities = (...bases: PositionBasis[]): string[] => checkBases(bases).map(({ severity }) => severity);

  it('is the value and the money that moved, lots of own wallets at their cost', () => {
    expect(severities(basis({}), basis({ realisedRao: TAO + 2n }), basis(null))).toEqual(['pass', 'fail', 'skipped']);
    expect(severities(basis({ carriedInRao: TAO, valueRao: 2_200_000_000n }))).toEqual(['pass']);
    expect(severities(basis({ carriedOutRao: TAO, valueRao: 200_000_000n }))).toEqual(['pass']);
  });
});
