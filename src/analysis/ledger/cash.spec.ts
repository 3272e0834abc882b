import fc from 'fast-check';
import {
  classifyTransfers,
  computeCashStatement,
  computePortfolioEarnings,
  type CashKind,
  type TransferRow,
} from './cash';
import { computeEarnings, type Earnings } from './earnings';
import type { LedgerEvent, LedgerKind } from './ledger-event';

const OWN = new Set(['own', 'second own']);
const WINDOW = { fromBlock: 0, toBlock: 100 };

function transfer(change: Partial<TransferRow>): TransferRow {
  return {
    id: 'finney-5-1',
    blockNumber: 5,
    from: 'own',
    to: 'stranger',
    amountRao: 100n,
    feeRao: 3n,
    extrinsicId: '5-1',
    ...change,
  };
}
function trade(kind: LedgerKind, taoRao: bigint, alphaRao: bigint, id: string): LedgerEvent {
  const incoming = kind === 'buy' || kind === 'transfer_in';
  return {
    id,
    blockNumber: 5,
    netuid: 7,
    generation: 1,
    coldkey: 'own',
    hotkey: 'validator',
    kind,
    alphaRao: incoming ? alphaRao : -alphaRao,
    taoRao,
    spotValueRao: taoRao,
    feeTaoRao: 0n,
    estimated: false,
  };
}
const kindsOf = (
  rows: TransferRow[],
  events: LedgerEvent[] = [],
  extrinsicOf = new Map<string, string>(),
): CashKind[] => classifyTransfers(rows, { ownColdkeys: OWN, events, extrinsicOf }).map((event) => event.kind);

describe('transfers of free TAO', () => {
  it('tells deposits, withdrawals and transfers between own coldkeys, and leaves out what touches neither', () => {
    const rows = [
      transfer({ id: '1', from: 'stranger', to: 'own' }),
      transfer({ id: '2' }),
      transfer({ id: '3', to: 'second own' }),
      transfer({ id: '4', from: 'stranger', to: 'other stranger' }),
      transfer({ id: '2' }),
    ];
    expect(kindsOf(rows)).toEqual(['deposit', 'withdrawal', 'own_transfer']);
  });

  it('takes 0.3 % that leaves in the extrinsic of a trade for the fee of a front-end, not for a withdrawal', () => {
    // Recorded: 2,376,120 rao against a trade of 791,686,628 rao.
    const extrinsicOf = new Map([['trade', '5-1']]);
    const events = [trade('buy', 791_686_628n, 1n, 'trade')];
    expect(kindsOf([transfer({ amountRao: 2_376_120n })], events, extrinsicOf)).toEqual(['front_end_fee']);
    expect(kindsOf([transfer({ amountRao: 2_376_120n, extrinsicId: '6-1' })], events, extrinsicOf)).toEqual([
      'withdrawal',
    ]);
    expect(kindsOf([transfer({ amountRao: 200_000_000n })], events, extrinsicOf)).toEqual(['withdrawal']);
  });
});

