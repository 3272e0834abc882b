import fc from 'fast-check';
import type { PoolReserves } from '../amm/pool';
import { attributeHolding, attributeWallets } from './attribution';
import { groupHoldings, type HeldPosition } from './holding';
import { computeHoldingValue } from './holding-value';
import { computeNav, usdText, type NavInputs, type SubnetPool } from './nav';

const TAO = 10n ** 9n;
const FEE_RATE = '0.00050354772259098192';

function pool(netuid: number, reserves: { tao: bigint; alpha: bigint; price: string }): SubnetPool {
  return {
    generation: 1_000 + netuid,
    pool: {
      netuid,
      blockNumber: 9_000_000,
      taoReserveRao: reserves.tao * TAO,
      alphaReserveRao: reserves.alpha * TAO,
      price: reserves.price,
      feeRate: FEE_RATE,
      startup: false,
    },
  };
}
function stake(netuid: number, alpha: bigint, extra: Partial<HeldPosition> = {}): HeldPosition {
  const generation = netuid === 0 ? null : 1_000 + netuid;
  return { coldkey: 'own', hotkey: 'validator', netuid, generation, alphaRao: alpha * TAO, ...extra };
}

/** The worked treasury: free 10, root 50, 10,000 alpha of a 1,000 TAO pool, 2,500 alpha of a 5,000 TAO pool. */
const WORKED: NavInputs = {
  wallets: [{ coldkey: 'own', freeRao: 10n * TAO, reservedRao: 0n }],
  positions: [stake(0, 50n), stake(1, 10_000n), stake(2, 2_500n)],
  pools: [
    pool(1, { tao: 1_000n, alpha: 100_000n, price: '0.01' }),
    pool(2, { tao: 5_000n, alpha: 250_000n, price: '0.02' }),
  ],
};

describe('net asset value', () => {
  it('reproduces the worked treasury to the rao', () => {
    const nav = computeNav(WORKED);
    expect(nav).toMatchObject({
      complete: true,
      midRao: 210n * TAO,
      exec50Rao: 204_918_737_110n,
      exec100Rao: 200_347_742_568n,
      known: { freeRao: 10n * TAO, rootRao: 50n * TAO, alphaMidRao: 150n * TAO },
    });
    const [, first, second] = nav.holdings;
    expect(first).toMatchObject({
      midRao: 100n * TAO,
      exit50: { execRao: 95_192_420_880n },
      exit100: { execRao: 90_867_473_489n, feeRao: 50_354_773n, impactRao: 9_082_171_738n, unsellableRao: 0n },
      halfSoldMarkRao: 92_947_684_363n,
      flags: [],
    });
    expect(second).toMatchObject({
      midRao: 50n * TAO,
      exit50: { execRao: 49_726_316_230n },
      exit100: { execRao: 49_480_269_079n },
    });
  });

  it('adds stake up over hotkeys and own coldkeys before pricing it', () => {
    const positions = [
      stake(1, 5_000n, { hotkey: 'first' }),
      stake(1, 3_000n, { hotkey: 'second' }),
      stake(1, 2_000n, { coldkey: 'other own' }),
    ];
    const nav = computeNav({ ...WORKED, positions });
    expect(nav.holdings).toHaveLength(1);
    expect(nav.known.alphaExec100Rao).toBe(90_867_473_489n);
  });

  it('keeps two generations of one netuid apart', () => {
    const positions = [stake(1, 10n), stake(1, 10n, { generation: 5 })];
    const nav = computeNav({ ...WORKED, positions });
    expect(nav.holdings.map((value) => [value.holding.generation, value.midRao])).toEqual([
      [5, null],
      [1_001, 100_000_000n],
    ]);
    expect(nav).toMatchObject({ complete: false, midRao: null, missing: [{ input: 'pool 1' }] });
  });

  it('counts reserved TAO in the mark only, and root baskets in no total', () => {
    const wallets = [{ coldkey: 'own', freeRao: 10n * TAO, reservedRao: 3n * TAO, rootBasketRao: 7n * TAO }];
    const nav = computeNav({ ...WORKED, wallets });
    expect(nav).toMatchObject({ midRao: 213n * TAO, exec100Rao: 200_347_742_568n, known: { rootBasketRao: 7n * TAO } });
  });

  it('takes the extrinsic fees of an exit off the executable figures when they are given', () => {
    const nav = computeNav({ ...WORKED, exitExtrinsicFeesRao: 1_290_238n });
    expect(nav).toMatchObject({ midRao: 210n * TAO, exec100Rao: 200_347_742_568n - 1_290_238n });
  });

  it.each([
    ['an unknown balance', { wallets: [{ coldkey: 'own', freeRao: null, reservedRao: 0n }] }, 'account own'],
    ['a refused input', { refusedInputs: [{ input: 'positions', reason: 'refused' }] }, 'positions'],
    ['an unpriced holding', { pools: [] }, 'pool 1'],
  ])('has no total with %s, names it and still shows the known sum', (_, change, input) => {
    const nav = computeNav({ ...WORKED, ...change });
    expect(nav).toMatchObject({ complete: false, midRao: null, exec50Rao: null, exec100Rao: null });
    expect(nav.missing[0]?.input).toBe(input);
    expect(nav.known.rootRao).toBe(50n * TAO);
  });

  it('writes dollars with two decimals and knows none without a price', () => {
    expect(usdText(1_500_000_000n, '321.987')).toBe('482.98');
    expect(usdText(1n, null)).toBeNull();
    expect(usdText(null, '1')).toBeNull();
  });
});

