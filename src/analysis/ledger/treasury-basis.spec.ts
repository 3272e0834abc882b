import fc from 'fast-check';
import { exact, ratioText } from '../exact';
import { positionKey } from './basis-steps';
import type { DayMark } from './emission-lots';
import type { LedgerEvent } from './ledger-event';
import { type BasisInput, computeCostBasis, type PositionBasis } from './treasury-basis';
import type { WalletBoundary } from './wallet-boundary';
import type { TreasuryLedger } from './wallet-earnings';

const TAO = 10n ** 9n;
const WALLETS = ['a', 'b'] as const;
const CLOSE = 10_000;
const SUBNET = { netuid: 7, generation: 1 };

let ids = 0;
function event(figures: Partial<LedgerEvent>): LedgerEvent {
  return {
    id: `e${(ids += 1)}`,
    blockNumber: 1,
    ...SUBNET,
    coldkey: 'a',
    hotkey: 'h',
    kind: 'buy',
    alphaRao: 0n,
    taoRao: 0n,
    spotValueRao: 0n,
    feeTaoRao: 0n,
    estimated: false,
    ...figures,
  };
}

const buy = (blockNumber: number, alpha: bigint, tao: bigint, coldkey = 'a'): LedgerEvent =>
  event({ blockNumber, coldkey, alphaRao: alpha, taoRao: tao });
const sell = (blockNumber: number, alpha: bigint, tao: bigint, coldkey = 'a'): LedgerEvent =>
  event({ blockNumber, coldkey, kind: 'sell', alphaRao: -alpha, taoRao: tao });
const sent = (blockNumber: number, alpha: bigint, from = 'a', to = 'b'): LedgerEvent =>
  event({ blockNumber, coldkey: from, counterparty: to, kind: 'own_transfer', alphaRao: -alpha });
const received = (blockNumber: number, alpha: bigint, from = 'a', to = 'b'): LedgerEvent =>
  event({ blockNumber, coldkey: to, counterparty: from, kind: 'own_transfer', alphaRao: alpha });

function boundary(alphaRao: bigint, valueRao: bigint): WalletBoundary {
  const price = alphaRao === 0n ? null : ratioText(exact(valueRao).div(exact(alphaRao)), 40);
  const holding = { ...SUBNET, mark: { alphaRao, price } };
  return {
    at: new Date(0),
    blockNumber: CLOSE,
    cashRao: 0n,
    holdings: alphaRao === 0n ? new Map() : new Map([['7/1', holding]]),
    absentIsZero: true,
  };
}

interface Closing {
  alpha: bigint;
  value: bigint;
}

function basis(
  events: readonly LedgerEvent[],
  closing: Record<string, Closing>,
  options: Partial<Omit<BasisInput, 'ledger' | 'closings'>> & { ledger?: Partial<TreasuryLedger> } = {},
): Map<string, PositionBasis> {
  const ledger: TreasuryLedger = {
    ownColdkeys: new Set(WALLETS),
    events,
    extrinsicOf: new Map(),
    transfers: [],
    rejected: [],
    whole: new Set(WALLETS),
    ...options.ledger,
  };
  const closings = new Map(
    WALLETS.map((wallet) => {
      const { alpha = 0n, value = 0n } = closing[wallet] ?? {};
      return [wallet, { boundary: boundary(alpha, value), reason: '', doubts: [] }];
    }),
  );
  const { method = 'fifo', emission = 'gain', marks = new Map<string, DayMark[]>() } = options;
  return new Map(
    computeCostBasis({ ledger, closings, marks, method, emission }).map((position) => [position.coldkey, position]),
  );
}

