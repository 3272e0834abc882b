import fc from 'fast-check';
import { ExactDecimal } from '../../common';
import { exact, floorRao } from '../exact';
import { chainEarnings, computeEarnings, sumEarnings, type EarningsInput, type KnownEarnings } from './earnings';
import type { LedgerEvent, LedgerKind } from './ledger-event';

const TAO = 10n ** 9n;

function event(kind: LedgerKind, change: Partial<LedgerEvent> = {}): LedgerEvent {
  return {
    id: `${kind}-${change.blockNumber ?? 50}`,
    blockNumber: 50,
    netuid: 7,
    generation: 1,
    coldkey: 'own',
    hotkey: 'validator',
    kind,
    alphaRao: 0n,
    taoRao: 0n,
    spotValueRao: 0n,
    feeTaoRao: 0n,
    estimated: false,
    ...change,
  };
}
const input = (change: Partial<EarningsInput>): EarningsInput => ({
  netuid: 7,
  generation: 1,
  window: { fromBlock: 0, toBlock: 100 },
  start: { alphaRao: 0n, price: null },
  end: { alphaRao: 0n, price: null },
  events: [],
  ...change,
});
function known(change: Partial<EarningsInput>): KnownEarnings {
  const earnings = computeEarnings(input(change));
  if (earnings.state === 'unknown') throw new Error(earnings.reason);
  return earnings;
}

