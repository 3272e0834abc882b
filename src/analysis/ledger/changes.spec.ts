import fc from 'fast-check';
import { computeCashStatement, computePortfolioEarnings, type CashEvent } from './cash';
import { explainChanges } from './changes';
import { computeEarnings, type KnownEarnings } from './earnings';
import type { LedgerEvent, LedgerKind } from './ledger-event';

const TAO = 10n ** 9n;
const WINDOW = { fromBlock: 0, toBlock: 100 };
const OWN = new Set(['own']);

function event(
  kind: LedgerKind,
  netuid: number,
  amounts: { alphaRao: bigint; taoRao: bigint; spotValueRao?: bigint },
): LedgerEvent {
  const incoming = kind === 'buy' || kind === 'transfer_in';
  return {
    id: `${kind}-${netuid}-${amounts.alphaRao}-${amounts.taoRao}`,
    blockNumber: 5,
    netuid,
    generation: 1,
    coldkey: 'own',
    hotkey: 'validator',
    kind,
    alphaRao: incoming ? amounts.alphaRao : -amounts.alphaRao,
    taoRao: amounts.taoRao,
    spotValueRao: amounts.spotValueRao ?? amounts.taoRao,
    feeTaoRao: 0n,
    estimated: false,
  };
}

interface Marks {
  netuid: number;
  q0: bigint;
  q1: bigint;
  p0: string;
  p1: string;
}

function changesOf(
  marks: Marks[],
  events: LedgerEvent[],
  cash: { free0: bigint; free1: bigint; transfers: CashEvent[] },
) {
  const subnets = marks.map((mark) =>
    computeEarnings({
      netuid: mark.netuid,
      generation: 1,
      window: WINDOW,
      start: { alphaRao: mark.q0, price: mark.p0 },
      end: { alphaRao: mark.q1, price: mark.p1 },
      events: events.filter((each) => each.netuid === mark.netuid),
    }),
  );
  const statement = computeCashStatement({
    window: WINDOW,
    freeStartRao: cash.free0,
    freeEndRao: cash.free1,
    events,
    transfers: cash.transfers,
    ownColdkeys: OWN,
  });
  const portfolio = computePortfolioEarnings({ subnets, cash: statement, freeStartRao: cash.free0 });
  const known = subnets.filter((each): each is KnownEarnings => each.state === 'known');
  return explainChanges({ portfolio, subnets: known, cash: statement });
}

const transfer = (direction: 'in' | 'out', amountRao: bigint): CashEvent => ({
  kind: direction === 'in' ? 'deposit' : 'withdrawal',
  row: {
    id: `${direction}${amountRao}`,
    blockNumber: 5,
    from: direction === 'in' ? 'stranger' : 'own',
    to: direction === 'in' ? 'own' : 'stranger',
    amountRao,
    feeRao: 7n,
    extrinsicId: null,
  },
});

describe('what changed', () => {
  it('names each cause once, largest first, in whole sentences', () => {
    const buy = event('buy', 7, { alphaRao: 50n * TAO, taoRao: 1_200_000_000n, spotValueRao: 1_100_000_000n });
    const marks = [{ netuid: 7, q0: 100n * TAO, q1: 155n * TAO, p0: '0.02', p1: '0.03' }];
    const changes = changesOf(marks, [buy], {
      free0: 2n * TAO,
      free1: 3_800_000_000n - 1_000n,
      transfers: [transfer('in', 3n * TAO)],
    });
    expect(changes).toMatchObject({ fromRao: 4n * TAO, toRao: 8_449_999_000n, complete: true });
    expect(changes.lines.map((line) => line.text)).toEqual([
      'TAO received from outside: +3.000000000 TAO',
      'SN7 price: +1.400000000 TAO',
      'SN7 emission: +0.150000000 TAO',
      'SN7 trading cost (fee and price impact): -0.100000000 TAO',
      'free TAO that no event explains (usually extrinsic fees): -0.000001000 TAO',
    ]);
  });

  it('keeps the sum right, and says so, when money went into positions that have no statement', () => {
    const known = [{ netuid: 7, q0: 0n, q1: 0n, p0: '1', p1: '1' }];
    const elsewhere = event('buy', 9, { alphaRao: TAO, taoRao: 2n * TAO });
    const changes = changesOf(known, [elsewhere], { free0: 5n * TAO, free1: 3n * TAO, transfers: [] });
    expect(changes.lines).toMatchObject([{ cause: 'unvalued_positions', rao: -2n * TAO }]);
    expect(changes.toRao).toBe(3n * TAO);
  });

  it('adds up to the difference on 10,000 random treasuries', () => {
    const rao = fc.bigInt(0n, 10n ** 14n);
    const price = fc.bigInt(1n, 10n ** 12n - 1n).map((digits) => `0.${digits.toString().padStart(12, '0')}`);
    const marks = fc.array(fc.record({ q0: rao, q1: rao, p0: price, p1: price }), { minLength: 1, maxLength: 3 });
    const kinds = fc.constantFrom<LedgerKind>('buy', 'sell', 'transfer_in', 'transfer_out', 'dissolution');
    const events = fc.array(fc.tuple(kinds, fc.integer({ min: 0, max: 4 }), rao, rao, rao), { maxLength: 8 });
    const transfers = fc.array(fc.tuple(fc.constantFrom('in' as const, 'out' as const), rao), { maxLength: 4 });
    fc.assert(
      fc.property(marks, events, transfers, fc.tuple(rao, rao), (each, moves, outside, [free0, free1]) => {
        const changes = changesOf(
          each.map((mark, netuid) => ({ ...mark, netuid })),
          moves.map(([kind, netuid, alphaRao, taoRao, spotValueRao]) => {
            const isTrade = kind === 'buy' || kind === 'sell';
            return event(kind, netuid, { alphaRao, taoRao, spotValueRao: isTrade ? spotValueRao : taoRao });
          }),
          { free0, free1, transfers: outside.map(([direction, amountRao]) => transfer(direction, amountRao)) },
        );
        expect(changes.lines.reduce((sum, line) => sum + line.rao, changes.fromRao)).toBe(changes.toRao);
      }),
      { numRuns: 10_000 },
    );
  });
});