describe('cost basis of several wallets', () => {
  it('sends lots along with stake between own wallets: nothing is realised, and their age goes with them', () => {
    const events = [
      buy(10, 100n * TAO, 1n * TAO),
      buy(20, 100n * TAO, 5n * TAO, 'b'),
      sent(30, 60n * TAO),
      received(30, 60n * TAO),
      sell(40, 60n * TAO, 3n * TAO, 'b'),
    ];
    const found = basis(events, { a: { alpha: 40n * TAO, value: TAO }, b: { alpha: 100n * TAO, value: 2n * TAO } });
    expect(found.get('a')?.figures).toMatchObject({
      realisedRao: 0n,
      costRao: 400_000_000n,
      carriedOutRao: 600_000_000n,
      basisComplete: true,
      closureRao: 0n,
    });
    // The 60 that came from the first wallet are older than the 100 that were bought here, so they are sold first.
    expect(found.get('b')?.figures).toMatchObject({
      realisedRao: 2_400_000_000n,
      costRao: 5n * TAO,
      carriedInRao: 600_000_000n,
      basisComplete: true,
      closureRao: 0n,
    });
  });

  it.each([
    ['both sides', [sent(30, 60n), received(30, 60n)]],
    ['the sender', [sent(30, 60n)]],
    ['the receiver', [received(30, 60n)]],
    ['both sides, the receiver first', [received(30, 60n), sent(30, 60n)]],
  ])('books a transfer once when upstream shows it on %s', (_, rows) => {
    const found = basis([buy(10, 100n, 50n), ...rows], { a: { alpha: 40n, value: 9n }, b: { alpha: 60n, value: 9n } });
    expect(found.get('a')?.figures).toMatchObject({ costRao: 20n, carriedOutRao: 30n, basisComplete: true });
    expect(found.get('b')?.figures).toMatchObject({ costRao: 30n, carriedInRao: 30n, basisComplete: true });
  });

  it('books what a wallet sent that has only emission, and no event of its own', () => {
    const found = basis([received(11, 7n), sell(21, 1n, 1n, 'b')], { b: { alpha: 6n, value: 3n } });
    expect(found.get('a')?.figures).toMatchObject({ emissionAlphaRao: 7n, alphaRao: 0n, basisComplete: true });
    expect(found.get('b')?.figures).toMatchObject({ unmatchedAlphaRao: 0n, basisComplete: true, closureRao: 0n });
  });

  it('books equal transfers of one block as often as they happened', () => {
    const rows = [sent(30, 20n), received(30, 20n), sent(30, 20n), received(30, 20n)];
    const found = basis([buy(10, 100n, 50n), ...rows], { a: { alpha: 60n, value: 9n }, b: { alpha: 40n, value: 9n } });
    expect(found.get('b')?.figures).toMatchObject({ costRao: 20n, carriedInRao: 20n });
  });

  it('leaves lots where they are when stake only changes its hotkey', () => {
    const events = [
      buy(10, 100n, 50n),
      event({ blockNumber: 20, kind: 'move', alphaRao: -100n, taoRao: 70n }),
      event({ blockNumber: 20, kind: 'move', alphaRao: 100n, taoRao: 70n, hotkey: 'other' }),
    ];
    const found = basis(events, { a: { alpha: 100n, value: 80n } });
    expect(found.get('a')?.figures).toMatchObject({ costRao: 50n, realisedRao: 0n, unrealisedRao: 30n });
  });

  it('sells emission that no day has shown yet as emission, in a history that is whole', () => {
    const events = [buy(10, 100n, 50n), sell(20, 110n, 88n)];
    expect(basis(events, {}).get('a')?.figures).toMatchObject({
      realisedRao: 38n,
      emissionAlphaRao: 10n,
      unmatchedAlphaRao: 0n,
      basisComplete: true,
    });
    const income = basis(events, {}, { emission: 'income' }).get('a')?.figures;
    expect(income).toMatchObject({ realisedRao: 30n, yieldRao: 8n, closureRao: 0n });
    const since = basis(events, {}, { ledger: { whole: new Set() } }).get('a')?.figures;
    expect(since).toMatchObject({ realisedRao: 38n, unmatchedAlphaRao: 10n, basisComplete: false, closureRao: 0n });
  });

  it('enters emission on the day that shows it, before what is bought later', () => {
    const events = [buy(10, 100n, 100n), buy(30, 100n, 300n), sell(40, 110n, 400n)];
    const mark = { blockNumber: 20, at: new Date(20), alphaRao: 110n, valueRao: 220n };
    const marks = new Map([[positionKey({ coldkey: 'a', ...SUBNET }), [mark]]]);
    const closing = { a: { alpha: 100n, value: 500n } };
    // The 10 of emission are older than the second purchase, so they are sold and it is kept whole.
    expect(basis(events, closing, { marks }).get('a')?.figures).toMatchObject({ realisedRao: 300n, costRao: 300n });
    expect(basis(events, closing, { marks, emission: 'income' }).get('a')?.figures).toMatchObject({
      realisedRao: 280n,
      yieldRao: 20n,
      costRao: 300n,
    });
    expect(basis(events, closing).get('a')?.figures).toMatchObject({ realisedRao: 270n, costRao: 270n });
  });

  it('makes no emission up from a day whose rows were not all there', () => {
    const marks = new Map([
      [
        positionKey({ coldkey: 'a', ...SUBNET }),
        [50n, 120n, 104n].map((alphaRao, index) => ({
          blockNumber: 20 + index,
          at: new Date(0),
          alphaRao,
          valueRao: alphaRao,
        })),
      ],
    ]);
    const found = basis([buy(10, 100n, 100n)], { a: { alpha: 105n, value: 105n } }, { marks, emission: 'income' });
    expect(found.get('a')?.figures).toMatchObject({ emissionAlphaRao: 5n, yieldRao: 5n, basisComplete: true });
  });

  it('is unknown with the payout of a dissolution, and so is what its lots went into', () => {
    const unpaid = event({
      blockNumber: 50,
      kind: 'dissolution',
      alphaRao: -40n,
      taoRao: null,
      unknownBecause: 'no state',
    });
    const found = basis([buy(10, 100n, 50n), sent(30, 60n), unpaid], { b: { alpha: 60n, value: 60n } });
    expect(found.get('a')).toMatchObject({ figures: null });
    expect(found.get('a')?.reason).toContain('the payout of the dissolution at block 50 is not known: no state');
    expect(found.get('b')?.reason).toContain('it received stake of a');
  });

  it('of averages counts transfers as TaoStats does: without cost, whoever they are with', () => {
    const events = [buy(10, 100n, 50n), sent(30, 60n), received(30, 60n)];
    const found = basis(
      events,
      { a: { alpha: 40n, value: 30n }, b: { alpha: 60n, value: 45n } },
      { method: 'average' },
    );
    expect(found.get('a')?.figures).toMatchObject({ costRao: 50n, unrealisedRao: -20n, basisComplete: false });
    expect(found.get('b')?.figures).toMatchObject({ costRao: 0n, unrealisedRao: 45n, basisComplete: false });
  });
});

