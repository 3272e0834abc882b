import fc from 'fast-check';
import { computeAverageCost } from './average-cost';
import { toBasisEntries, type BasisEntry, type BasisResult, type ClosingMark } from './basis-entry';
import { computeFifo } from './fifo';

const TAO = 10n ** 9n;
const entry = (kind: BasisEntry['kind'], alpha: bigint, tao: bigint, id: string = kind): BasisEntry => ({
  id,
  kind,
  alphaRao: alpha * TAO,
  taoRao: tao,
});

/** Buy 100 alpha for 1 TAO, 100 for 2, earn 10, sell 150 for 3; the price is 0.02 at the end. */
const WORKED = [
  entry('buy', 100n, 1n * TAO, 'first'),
  entry('buy', 100n, 2n * TAO, 'second'),
  entry('emission', 10n, 0n),
  entry('sell', 150n, 3n * TAO),
];
const CLOSING: ClosingMark = { alphaRao: 60n * TAO, valueRao: 1_200_000_000n };
const total = (result: BasisResult): bigint => result.realisedRao + result.unrealisedRao + result.yieldRao;

describe('first in, first out', () => {
  it('gains 1.0 realised, nothing unrealised and 0.2 of yield in the worked example', () => {
    const result = computeFifo(WORKED, CLOSING, { emission: 'gain' });
    expect(result).toMatchObject({
      realisedRao: TAO,
      unrealisedRao: 0n,
      yieldRao: 200_000_000n,
      costRao: TAO,
      basisComplete: true,
    });
    expect(total(result)).toBe(1_200_000_000n);
  });

  it('takes emission as income at its value when it accrues in the income view', () => {
    const entries = WORKED.map((each) => (each.kind === 'emission' ? { ...each, taoRao: 150_000_000n } : each));
    const result = computeFifo(entries, CLOSING, { emission: 'income' });
    expect(result).toMatchObject({ yieldRao: 150_000_000n, realisedRao: TAO, unrealisedRao: 50_000_000n });
    expect(total(result)).toBe(1_200_000_000n);
  });

  it('books a dissolution at its payout: cost 8, payout 5, realised -3', () => {
    const result = computeFifo(
      [entry('buy', 1_000n, 8n * TAO), entry('dissolution', 1_000n, 5n * TAO)],
      { alphaRao: 0n, valueRao: 0n },
      {
        emission: 'gain',
      },
    );
    expect(result).toMatchObject({
      realisedRao: -3n * TAO,
      unrealisedRao: 0n,
      costRao: 0n,
      lots: [],
      basisComplete: true,
    });
  });

  it('keeps realised history when a position is left and entered again', () => {
    const entries = [
      entry('buy', 10n, 1n * TAO, 'first'),
      entry('sell', 10n, 3n * TAO, 'out'),
      entry('buy', 5n, 4n * TAO, 'again'),
    ];
    const result = computeFifo(entries, { alphaRao: 5n * TAO, valueRao: 4n * TAO }, { emission: 'gain' });
    expect(result).toMatchObject({ realisedRao: 2n * TAO, unrealisedRao: 0n, costRao: 4n * TAO });
    expect(result.lots.map((lot) => lot.id)).toEqual(['again']);
  });

  it('treats alpha found at the close as emission, in either view', () => {
    const closing = { alphaRao: 12n * TAO, valueRao: 12n * TAO };
    for (const emission of ['gain', 'income'] as const) {
      const result = computeFifo([entry('buy', 10n, TAO)], closing, { emission });
      expect(result).toMatchObject({ yieldRao: 2n * TAO, unrealisedRao: 9n * TAO, basisComplete: true });
    }
  });

  it('says when a cost is not known: sold or missing beyond the lots, or held before the history', () => {
    const sold = computeFifo([entry('sell', 10n, TAO)], { alphaRao: 0n, valueRao: 0n }, { emission: 'gain' });
    expect(sold).toMatchObject({ realisedRao: TAO, basisComplete: false, unmatchedAlphaRao: 10n * TAO });
    const missing = computeFifo([entry('buy', 10n, TAO)], { alphaRao: 4n * TAO, valueRao: 0n }, { emission: 'gain' });
    expect(missing).toMatchObject({ realisedRao: -600_000_000n, basisComplete: false, unmatchedAlphaRao: 6n * TAO });
    const opening = computeFifo([], { alphaRao: TAO, valueRao: TAO }, { emission: 'gain', openingAlphaRao: TAO });
    expect(opening).toMatchObject({ unrealisedRao: TAO, yieldRao: 0n, basisComplete: false });
  });
});