describe('wallets of a treasury', () => {
  const wallets = [
    { coldkey: 'own', freeRao: 10n * TAO, reservedRao: TAO },
    { coldkey: 'other own', freeRao: 3n * TAO, reservedRao: 0n },
  ];
  const positions = [stake(0, 50n), stake(1, 7_000n), stake(1, 3_000n, { coldkey: 'other own' }), stake(2, 2_500n)];

  it('add up to it to the rao, each with its share of one common exit', () => {
    const nav = computeNav({ ...WORKED, wallets, positions });
    const shares = attributeWallets(nav, wallets);
    const total = (column: 'midRao' | 'exec50Rao' | 'exec100Rao'): bigint =>
      shares.reduce((sum, share) => sum + (share[column] ?? 0n), 0n);
    expect([total('midRao'), total('exec50Rao'), total('exec100Rao')]).toEqual([
      nav.midRao,
      nav.exec50Rao,
      nav.exec100Rao,
    ]);
    expect(shares[1]).toMatchObject({
      coldkey: 'other own',
      rootRao: 0n,
      alphaMidRao: 30n * TAO,
      exec100Rao: 30_260_242_047n,
    });
  });

  it('leave only those incomplete whose own inputs are missing', () => {
    const nav = computeNav({ ...WORKED, wallets, positions, pools: WORKED.pools.slice(0, 1) });
    const shares = attributeWallets(nav, wallets);
    expect(shares.map((share) => share.complete)).toEqual([false, true]);
    expect(shares[0]).toMatchObject({ midRao: null, alphaMidRao: 70n * TAO });
    const [stranger] = attributeWallets(computeNav({ wallets: [], positions: [stake(0, 5n)], pools: [] }), []);
    expect(stranger).toMatchObject({ freeRao: null, rootRao: 5n * TAO, complete: false });
  });
});