describe('cost basis of any history', () => {
  const rao = fc.bigInt(1n, 10n ** 12n);
  const act = fc.record({
    kind: fc.constantFrom('buy', 'sell', 'transfer_in', 'transfer_out', 'own', 'emission', 'dissolution' as const),
    wallet: fc.constantFrom(...WALLETS),
    share: fc.integer({ min: 1, max: 100 }),
    alpha: rao,
    tao: rao,
    shown: fc.constantFrom('both', 'sender', 'receiver' as const),
    marked: fc.boolean(),
  });

  it('accounts for every rao of every wallet, and of all together, on 10,000 random histories', () => {
    fc.assert(
      fc.property(fc.array(act, { maxLength: 14 }), fc.constantFrom('gain', 'income' as const), (script, emission) => {
        const held = new Map<string, bigint>(WALLETS.map((wallet) => [wallet, 0n]));
        const marks = new Map<string, DayMark[]>(WALLETS.map((coldkey) => [positionKey({ coldkey, ...SUBNET }), []]));
        const events: LedgerEvent[] = [];
        const add = (wallet: string, alphaRao: bigint): void =>
          void held.set(wallet, (held.get(wallet) ?? 0n) + alphaRao);
        script.forEach(({ kind, wallet, share, alpha, tao, shown, marked }, index) => {
          const blockNumber = 10 * index + 1;
          const part = ((held.get(wallet) ?? 0n) * BigInt(share)) / 100n;
          const other = wallet === 'a' ? 'b' : 'a';
          if (kind === 'emission') add(wallet, alpha);
          else if (kind === 'own') {
            add(wallet, -part);
            add(other, part);
            if (shown !== 'receiver') events.push(sent(blockNumber, part, wallet, other));
            if (shown !== 'sender') events.push(received(blockNumber, part, wallet, other));
          } else {
            const alphaRao = kind === 'buy' || kind === 'transfer_in' ? alpha : -part;
            add(wallet, alphaRao);
            events.push(event({ blockNumber, coldkey: wallet, kind, alphaRao, taoRao: tao }));
          }
          const alphaRao = held.get(wallet) ?? 0n;
          const key = positionKey({ coldkey: wallet, ...SUBNET });
          if (marked) marks.get(key)?.push({ blockNumber, at: new Date(0), alphaRao, valueRao: alphaRao / 3n });
        });
        const closing = Object.fromEntries(
          WALLETS.map((wallet) => [wallet, { alpha: held.get(wallet) ?? 0n, value: (held.get(wallet) ?? 0n) / 2n }]),
        );
        for (const method of ['fifo', 'average'] as const) {
          const found = [...basis(events, closing, { marks, emission, method }).values()].map((each) => each.figures);
          let carriedRao = 0n;
          for (const figures of found) {
            if (figures === null || figures.closureRao !== 0n || figures.costRao < 0n) return false;
            carriedRao += figures.carriedInRao - figures.carriedOutRao;
            if (method === 'average') continue;
            const lotsRao = figures.lots.reduce((sum, lot) => sum + lot.alphaRao, 0n);
            if (lotsRao !== figures.alphaRao || figures.unmatchedAlphaRao !== 0n || !figures.basisComplete)
              return false;
          }
          if (carriedRao !== 0n) return false;
        }
        return true;
      }),
      { numRuns: 10_000 },
    );
  });
});
