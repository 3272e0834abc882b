import fc from 'fast-check';
import { feeOn } from '../amm/fee';
import { normalizeDelegations, type DelegationRow, type LedgerRules } from './delegation';
import type { LedgerEvent } from './ledger-event';
import { NET_ALPHA_FROM_BLOCK, readUnstake } from './unstake-alpha';

const RULES: LedgerRules = { ownColdkeys: new Set(['own', 'second own']) };

function row(change: Partial<DelegationRow> = {}): DelegationRow {
  return {
    id: 'finney-64-0xbb-0xcc-7000000-47',
    blockNumber: 7_000_000,
    action: 'DELEGATE',
    coldkey: 'own',
    hotkey: 'validator',
    netuid: 64,
    generation: 100,
    amountRao: 1_000_000_000n,
    alphaRao: 10_000_000_000n,
    feeRao: 503_547n,
    slippagePercent: '0.06',
    extrinsicId: '7000000-0014',
    isTransfer: false,
    transferAddress: null,
    ...change,
  };
}
function single(change: Partial<DelegationRow>, rules: LedgerRules = RULES): LedgerEvent {
  const { events, rejected } = normalizeDelegations([row(change)], rules);
  const [event] = events;
  if (!event || events.length !== 1) throw new Error(JSON.stringify(rejected));
  return event;
}

describe('delegation row as a ledger event', () => {
  it('reads a recorded unstake: gross alpha, spot value before the sale, fee in TAO', () => {
    const event = single({
      action: 'UNDELEGATE',
      amountRao: 9_527_884_011n,
      alphaRao: 115_000_000_000n,
      feeRao: 57_907_988n,
      slippagePercent: '0.055319730823444157',
    });
    // spot value = 9527884011 / (1 - 0.00055319730823444157), fee share 57907988 / 115e9 of it.
    expect(event).toMatchObject({
      kind: 'sell',
      alphaRao: -115_000_000_000n,
      taoRao: 9_527_884_011n,
      spotValueRao: 9_533_157_728n,
      feeTaoRao: 4_800_399n,
      estimated: false,
    });
  });

  it('reads a stake: TAO gross of the fee, alpha as received', () => {
    expect(single({})).toMatchObject({
      kind: 'buy',
      alphaRao: 10_000_000_000n,
      taoRao: 1_000_000_000n,
      spotValueRao: 999_400_000n,
      feeTaoRao: 503_547n,
    });
  });

  it('assumes a cost of the fee alone, and says so, when slippage is missing or a sentinel', () => {
    for (const slippagePercent of [null, '200', '-200', 'n/a']) {
      expect(single({ slippagePercent })).toMatchObject({ spotValueRao: 999_496_453n, estimated: true });
    }
    const sale = single({ action: 'UNDELEGATE', slippagePercent: null, feeRao: 5_035_477n });
    expect(sale).toMatchObject({ estimated: true, spotValueRao: 1_000_503_801n });
    expect(sale.spotValueRao - (sale.taoRao ?? 0n)).toBe(sale.feeTaoRao);
  });

  it('trades root at one to one, also when the row names no alpha', () => {
    expect(single({ netuid: 0, generation: null, alphaRao: null, feeRao: 0n })).toMatchObject({
      alphaRao: 1_000_000_000n,
      spotValueRao: 1_000_000_000n,
      feeTaoRao: 0n,
      estimated: false,
    });
  });

  it.each([
    ['transfer_in', { isTransfer: true, transferAddress: 'stranger' }],
    ['transfer_out', { isTransfer: true, transferAddress: 'stranger', action: 'UNDELEGATE' }],
    ['own_transfer', { isTransfer: true, transferAddress: 'second own' }],
    ['hotkey_swap', { id: 'hotkey-swap-7000000-64-0xaa-0xbb-in', slippagePercent: '200', amountRao: 0n }],
    ['dissolution', { action: 'UNDELEGATE', amountRao: 0n, feeRao: 0n }],
  ] as const)('tells a %s', (kind, change) => {
    expect(single({ ...change }).kind).toBe(kind);
  });

  it('pairs rows of one extrinsic that take and give the same alpha as a move, and keeps cross-subnet legs as trades', () => {
    const away = row({ id: 'a-1', action: 'UNDELEGATE', feeRao: 0n });
    const back = row({ id: 'a-2', hotkey: 'other validator', feeRao: 0n });
    const elsewhere = row({ id: 'a-3', netuid: 9, feeRao: 0n, hotkey: 'other validator' });
    const kinds = normalizeDelegations([away, back, elsewhere], RULES).events.map((event) => event.kind);
    expect(kinds).toEqual(['move', 'move', 'buy']);
  });

  it('counts an id once and orders events as the chain did', () => {
    const rows = [row({ id: 'x-7000000-101' }), row({ id: 'x-7000000-89' }), row({ id: 'x-7000000-101' })];
    expect(normalizeDelegations(rows, RULES).events.map((event) => event.id)).toEqual([
      'x-7000000-89',
      'x-7000000-101',
    ]);
  });

  it('lists a row it cannot read and keeps the rest', () => {
    const { events, rejected } = normalizeDelegations(
      [row({ id: 'no alpha', alphaRao: null }), row({ id: 'negative', amountRao: -1n }), row({})],
      RULES,
    );
    expect(events).toHaveLength(1);
    expect(rejected.map((entry) => entry.id)).toEqual(['no alpha', 'negative']);
  });

  it('shares a dissolution payout over the rows of the coldkey by alpha, and leaves it unknown without one', () => {
    const rows = [
      row({ id: 'd-1', action: 'UNDELEGATE', amountRao: 0n, feeRao: 0n, alphaRao: 300n }),
      row({ id: 'd-2', action: 'UNDELEGATE', amountRao: 0n, feeRao: 0n, alphaRao: 100n, hotkey: 'other' }),
    ];
    const payout = {
      coldkey: 'own',
      netuid: 64,
      generation: 100,
      blockNumber: 7_000_000,
      alphaRao: 400n,
      payoutRao: 41n,
    };
    const payouts = [payout];
    expect(normalizeDelegations(rows, { ...RULES, payouts }).events.map((event) => event.taoRao)).toEqual([31n, 10n]);
    expect(normalizeDelegations(rows, RULES).events.map((event) => event.taoRao)).toEqual([null, null]);
    const unpaid = { ...RULES, payouts: [{ ...payout, payoutRao: null }] };
    expect(normalizeDelegations(rows, unpaid).events.map((event) => event.taoRao)).toEqual([null, null]);
  });
});