describe('value of a holding', () => {
  const worked = (change: Partial<PoolReserves> = {}): PoolReserves => ({
    ...pool(1, { tao: 1_000n, alpha: 100_000n, price: '0.01' }).pool,
    ...change,
  });
  const held = (positions: HeldPosition[]) => {
    const [holding] = groupHoldings(positions);
    if (!holding) throw new Error('no position given');
    return holding;
  };

  it('flags dust and gives it no executable value', () => {
    const value = computeHoldingValue(held([stake(1, 0n, { alphaRao: 100_000_000n })]), worked());
    expect(value).toMatchObject({
      midRao: 1_000_000n,
      exit50: { execRao: 0n, unsellableRao: 1_000_000n, slippage: null },
      exit100: { execRao: 0n },
      flags: ['dust'],
    });
  });

  it('sells only what is not locked', () => {
    const value = computeHoldingValue(held([stake(1, 10_000n, { lockedAlphaRao: 4_000n * TAO })]), worked());
    expect(value.flags).toEqual(['locked']);
    expect(value.exit100?.unsellableRao).toBe(40n * TAO);
    expect(value.exit100?.execRao).toBe(computeHoldingValue(held([stake(1, 6_000n)]), worked()).exit100?.execRao);
    const root = computeHoldingValue(held([stake(0, 5n, { lockedAlphaRao: TAO })]), null);
    expect(root).toMatchObject({ midRao: 5n * TAO, exit100: { execRao: 4n * TAO }, flags: ['locked'] });
  });

  it('stops at what the chain swaps at once', () => {
    const value = computeHoldingValue(held([stake(1, 200_000_000n)]), worked());
    expect(value.flags).toEqual(['above_max_swap']);
    expect(value.exit100?.execRao).toBeLessThan(1_000n * TAO);
    expect(value.exit100?.unsellableRao).toBe(1_000_000n * TAO);
  });

  it.each([
    ['no pool row', null, ['unpriced', 'incomplete']],
    ['no price', worked({ price: null }), ['unpriced', 'incomplete']],
    ['an empty pool', worked({ alphaReserveRao: 0n }), ['unpriced', 'incomplete']],
    ['trading not started', worked({ startup: true }), ['startup', 'unpriced', 'incomplete']],
  ])('is unknown, not zero, with %s', (_, row, flags) => {
    expect(computeHoldingValue(held([stake(1, 5n)]), row)).toMatchObject({ midRao: null, exit100: null, flags });
    expect(computeHoldingValue(held([stake(1, 0n)]), row)).toMatchObject({ midRao: 0n, flags: [] });
  });

  it('never shows all above half above the mark, adds its parts up to the mark, and gives all back to positions', () => {
    const reserve = fc.bigInt(10n ** 6n, 10n ** 16n);
    const fee = fc.constantFrom(FEE_RATE, '0.15259021896696421759', '0');
    const alpha = fc.tuple(fc.bigInt(0n, 10n ** 6n), fc.bigInt(0n, 10n ** 10n)).map(([a, b]) => a * b);
    const parts = fc.array(fc.tuple(alpha, fc.bigInt(0n, 4n)), { minLength: 1, maxLength: 4 });
    fc.assert(
      fc.property(reserve, reserve, fee, parts, (taoReserveRao, alphaReserveRao, feeRate, stakes) => {
        // A price whose last digit explains any difference keeps equal weights.
        const row = worked({ taoReserveRao, alphaReserveRao, feeRate, price: `${taoReserveRao / alphaReserveRao}` });
        const positions = stakes.map(([alphaRao, quarters]) =>
          stake(1, 0n, { alphaRao, lockedAlphaRao: (alphaRao * quarters) / 4n }),
        );
        const value = computeHoldingValue(held(positions), row);
        const { midRao, exit50, exit100 } = value;
        if (midRao === null || !exit50 || !exit100) return;
        expect(exit100.execRao).toBeLessThanOrEqual(exit50.execRao);
        expect(exit50.execRao).toBeLessThanOrEqual(midRao);
        for (const exit of [exit50, exit100]) {
          expect(exit.execRao + exit.feeRao + exit.impactRao + exit.unsellableRao).toBe(midRao);
          expect(exit.execRao >= 0n && exit.feeRao >= 0n && exit.impactRao >= 0n && exit.unsellableRao >= 0n).toBe(
            true,
          );
        }
        const shares = attributeHolding(value);
        expect(shares.reduce((sum, share) => sum + (share.midRao ?? 0n), 0n)).toBe(midRao);
        expect(shares.reduce((sum, share) => sum + (share.exec100Rao ?? 0n), 0n)).toBe(exit100.execRao);
      }),
      { numRuns: 10_000 },
    );
  });

  it('leaves positions of an unpriced holding unpriced', () => {
    const [share] = attributeHolding(computeHoldingValue(held([stake(1, 5n)]), null));
    expect(share).toMatchObject({ midRao: null, exec50Rao: null, exec100Rao: null, feeRao: null, impactRao: null });
  });
});