describe('earnings of a subnet position', () => {
  it('splits a period with a purchase into price, yield and cost that add up', () => {
    // 100 alpha at 0.02 become 155 at 0.03, 50 of them bought for 1.2 TAO when they were worth 1.1 at the price before.
    const earnings = known({
      start: { alphaRao: 100n * TAO, price: '0.02' },
      end: { alphaRao: 155n * TAO, price: '0.03' },
      events: [
        event('buy', {
          alphaRao: 50n * TAO,
          taoRao: 1_200_000_000n,
          spotValueRao: 1_100_000_000n,
          feeTaoRao: 604_257n,
        }),
      ],
    });
    expect(earnings).toMatchObject({
      startRao: 2n * TAO,
      endRao: 4_650_000_000n,
      flowsRao: 1_200_000_000n,
      earningsRao: 1_450_000_000n,
      priceRao: 1_400_000_000n,
      yieldRao: 150_000_000n,
      costRao: 100_000_000n,
      feeRao: 604_257n,
      impactRao: 99_395_743n,
      yieldAlphaRao: 5n * TAO,
    });
  });

  // The recorded account of 2025-08-29 to 12-31: its own totals, booked as one transfer in and one sale.
  it('closes on the recorded totals, where ignoring transfers would show 183 TAO', () => {
    const totals = {
      start: { alphaRao: 1_432_966_710n, price: '1' },
      end: { alphaRao: 84_779_963_579n, price: '1' },
    };
    const transfer = event('transfer_in', {
      alphaRao: 178_389_191_340n,
      taoRao: 178_389_191_340n,
      spotValueRao: 178_389_191_340n,
    });
    const sale = event('sell', {
      alphaRao: -100_035_970_455n,
      taoRao: 99_982_029_538n,
      spotValueRao: 100_035_970_455n,
    });
    const earnings = known({ ...totals, events: [transfer, sale] });
    expect(earnings).toMatchObject({ earningsRao: 4_939_835_067n, costRao: 53_940_917n });
    expect(known({ ...totals, events: [sale] }).earningsRao).toBe(183_329_026_407n);
    expect(known(totals).earningsRao).toBe(83_346_996_869n);
  });

  it('loses 5 and not 10 when a subnet worth 10 is dissolved for 5', () => {
    const earnings = known({
      start: { alphaRao: 1_000n * TAO, price: '0.01' },
      events: [event('dissolution', { alphaRao: -1_000n * TAO, taoRao: 5n * TAO, spotValueRao: 5n * TAO })],
    });
    expect(earnings).toMatchObject({ earningsRao: -5n * TAO, priceRao: -5n * TAO, yieldRao: 0n, costRao: 0n });
  });

  it.each([
    ['start', { start: null, end: { alphaRao: 5n, price: '1' } }],
    ['end', { end: null }],
    ['price at the start', { start: { alphaRao: 5n, price: null } }],
    ['price at the end', { end: { alphaRao: 5n, price: null } }],
    [
      'payout',
      { start: { alphaRao: 5n, price: '1' }, events: [event('dissolution', { alphaRao: -5n, taoRao: null })] },
    ],
  ])('is unknown, never a guess, without the %s', (_, change) => {
    expect(computeEarnings(input(change)).state).toBe('unknown');
  });

  it('counts an event at a boundary in the earlier window only', () => {
    const bought = event('buy', { blockNumber: 100, alphaRao: TAO, taoRao: TAO, spotValueRao: TAO });
    expect(known({ end: { alphaRao: TAO, price: '1' }, events: [bought] }).eventCount).toBe(1);
    const later = known({
      window: { fromBlock: 100, toBlock: 200 },
      start: { alphaRao: TAO, price: '1' },
      end: { alphaRao: TAO, price: '1' },
      events: [bought],
    });
    expect(later).toMatchObject({ eventCount: 0, earningsRao: 0n });
  });

  it('sees no flow in moves, hotkey swaps and transfers between own coldkeys', () => {
    const mark = { alphaRao: TAO, price: '0.5' };
    const events = (['move', 'hotkey_swap', 'own_transfer'] as const).map((kind) =>
      event(kind, { alphaRao: -TAO, taoRao: TAO, spotValueRao: TAO }),
    );
    expect(known({ start: mark, end: mark, events })).toMatchObject({ earningsRao: 0n, yieldRao: 0n, eventCount: 0 });
  });

  const alpha = fc.bigInt(0n, 10n ** 15n);
  const price = fc.bigInt(1n, 10n ** 28n).map((digits) => new ExactDecimal(digits.toString()).div('1e27').toFixed());
  const trade = fc
    .tuple(
      fc.constantFrom<LedgerKind>('buy', 'sell', 'transfer_in', 'transfer_out'),
      alpha,
      alpha,
      fc.bigInt(0n, 10n ** 12n),
    )
    .map(([kind, alphaRao, spotValueRao, costRao]): Partial<LedgerEvent> => {
      const incoming = kind === 'buy' || kind === 'transfer_in';
      const isTrade = kind === 'buy' || kind === 'sell';
      const cost = isTrade ? costRao : 0n;
      return {
        kind,
        alphaRao: incoming ? alphaRao : -alphaRao,
        spotValueRao,
        taoRao: spotValueRao + (incoming ? cost : -cost),
      };
    });
  const ledger = fc
    .array(fc.tuple(trade, fc.integer({ min: 1, max: 100 })), { maxLength: 12 })
    .map((rows) =>
      rows.map(([change, blockNumber], index) =>
        event(change.kind ?? 'buy', { ...change, blockNumber, id: `e${index}` }),
      ),
    );
  const mark = fc.record({ alphaRao: alpha, price });

  it('closes to the rao on 10,000 random ledgers, within a rao of the formula in real numbers', () => {
    fc.assert(
      fc.property(mark, mark, ledger, (start, end, events) => {
        const earnings = known({ start, end, events });
        expect(earnings.earningsRao).toBe(earnings.priceRao + earnings.yieldRao - earnings.costRao);
        expect(earnings.roundingRao === 0n || earnings.roundingRao === 1n).toBe(true);
        expect(earnings.earningsRao).toBe(earnings.endRao - earnings.startRao - earnings.flowsRao);

        const endPrice = new ExactDecimal(end.price);
        let realPrice = exact(start.alphaRao).times(endPrice.minus(start.price));
        for (const each of events) {
          const sign = each.kind === 'buy' || each.kind === 'transfer_in' ? 1 : -1;
          const moved = exact(each.alphaRao).times(endPrice);
          realPrice = realPrice.plus(moved).minus(exact(each.spotValueRao).times(sign));
        }
        expect(earnings.priceRao - floorRao(realPrice)).toBeGreaterThanOrEqual(-1n);
        expect(earnings.priceRao - floorRao(realPrice)).toBeLessThanOrEqual(2n);
      }),
      { numRuns: 10_000 },
    );
  });

  it('adds up over consecutive windows whatever lies on their boundary', () => {
    fc.assert(
      fc.property(mark, mark, mark, ledger, (start, middle, end, events) => {
        const first = known({ window: { fromBlock: 0, toBlock: 50 }, start, end: middle, events });
        const second = known({ window: { fromBlock: 50, toBlock: 100 }, start: middle, end, events });
        const whole = known({ start, end, events });
        const chained = chainEarnings([first, second]);
        expect(chained.earningsRao).toBe(whole.earningsRao);
        expect(chained.costRao).toBe(whole.costRao);
        expect(chained).toMatchObject({ startRao: whole.startRao, endRao: whole.endRao, flowsRao: whole.flowsRao });
        expect(chained.earningsRao).toBe(chained.priceRao + chained.yieldRao - chained.costRao);
      }),
      { numRuns: 2_000 },
    );
  });

  it('adds up over subnets column by column', () => {
    const one = known({ end: { alphaRao: TAO, price: '2' } });
    expect(sumEarnings([one, one])).toMatchObject({ endRao: 4n * TAO, earningsRao: 4n * TAO, yieldRao: 4n * TAO });
    expect(chainEarnings([])).toMatchObject({ startRao: 0n, earningsRao: 0n });
  });
});