describe('average cost', () => {
  it('gains 0.75 realised and 0.45 unrealised in the worked example', () => {
    const result = computeAverageCost(WORKED, CLOSING);
    expect(result).toMatchObject({ realisedRao: 750_000_000n, unrealisedRao: 450_000_000n, earnedAlphaRao: 10n * TAO });
    expect(total(result)).toBe(1_200_000_000n);
  });

  it('gives transfers no cost and says that the basis is incomplete', () => {
    // The recorded position that kept 26.77 TAO of cost after its alpha was sent away.
    const entries = [entry('buy', 11_700n, 26_770_000_000n), entry('transfer_out', 11_600n, 25n * TAO)];
    const result = computeAverageCost(entries, { alphaRao: 100n * TAO, valueRao: 239_000_000n });
    expect(result).toMatchObject({ unrealisedRao: -26_531_000_000n, basisComplete: false, earnedAlphaRao: 0n });
  });

  it('realises all proceeds where nothing was bought', () => {
    expect(computeAverageCost([entry('sell', 5n, TAO)], { alphaRao: TAO, valueRao: 3n })).toMatchObject({
      realisedRao: TAO,
      unrealisedRao: 3n,
      unmatchedAlphaRao: 5n * TAO,
    });
  });
});

describe('any cost method', () => {
  it('accounts for every rao: realised + unrealised + yield = value + out - in, on 10,000 random histories', () => {
    const rao = fc.bigInt(0n, 10n ** 14n);
    const kind = fc.constantFrom<BasisEntry['kind']>(
      'buy',
      'transfer_in',
      'emission',
      'sell',
      'transfer_out',
      'dissolution',
    );
    const entries = fc.array(
      fc
        .tuple(kind, rao, rao)
        .map(([each, alphaRao, taoRao]): BasisEntry => ({ id: 'x', kind: each, alphaRao, taoRao })),
      { maxLength: 15 },
    );
    const closing = fc.record({ alphaRao: fc.bigInt(1n, 10n ** 14n), valueRao: rao });
    const sum = (list: BasisEntry[], kinds: BasisEntry['kind'][]): bigint =>
      list.filter((each) => kinds.includes(each.kind)).reduce((left, each) => left + each.taoRao, 0n);
    fc.assert(
      fc.property(entries, closing, fc.constantFrom('gain' as const, 'income' as const), (list, mark, emission) => {
        const fifo = computeFifo(list, mark, { emission });
        const netOut = sum(list, ['sell', 'transfer_out', 'dissolution']) - sum(list, ['buy', 'transfer_in']);
        expect(total(fifo)).toBe(mark.valueRao + netOut);
        expect(fifo.lots.reduce((left, lot) => left + lot.alphaRao, 0n)).toBe(mark.alphaRao);
        expect(fifo.costRao).toBeGreaterThanOrEqual(0n);
        const average = computeAverageCost(list, mark);
        expect(total(average)).toBe(mark.valueRao + sum(list, ['sell', 'dissolution']) - sum(list, ['buy']));
      }),
      { numRuns: 10_000 },
    );
  });

  it('leaves lots alone when stake only changes hotkey or own coldkey', () => {
    const base = {
      id: 'a',
      blockNumber: 1,
      netuid: 7,
      generation: 1,
      coldkey: 'own',
      hotkey: 'validator',
      alphaRao: -5n,
      taoRao: 7n,
      spotValueRao: 7n,
      feeTaoRao: 0n,
      estimated: false,
    };
    const events = (['move', 'own_transfer', 'hotkey_swap', 'sell'] as const).map((kind) => ({ ...base, kind }));
    expect(toBasisEntries(events)).toEqual([{ id: 'a', kind: 'sell', alphaRao: 5n, taoRao: 7n }]);
  });
});