describe('dissolution without a row', () => {
  it('becomes an event of its own, because the chain writes none', () => {
    const payouts = [
      { coldkey: 'own', netuid: 64, generation: 100, blockNumber: 9_100_000, alphaRao: 400n, payoutRao: 41n },
    ];
    const { events } = normalizeDelegations([row()], { ...RULES, payouts });
    expect(events[1]).toMatchObject({
      kind: 'dissolution',
      blockNumber: 9_100_000,
      alphaRao: -400n,
      taoRao: 41n,
      spotValueRao: 41n,
    });
    const unknown = normalizeDelegations([], {
      ...RULES,
      payouts: payouts.map((each) => ({ ...each, payoutRao: null })),
    });
    expect(unknown.events[0]?.taoRao).toBeNull();
  });
});

describe('alpha of an unstake event', () => {
  it.each([
    // Recorded in January 2026: the row is gross.
    [{ blockNumber: 7_222_000, alphaRao: 2_000_000_000n, feeAlphaRao: 1_007_095n }, 2_000_000_000n],
    // The same sale as a net row: what reached the pool.
    [{ blockNumber: 9_000_000, alphaRao: 1_998_992_905n, feeAlphaRao: 1_007_095n }, 2_000_000_000n],
    // A gross row after the change is still recognised by its fee.
    [{ blockNumber: 9_000_000, alphaRao: 2_000_000_000n, feeAlphaRao: 1_007_095n }, 2_000_000_000n],
    [{ blockNumber: 9_000_000, alphaRao: 500n, feeAlphaRao: 0n }, 500n],
  ])('is what left the position (case %#)', (unstake, grossRao) => {
    expect(readUnstake(unstake).alphaRao).toBe(grossRao);
  });

  it('goes by the block when the fee fits both meanings or neither', () => {
    const small = { alphaRao: 100_000n, feeAlphaRao: 50n };
    expect(readUnstake({ ...small, blockNumber: NET_ALPHA_FROM_BLOCK - 1 }).alphaRao).toBe(100_000n);
    expect(readUnstake({ ...small, blockNumber: NET_ALPHA_FROM_BLOCK }).alphaRao).toBe(100_050n);
    const odd = { alphaRao: 10n ** 9n, feeAlphaRao: 7n, blockNumber: 100 };
    expect(readUnstake(odd, { netFromBlock: 50 })).toEqual({ alphaRao: 10n ** 9n + 7n, doubtful: true });
  });

  it('recognises either meaning of any sale above 0.0045 alpha at the standard fee, whatever its block says', () => {
    fc.assert(
      fc.property(fc.bigInt(4_500_000n, 10n ** 16n), fc.boolean(), fc.boolean(), (grossRao, net, late) => {
        const feeAlphaRao = feeOn(grossRao, 33n);
        const alphaRao = net ? grossRao - feeAlphaRao : grossRao;
        const read = readUnstake({ alphaRao, feeAlphaRao, blockNumber: late ? 9_000_000 : 7_000_000 }).alphaRao;
        const decided = feeOn(alphaRao, 33n) !== feeOn(alphaRao + feeAlphaRao, 33n);
        if (decided) expect(read).toBe(grossRao);
      }),
      { numRuns: 10_000 },
    );
  });

  it.each([33n, 250n, 10_000n])('recognises either meaning at a subnet’s own fee of %s/65535, known or not', (rate) => {
    const grossRao = 123_456_789_012n;
    const feeAlphaRao = feeOn(grossRao, rate);
    for (const rules of [{ feeNumerator: rate }, {}, { feeNumerator: 77n }]) {
      for (const blockNumber of [7_000_000, 9_000_000]) {
        const net = { alphaRao: grossRao - feeAlphaRao, feeAlphaRao, blockNumber };
        expect(readUnstake(net, rules)).toEqual({ alphaRao: grossRao, doubtful: false });
        const gross = { alphaRao: grossRao, feeAlphaRao, blockNumber };
        expect(readUnstake(gross, rules)).toEqual({ alphaRao: grossRao, doubtful: false });
      }
    }
  });
});