describe('cash and portfolio', () => {
  it('explains free TAO by rows and shows the rest as unexplained', () => {
    const transfers = classifyTransfers(
      [transfer({ id: '1', from: 'x', to: 'own', amountRao: 1_000n }), transfer({ id: '2' })],
      {
        ownColdkeys: OWN,
        events: [],
        extrinsicOf: new Map(),
      },
    );
    const events = [trade('sell', 500n, 5n, 's'), trade('buy', 200n, 2n, 'b'), trade('dissolution', 40n, 9n, 'd')];
    const cash = computeCashStatement({
      window: WINDOW,
      freeStartRao: 0n,
      freeEndRao: 1_230n,
      events,
      transfers,
      ownColdkeys: OWN,
    });
    expect(cash).toEqual({
      deltaRao: 1_230n,
      depositsRao: 1_000n,
      withdrawalsRao: 100n,
      salesRao: 500n,
      purchasesRao: 200n,
      payoutsRao: 40n,
      transferFeesRao: 3n,
      frontEndFeesRao: 0n,
      ownTransfersRao: 0n,
      unexplainedRao: -7n,
    });
  });

  it('tells what came from other own wallets and went to them apart from what nothing explains', () => {
    const rows = [
      transfer({ id: '1', to: 'second own', amountRao: 70n, feeRao: 0n }),
      transfer({ id: '2', from: 'second own', to: 'own', amountRao: 20n, feeRao: 0n }),
    ];
    const transfers = classifyTransfers(rows, { ownColdkeys: OWN, events: [], extrinsicOf: new Map() });
    const of = (...wallets: string[]): bigint =>
      computeCashStatement({
        window: WINDOW,
        freeStartRao: 0n,
        freeEndRao: 0n,
        events: [],
        transfers,
        ownColdkeys: new Set(wallets),
      }).ownTransfersRao;
    expect([of('own'), of('second own'), of('own', 'second own')]).toEqual([-50n, 50n, 0n]);
  });

  it('closes for the whole treasury on random months: the change of value is flows plus earnings, and nothing is left', () => {
    const rao = fc.bigInt(0n, 10n ** 14n);
    const trades = fc.array(
      fc.tuple(fc.constantFrom<LedgerKind>('buy', 'sell', 'transfer_in', 'transfer_out', 'dissolution'), rao, rao),
      { maxLength: 10 },
    );
    const transfers = fc.array(fc.tuple(fc.constantFrom('in', 'out', 'own'), rao), { maxLength: 6 });
    const marks = fc.tuple(rao, rao, fc.bigInt(1n, 10n ** 12n));
    fc.assert(
      fc.property(
        trades,
        transfers,
        marks,
        fc.tuple(rao, rao),
        (moves, cashMoves, [q0, q1, digits], [free0, free1]) => {
          const events = moves.map(([kind, taoRao, alphaRao], index) => trade(kind, taoRao, alphaRao, `e${index}`));
          const price = `0.${digits.toString().padStart(12, '0')}`;
          const statement: Earnings = computeEarnings({
            netuid: 7,
            generation: 1,
            window: WINDOW,
            start: { alphaRao: q0, price },
            end: { alphaRao: q1, price: '0.123456789' },
            events,
          });
          const rows = cashMoves.map(([direction, amountRao], index) =>
            transfer({
              id: `t${index}`,
              amountRao,
              from: direction === 'in' ? 'stranger' : 'own',
              to: direction === 'out' ? 'stranger' : direction === 'own' ? 'second own' : 'own',
            }),
          );
          const classified = classifyTransfers(rows, { ownColdkeys: OWN, events, extrinsicOf: new Map() });
          const cash = computeCashStatement({
            window: WINDOW,
            freeStartRao: free0,
            freeEndRao: free1,
            events,
            transfers: classified,
            ownColdkeys: OWN,
          });
          const whole = computePortfolioEarnings({ subnets: [statement], cash, freeStartRao: free0 });
          expect(whole.earningsRao).toBe(whole.navEndRao - whole.navStartRao - whole.externalFlowsRao);
          expect(whole.earningsRao).toBe(
            whole.stake.priceRao +
              whole.stake.yieldRao -
              whole.stake.costRao -
              whole.cashCostRao +
              whole.unexplainedRao,
          );
        },
      ),
      { numRuns: 10_000 },
    );
  });

  it('names the subnets that it could not count', () => {
    const unknown = { state: 'unknown', netuid: 9, generation: 1, reason: 'no snapshot' } as const;
    const cash = computeCashStatement({
      window: WINDOW,
      freeStartRao: 5n,
      freeEndRao: 5n,
      events: [],
      transfers: [],
      ownColdkeys: OWN,
    });
    expect(computePortfolioEarnings({ subnets: [unknown], cash, freeStartRao: 5n })).toMatchObject({
      unknown: [unknown],
      earningsRao: 0n,
      navEndRao: 5n,
    });
  });
});
