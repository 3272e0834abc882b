import fc from 'fast-check';
import { exact, floorRao } from '../exact';
import { ExactDecimal } from '../../common';
import type { BoundaryRows } from '../../database';
import type { LedgerEvent } from './ledger-event';
import { toWalletBoundary } from './wallet-boundary';

const MIDNIGHT = new Date('2026-10-02T00:00:00Z');
const DAY = {
  at: new Date('2026-10-01T23:59:48Z'),
  block: 100,
  day: '2026-10-01',
  free: '50',
  reserved: '5',
  staked: '1000',
  root: null,
  positionsSeen: false,
};
const NO_GENERATIONS = new Map<number, number[]>();

function position(figures: Partial<BoundaryRows['positions'][number]> = {}): BoundaryRows['positions'][number] {
  return {
    netuid: 1,
    hotkey: 'h',
    generation: 50,
    block: 100,
    day: DAY.day,
    balance: '700',
    value: '1000',
    ...figures,
  };
}

function rows(figures: Partial<BoundaryRows> = {}): BoundaryRows {
  return { wallet: 'a', moment: MIDNIGHT, snapshot: null, day: DAY, positions: [position()], ...figures };
}

function event(figures: Partial<LedgerEvent>): LedgerEvent {
  return {
    id: '1',
    blockNumber: 90,
    netuid: 2,
    generation: 60,
    coldkey: 'a',
    hotkey: 'x',
    kind: 'buy',
    alphaRao: 10n,
    taoRao: 10n,
    spotValueRao: 10n,
    feeTaoRao: 0n,
    estimated: false,
    ...figures,
  };
}

const boundary = (given: BoundaryRows, events: LedgerEvent[] = []): ReturnType<typeof toWalletBoundary> =>
  toWalletBoundary(given, events, NO_GENERATIONS);
const markOf = (given: BoundaryRows, events: LedgerEvent[] = [], key = '1/50') =>
  boundary(given, events)?.holdings.get(key)?.mark;

describe('root stake that an account counts and no row has', () => {
  const day = { ...DAY, staked: '1400', root: '400' };

  it('is what the account says, and makes the day whole', () => {
    const given = rows({ day });
    expect(markOf(given, [], '0/')).toEqual({ alphaRao: 400n, price: '1' });
    expect(boundary(given)?.absentIsZero).toBe(true);
  });

  it('stands for rows of days before it, and for every event there', () => {
    const before = position({ netuid: 0, generation: null, day: '2026-09-30', balance: '300', value: '300' });
    const given = rows({ day, positions: [position(), before] });
    const events = [event({ netuid: 0, generation: null })];
    expect(markOf(given, events, '0/')).toEqual({ alphaRao: 400n, price: '1' });
  });

  it('is that of the rows where there are any', () => {
    const listed = position({ netuid: 0, generation: null, balance: '400', value: '400' });
    expect(markOf(rows({ day, positions: [position(), listed] }), [], '0/')).toEqual({ alphaRao: 400n, price: '1' });
  });
});

describe('a snapshot taken before the subnets were known', () => {
  const holding = { netuid: 7, generation: null, alpha: '300', value: '30' };
  const snapshot = { at: DAY.at, block: 100, free: '50', reserved: '5', missing: [], holdings: [holding] };

  it('belongs to the generation that its block falls into', () => {
    const given = rows({ snapshot: { ...snapshot, holdings: [holding, { ...holding, generation: 60 }] } });
    const state = toWalletBoundary(given, [], new Map([[7, [10, 60, 120]]]));
    expect([...(state?.holdings.values() ?? [])]).toEqual([
      { netuid: 7, generation: 60, mark: { alphaRao: 600n, price: '0.1' } },
    ]);
  });
});

describe('a state at a midnight', () => {
  it('is whole when the day’s rows add up to the account’s stake, so that what is absent is zero', () => {
    expect(boundary(rows())).toMatchObject({ blockNumber: 100, cashRao: 55n, absentIsZero: true });
  });

  it('values stake to the rao as upstream did, whatever the ratio', () => {
    const amount = fc.bigInt({ min: 1n, max: 10n ** 17n });
    fc.assert(
      fc.property(amount, amount, (balance, value) => {
        const staked = value.toString();
        const mark = markOf(
          rows({ day: { ...DAY, staked }, positions: [position({ balance: balance.toString(), value: staked })] }),
        );
        expect(floorRao(exact(balance).times(new ExactDecimal(mark?.price ?? 'NaN')))).toBe(value);
      }),
    );
  });

  it('does not know stake whose row of that day is missing, while the rest does not explain its absence', () => {
    const stale = rows({ positions: [position({ day: '2026-09-30' })] });
    expect(boundary(stale)).toMatchObject({ absentIsZero: false });
    expect(markOf(stale)).toBeNull();
  });

  it('knows stake that was left before, by its zero or by the account’s sum', () => {
    expect(
      markOf(
        rows({ positions: [position(), position({ netuid: 3, day: '2026-09-01', balance: '0', value: '0' })] }),
        [],
        '3/50',
      ),
    ).toEqual({ alphaRao: 0n, price: null });
    expect(markOf(rows({ positions: [position(), position({ netuid: 3, day: '2026-09-01' })] }), [], '3/50')).toEqual({
      alphaRao: 0n,
      price: null,
    });
  });

  it('does not know a subnet that events tell of and no row does, while stake is unaccounted for', () => {
    const short = rows({ day: { ...DAY, staked: '5000' } });
    expect(boundary(short, [event({})])?.holdings.get('2/60')?.mark).toBeNull();
    expect(markOf(short, [event({})])).toMatchObject({ alphaRao: 700n });
  });

  it('is none when stake is unaccounted for and nothing tells where', () => {
    expect(boundary(rows({ day: { ...DAY, staked: '5000' } }))).toBeNull();
  });

  it('is none when it is more than a day old, or a balance is not known', () => {
    expect(boundary(rows({ moment: new Date('2026-10-03T12:00:00Z') }))).toBeNull();
    expect(boundary(rows({ day: { ...DAY, reserved: null } }))).toBeNull();
    expect(boundary(rows({ day: null, positions: [] }))).toBeNull();
  });

  it('does not know stake that was traded between its own block and the account’s', () => {
    const apart = rows({ positions: [position({ block: 80 })] });
    expect(markOf(apart, [event({ netuid: 1, generation: 50, hotkey: 'h', blockNumber: 90 })])).toBeNull();
    expect(markOf(apart, [event({ netuid: 1, generation: 50, hotkey: 'h', blockNumber: 70 })])).not.toBeNull();
  });

  it('is our own snapshot when that is newer, unless an account was missing in it', () => {
    const snapshot = {
      at: new Date('2026-10-01T23:59:59Z'),
      block: 101,
      free: '7',
      reserved: '0',
      missing: [],
      holdings: [{ netuid: 1, generation: 50, alpha: '3', value: '6' }],
    };
    expect(boundary(rows({ snapshot }))).toMatchObject({ blockNumber: 101, cashRao: 7n, absentIsZero: true });
    const lacking = { ...snapshot, missing: [{ input: 'account a' }] };
    expect(boundary(rows({ snapshot: lacking }))?.blockNumber).toBe(100);
  });
});
